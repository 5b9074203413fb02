import type { LoginRecord } from '../../utils/records/login.ts';
import { number, say } from '../../utils/platform/i18n.ts';
import { stateOf } from '../../utils/keeper/status/standing.ts';

/** "3 of 4 connected", with the paused ones named. */
export function summary(logins: readonly LoginRecord[], now: number): string {
  if (logins.length === 0) return say('summary_none');
  const green = logins.filter((login) => stateOf(login, now) === 'connected').length;
  const paused = logins.filter(({ pausedAt }) => pausedAt !== null).length;
  const counts = { connected: number(green), logins: number(logins.length) };
  return paused > 0
    ? say('summary_paused', { ...counts, paused: number(paused) })
    : say('summary_connected', counts);
}
