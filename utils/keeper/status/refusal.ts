/**
 * Why something that a person asked for was not done. Facts only, as small as the background's reply
 * can be: the words are in utils/words/refusal.ts, which pages load.
 */
import type { Failure, FailureKind } from '../../tradovate/failure.ts';
import { hasLiveSession, hostNeeded, type LoginRecord } from '../../records/login.ts';
import { waitAsked } from '../when/sign-in-limit.ts';

/** What the broker or the network did, or a reason of Holdfast's own. */
export type Reason =
  | FailureKind
  | 'silent'
  | 'gone'
  | 'already-here'
  | 'api-secret-needed'
  | 'client-secret-needed'
  | 'user-name-needed'
  | 'no-token-pasted'
  | 'token-refused'
  | 'token-of-other'
  | 'failed-often'
  | 'quiet-asked'
  | 'no-session'
  | 'over-budget';

export interface Refusal {
  ok: false;
  why: Reason;
  /** What was tried: the same failure asks for another next step. */
  during: 'sign-in' | 'oauth' | 'renewal';
  /** The host that the person has to allow first, if there is one. */
  host: string | null;
  /** The login that holds the session already. */
  held: { label: string; alive: boolean } | null;
  /** The broker's own words. */
  said: string | null;
  /** How long to wait before trying again, ms; null when waiting is not asked for. */
  waitMs: number | null;
  /** To be sent along with the next try of the same form. */
  ticket: string | null;
}

/** A refusal for a reason of Holdfast's own. */
export function refuse(why: Reason, more: Partial<Refusal> = {}): Refusal {
  return {
    ok: false,
    why,
    during: 'sign-in',
    host: null,
    held: null,
    said: null,
    waitMs: null,
    ticket: null,
    ...more,
  };
}

/** What a call came to that was made for a person. */
export function refusalOf(
  failure: Failure,
  during: Refusal['during'],
  record: LoginRecord,
): Refusal {
  return refuse(failure.kind, {
    during,
    host: hostNeeded(record),
    said: failure.said ?? null,
    // At a sign-in a lock-out is to be sat out where the next try would be made.
    waitMs: during === 'renewal' ? (failure.waitMs ?? null) : waitAsked(failure),
    ticket: failure.ticket ?? null,
  });
}

/** The second sign-in of a login is offered what the first one has: it would only open one more session. */
export function alreadyHere(login: LoginRecord, now: number): Refusal {
  return refuse('already-here', {
    held: { label: login.label, alive: hasLiveSession(login, now) },
  });
}

/** Why a person's click was not carried out. `until` is when it can be. */
export interface Declined {
  why: 'no-session' | 'limited' | 'budget';
  until: number | null;
}

const NOT_NOW = {
  'no-session': 'no-session',
  limited: 'quiet-asked',
  budget: 'over-budget',
} as const;

/** A renewal that was not tried. */
export function notNow({ why, until }: Declined, now: number): Refusal {
  const waitMs = until === null ? null : Math.max(0, until - now);
  return refuse(NOT_NOW[why], { during: 'renewal', waitMs });
}
