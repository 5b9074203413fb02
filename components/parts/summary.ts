import type { LoginRecord } from '../../utils/records/login.ts';
import { stateOf } from '../../utils/keeper/status/standing.ts';

/** "3 of 4 connected", with the paused ones named. */
export function summary(logins: readonly LoginRecord[], now: number): string {
  if (logins.length === 0) return 'No logins yet';
  const green = logins.filter((login) => stateOf(login, now) === 'connected').length;
  const paused = logins.filter(({ pausedAt }) => pausedAt !== null).length;
  return `${green} of ${logins.length} connected${paused > 0 ? ` · ${paused} paused` : ''}`;
}
