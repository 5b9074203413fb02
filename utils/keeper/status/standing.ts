/**
 * How a login stands, for people: computed from the stored record and the clock alone, so the
 * popup can paint it without the worker.
 */
import type { Market } from '../../tradovate/market-hours.ts';
import { explain, type Explanation } from './cause.ts';
import { linkState } from './link-state.ts';
import { allowance, knownSessions } from './sessions.ts';
import { isProven } from '../when/proof.ts';
import { renewalAt, shortage } from '../when/renewals.ts';
import {
  hasLiveSession,
  hostNeeded,
  isCutOff,
  likelyEvicted,
  type CallKind,
  type LoginRecord,
  type ProofBy,
} from '../../records/login.ts';

/** The four states. Red and gray differ in why: lost, or run out (mission M1). */
export type State = 'connected' | 'reconnecting' | 'disconnected' | 'expired';

export interface Standing {
  state: State;
  paused: boolean;
  /** Not null whenever there is something to say: always when not green. */
  why: Explanation | null;
  expiresAt: number | null;
  nextRenewalAt: number | null;
  proof: { at: number; by: ProofBy } | null;
  slots: { known: number; allowed: number };
  busy: CallKind | null;
  /** The host that the person is to allow, lest the login cannot be followed there. */
  allow: string | null;
  can: { renew: boolean; pause: boolean; resume: boolean; copy: boolean; reconnect: boolean };
}

/**
 * How `record` stands at `now`; `records` are all logins, as some share its allowance, its host or
 * the network. With `market` a login that is fine is told of an exchange that is closed.
 */
export function standing(
  record: LoginRecord,
  now: number,
  records: readonly LoginRecord[] = [record],
  market: Market | null = null,
): Standing {
  const state = stateOf(record, now);
  const alive = hasLiveSession(record, now);
  const paused = record.pausedAt !== null;
  const others = records.filter(({ id }) => id !== record.id);
  const nextRenewalAt = renewalAt(record, now, others);
  return {
    state,
    paused,
    why: explain({
      record,
      state,
      now,
      renewalAt: nextRenewalAt,
      others,
      crowded: state === 'expired' && shortage([...others, unended(record)], now) !== null,
      market,
    }),
    expiresAt: record.session?.expiresAt ?? null,
    nextRenewalAt,
    proof: record.proof,
    slots: {
      known: knownSessions(record, now, records).length,
      allowed: allowance(record, records),
    },
    busy: record.call?.kind ?? null,
    allow: hostNeeded(record),
    can: {
      renew: alive && record.call === null,
      pause: alive && !paused,
      resume: paused,
      copy: alive,
      reconnect: record.call?.kind !== 'sign-in' && state !== 'connected',
    },
  };
}

/** As if its token went on living. */
function unended(record: LoginRecord): LoginRecord {
  return {
    ...record,
    end: null,
    session: record.session && { ...record.session, expiresAt: Infinity },
  };
}

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
