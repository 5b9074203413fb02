/** In which of four states a login is: computed from the stored record and the clock alone. */
import { isCutOff, likelyEvicted, type LoginRecord } from '../../records/login.ts';
import { isProven } from '../when/proof.ts';
import { linkState } from './link-state.ts';

/** The four states. Red and gray differ in why: lost, or run out (RULES.md states). */
export type State = 'connected' | 'reconnecting' | 'disconnected' | 'expired';

/** Its state alone, without a word on why: its session's, and yellow while a live link is asked for and not up. */
export function stateOf(record: LoginRecord, now: number): State {
  const state = sessionState(record, now);
  return state === 'connected' && linkState(record, now) === 'opening' ? 'reconnecting' : state;
}

/** The state of its session, whatever its live link does: a socket that is down ends no session. */
export function sessionState(record: LoginRecord, now: number): State {
  if (record.call?.kind === 'sign-in') return 'reconnecting';
  if (record.session === null) return 'disconnected';
  if (record.end !== null) return record.end.cause === 'expired' ? 'expired' : 'disconnected';
  if (now >= record.session.expiresAt) return 'expired';
  if (likelyEvicted(record)) return 'disconnected';
  const open = record.failure !== null || record.check !== null || isCutOff(record);
  if (open || !isProven(record, now)) return 'reconnecting';
  return 'connected';
}

/** The worse, the higher. */
export const SEVERITY: Record<State, number> = {
  connected: 0,
  reconnecting: 1,
  expired: 2,
  disconnected: 3,
};

/** The worst state of all logins, for the badge; null without logins. */
export function worst(records: readonly LoginRecord[], now: number): State | null {
  let found: State | null = null;
  for (const record of records) {
    const state = stateOf(record, now);
    if (found === null || SEVERITY[state] > SEVERITY[found]) found = state;
  }
  return found;
}
