/**
 * When trading begins, and when before that every login is to be proven. Unless the person says
 * otherwise: at the opening on Sunday, 17:00 Central Time, and at 08:30 from Monday to Friday. On a
 * holiday that is one proof too many.
 */
import { DAY, MINUTE, WEEK } from '../../durations.ts';
import { USUAL_STARTS, type Times } from '../../records/settings.ts';
import { centralToEpoch, epochToCentral } from '../../tradovate/central-time.ts';

/** Looked at so long before trading begins; whoever has a hand to lend still has the time to. */
export const FIRST_CHECK_MS = 30 * MINUTE;
export const LAST_CHECK_MS = 5 * MINUTE;
/** A check that comes so long after it was due was slept through. */
export const CHECKED_LATE_MS = 3 * MINUTE;

/** Friday 15:30 Central Time, in minutes since Sunday 00:00: half an hour before the weekend. */
export const BEFORE_WEEKEND = 8_130;

/** When trading begins next after `after`, epoch ms; `Infinity` when it never does. */
export function nextStart(after: number, starts: Times = USUAL_STARTS): number {
  return nextOf(after, starts, [0]);
}

/** When a login that was proven at `after` is to be proven anew for the sake of trading, epoch ms. */
export function nextCheck(after: number, starts: Times = USUAL_STARTS): number {
  return nextOf(after, starts, [FIRST_CHECK_MS, LAST_CHECK_MS]);
}

/** The first moment after `after` that lies one of `ahead` before one of these times; both in ms. */
export function nextOf(after: number, times: Times, ahead: readonly number[]): number {
  const local = epochToCentral(after);
  // The epoch began on a Thursday.
  const sunday = local - ((local + 4 * DAY) % WEEK);
  const moments = times
    .flatMap((minutes) => [minutes * MINUTE, minutes * MINUTE + WEEK])
    .map((since) => centralToEpoch(sunday + since))
    .flatMap((at) => ahead.map((ms) => at - ms));
  return Math.min(...moments.filter((at) => at > after));
}
