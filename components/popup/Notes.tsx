import type { LoginRecord } from '../../utils/records/login.ts';
import type { Records } from '../../utils/vault/database.ts';
import { MarketNote } from '../parts/MarketNote.tsx';
import { ReadyNote } from './ReadyNote.tsx';
import { useSettings } from '../parts/settings.ts';

interface NotesProps {
  records: Pick<Records, 'setting'>;
  logins: readonly LoginRecord[];
  now: number;
}

/** Whether all are ready to trade, and whether the exchange is open at all. */
export function Notes({ records, logins, now }: NotesProps) {
  const settings = useSettings(records);
  return (
    <>
      {settings !== null && <ReadyNote logins={logins} starts={settings.starts} now={now} />}
      <MarketNote now={now} />
    </>
  );
}
