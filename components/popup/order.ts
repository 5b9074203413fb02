import type { LoginRecord } from '../../utils/records/login.ts';
import { SEVERITY, stateOf } from '../../utils/keeper/status/standing.ts';

/** The ids of `logins`, worst first; equals in the order they were added. */
export function bySeverity(logins: readonly LoginRecord[], now: number): string[] {
  const rank = (login: LoginRecord) =>
    SEVERITY[stateOf(login, now)] + (login.pausedAt === null ? 0 : 0.5);
  return [...logins]
    .sort((one, other) => rank(other) - rank(one) || one.addedAt - other.addedAt)
    .map((login) => login.id);
}
