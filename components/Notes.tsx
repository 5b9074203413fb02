import type { LoginRecord } from '../utils/keeper/login.ts';
import { MarketNote } from './MarketNote.tsx';
import { ReadyNote } from './ReadyNote.tsx';

/** Whether all are ready to trade, and whether the exchange is open at all. */
export function Notes({ logins, now }: { logins: readonly LoginRecord[]; now: number }) {
  return (
    <>
      <ReadyNote logins={logins} now={now} />
      <MarketNote now={now} />
    </>
  );
}
