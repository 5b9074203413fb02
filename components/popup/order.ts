import type { LoginRecord } from '../../utils/records/login.ts';
import { standing } from '../../utils/keeper/status/standing.ts';
import { SEVERITY } from '../../utils/keeper/status/state.ts';

/** The ids of `logins`, worst first; equals in the order they were added. */
export function bySeverity(logins: readonly LoginRecord[], now: number): string[] {
  const rank = (login: LoginRecord) => {
    const { state, paused } = standing(login, now, logins);
    return SEVERITY[state] + (paused ? 0.5 : 0);
  };
  return [...logins]
    .sort((one, other) => rank(other) - rank(one) || one.addedAt - other.addedAt)
    .map((login) => login.id);
}
