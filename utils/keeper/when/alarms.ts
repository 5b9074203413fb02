/**
 * When the browser's two alarms are due, for the earliest deadline of all logins.
 */
import { MINUTE, SECOND } from '../../durations.ts';

export interface Alarms {
  /** Once, at the deadline; null when the guard comes soon enough. */
  deadline: number | null;
  /** Then every minute: for a wake-up that was lost, or that died before it could set these anew. */
  guard: number;
}

/** When the guard comes while it is not known yet what is due. */
export const guardAt = (now: number): number => now + MINUTE;

/**
 * The alarms to be set at `now` for the deadline `at`, epoch ms.
 *
 * The guard follows the deadline by a minute, so that it wakes nobody where the deadline's own alarm
 * has done. Where alarms `slip` by the time the computer slept (Firefox, platform FACTS.md §3), a
 * deadline 40 minutes away would come a whole sleep late: there the guard is never further away
 * than a minute.
 */
export function alarmsFor(at: number, now: number, slip: boolean): Alarms {
  const guard = guardAt(slip ? now : Math.max(at, now));
  if (at > now) return { deadline: at, guard };
  // Tried already, or about to be: a storage that cannot be written must not be tried in a tight loop.
  const pause = Math.max(SECOND, now - at);
  return { deadline: pause < MINUTE ? now + pause : null, guard };
}
