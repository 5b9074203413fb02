import type { LoginRecord } from '../../utils/records/login.ts';
import { standing } from '../../utils/keeper/status/standing.ts';

/** "3 of 4 connected", with the paused ones named. */
export function summary(logins: readonly LoginRecord[], now: number): string {
  if (logins.length === 0) return 'No logins yet';
  const all = logins.map((login) => standing(login, now, logins));
  const green = all.filter((one) => one.state === 'connected').length;
  const paused = all.filter((one) => one.paused).length;
  return `${green} of ${logins.length} connected${paused > 0 ? ` · ${paused} paused` : ''}`;
}
