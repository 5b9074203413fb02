import type { LoginRecord, State } from '../utils/keeper/login.ts';
import { standing } from '../utils/keeper/standing.ts';

const RANK: Record<State, number> = { disconnected: 0, expired: 1, reconnecting: 2, connected: 3 };

/** The ids of `logins`, worst first; equals in the order they were added. */
export function bySeverity(logins: readonly LoginRecord[], now: number): string[] {
  const rank = (login: LoginRecord) => {
    const { state, paused } = standing(login, now);
    return RANK[state] - (paused ? 0.5 : 0);
  };
  return [...logins]
    .sort((one, other) => rank(one) - rank(other) || one.addedAt - other.addedAt)
    .map((login) => login.id);
}
