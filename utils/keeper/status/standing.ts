/**
 * How a login stands, for people: computed from the stored record and the clock alone, so the
 * popup can paint it without the worker.
 */
import type { Market } from '../../tradovate/market-hours.ts';
import { explain, type Explanation } from './cause.ts';
import { allowance, knownSessions } from './sessions.ts';
import { stateOf, type State } from './state.ts';
import { renewalAt, shortage } from '../when/renewals.ts';
import {
  hasLiveSession,
  hostNeeded,
  type CallKind,
  type LoginRecord,
  type ProofBy,
} from '../../records/login.ts';

export interface Standing {
  state: State;
  paused: boolean;
  /** Not null whenever there is something to say: always when not green. */
  why: Explanation | null;
  expiresAt: number | null;
  nextRenewalAt: number | null;
  proof: { at: number; by: ProofBy } | null;
  /** `perhaps`: web logins that may be of another user held here. */
  slots: { known: number; perhaps: number; allowed: number };
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
  const sessions = knownSessions(record, now, records);
  const known = sessions.filter(({ ofThis }) => ofThis).length;
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
      known,
      perhaps: sessions.length - known,
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
