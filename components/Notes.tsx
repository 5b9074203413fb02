import type { LoginRecord } from '../utils/keeper/login.ts';
import type { Records } from '../utils/vault/records.ts';
import { MarketNote } from './MarketNote.tsx';
import { ReadyNote } from './ReadyNote.tsx';
import { useSettings } from './settings.ts';

export interface NotesProps {
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
