/**
 * When trading begins, and when before that every login is to be proven: at the opening on Sunday,
 * 17:00 Central Time, and at 08:30 from Monday to Friday. On a holiday that is one proof too many.
 */
import { centralToEpoch, epochToCentral } from '../tradovate/central-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** In hours since Sunday 00:00. */
const STARTS = [17, 32.5, 56.5, 80.5, 104.5, 128.5];
/** Looked at so long before trading begins; whoever has a hand to lend still has the time to. */
export const FIRST_CHECK_MS = 30 * MINUTE;
const LAST_CHECK_MS = 5 * MINUTE;

/** When trading begins next after `after`, epoch ms. */
export function nextStart(after: number): number {
  const local = epochToCentral(after);
  // The epoch began on a Thursday.
  const sunday = local - ((local + 4 * DAY) % WEEK);
  const starts = STARTS.map((hours) => centralToEpoch(sunday + hours * HOUR));
  const nextWeek = centralToEpoch(sunday + WEEK + 17 * HOUR);
  return starts.find((at) => at > after) ?? nextWeek;
}

/** When a login that was proven at `after` is to be proven anew for the sake of trading, epoch ms. */
export function nextCheck(after: number): number {
  const start = nextStart(after);
  const checks = [start - FIRST_CHECK_MS, start - LAST_CHECK_MS];
  return checks.find((at) => at > after) ?? nextStart(start) - FIRST_CHECK_MS;
}
