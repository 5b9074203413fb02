/**
 * Why a login is as it is: evidence -> one cause, how sure it is, and when it heals by itself if it
 * does. The words for it are in utils/words/cause.ts.
 *
 * What is asked, in this order: has its token ended? does it alone fail, while others of its host are
 * answered? do all fail, in a maintenance window or outside one? is it the network? a limit? is
 * nothing wrong but the exchange closed?
 */
import { FAILURES, isAsIfClosed, type Failure, type FailureKind } from '../../tradovate/failure.ts';
import { maintenanceAt } from '../../tradovate/maintenance.ts';
import type { Market } from '../../tradovate/market-hours.ts';
import {
  hasLiveSession,
  hostNeeded,
  hostsOf,
  isCutOff,
  likelyEvicted,
  type End,
  type EndCause,
  type LoginRecord,
} from '../../records/login.ts';
import type { State } from './state.ts';
import { linkState, toldOfQuota } from './link-state.ts';
import { MISSED_MS } from '../when/margins.ts';
import { isProven } from '../when/proof.ts';
import { lateRetry, LOCK_OUT_MS, refreshAt } from '../when/retries.ts';
import { isTugOfWar } from './tug-of-war.ts';

/** `certain`: said or proven. `likely`: all that is known fits it. `possible`: other causes fit as well. */
export type Certainty = 'certain' | 'likely' | 'possible';

/** A fixed word, for words, tests and the journal. A failure stands for itself where nothing else explains it. */
export type Cause =
  | FailureKind
  | Exclude<EndCause, 'damaged'>
  | 'token-damaged'
  | 'token-of-other'
  | 'taken-back'
  | 'expired-limited'
  | 'expired-evicted'
  | 'expired-broker'
  | 'expired-network'
  | 'expired-blocked'
  | 'expired-maintenance'
  | 'expired-moved'
  | 'expired-refused'
  | 'expired-paused'
  | 'expired-asleep'
  | 'asleep'
  | 'likely-evicted'
  | 'likely-evicted-paused'
  | 'only-this'
  | 'outage-or-closed'
  | 'renewal-refused'
  | 'host-named'
  | 'maintenance'
  | 'outage'
  | 'outage-one-side'
  | 'device-approval'
  | 'password-changed'
  | 'exchange-closed'
  | 'tug-of-war'
  | 'yielding'
  | 'signing-in'
  | 'checking'
  | 'checking-web-login'
  | 'not-checked'
  | 'paused'
  | 'not-signed-in'
  | 'link-opening'
  | 'link-down'
  | 'link-held';

export interface Explanation {
  cause: Cause;
  certainty: Certainty;
  /** What the last call came to, if it failed. */
  failure: FailureKind | null;
  /** When Holdfast tries again by itself, epoch ms. */
  healsAt: number | null;
  /** When what stands in the way is expected to be over: a limit, a maintenance window. Epoch ms. */
  overAt: number | null;
  /** The host that the person is to allow, if there is one. */
  host: string | null;
  /** The broker's own words. */
  said: string | null;
}

/** What is known when a cause is asked for. */
export interface Evidence {
  record: LoginRecord;
  state: State;
  now: number;
  /** When `record` has its turn to be renewed. */
  renewalAt: number | null;
  /** All other logins held here: who else is answered? */
  others: readonly LoginRecord[];
  /** With this login there are more than the broker's limit lets live. */
  crowded: boolean;
  /** Null where nobody wants to hear that the exchange is closed. */
  market: Market | null;
}

/** Why a login is as it is; null when there is nothing to say. */
export function explain(evidence: Evidence): Explanation | null {
  const { record } = evidence;
  if (record.call?.kind === 'sign-in') return found(record, 'signing-in');
  if (record.yield !== null) {
    return found(record, 'yielding', { overAt: record.yield.until });
  }
  const lost = record.end?.cause === 'evicted' || likelyEvicted(record);
  if (lost && isTugOfWar(record, evidence.now))
    return found(record, 'tug-of-war', { certainty: 'likely' });
  if (record.session === null) return found(record, record.failure?.kind ?? 'not-signed-in');
  if (record.end !== null) return afterEnd(evidence, record.end);
  if (evidence.state === 'expired') return ranOut(evidence);
  if (likelyEvicted(record)) {
    const cause = record.pausedAt === null ? 'likely-evicted' : 'likely-evicted-paused';
    return found(record, cause, { certainty: 'likely' });
  }
  return failing(evidence) ?? quiet(evidence);
}

function found(
  record: LoginRecord,
  cause: Cause,
  more: Partial<Pick<Explanation, 'certainty' | 'healsAt' | 'overAt'>> = {},
): Explanation {
  const { failure } = record;
  return {
    cause,
    certainty: 'certain',
    failure: failure?.kind ?? null,
    host: hostNeeded(record),
    healsAt: null,
    overAt: null,
    said: failure?.said ?? null,
    ...more,
  };
}

function afterEnd(evidence: Evidence, { cause, at }: End): Explanation {
  const { record, now } = evidence;
  const { failure } = record;
  if (failure?.during === 'sign-in' && failure.at >= at) {
    // A person has tried to sign in since: what stands in the way of that comes first now.
    const { kind, waitMs = FAILURES[kind].limit ? LOCK_OUT_MS : Infinity } = failure;
    if (kind === 'wrong-credentials') {
      // Who lost the session to another sign-in must know that before one more.
      return found(record, cause === 'evicted' ? cause : 'password-changed', {
        certainty: cause === 'evicted' ? evictionIs(record) : 'possible',
      });
    }
    const overAt = failure.at + waitMs;
    const known = kind !== 'interrupted' && !isUnanswered(kind);
    if (known && now < overAt)
      return found(record, kind, { overAt: overAt === Infinity ? null : overAt });
  }
  if (cause === 'expired') return ranOut(evidence);
  if (cause === 'damaged')
    return found(record, failure?.kind === 'other-user' ? 'token-of-other' : 'token-damaged');
  // Of a session that was taken over there is one more who may have ended it.
  if (cause === 'rejected' && record.way === 'token') {
    return found(record, 'taken-back', { certainty: 'likely' });
  }
  return found(record, cause, { certainty: cause === 'evicted' ? evictionIs(record) : 'likely' });
}

/** The broker itself told of one session too many. What a web page shows is never certain. */
const evictionIs = (record: LoginRecord): Certainty => (toldOfQuota(record) ? 'certain' : 'likely');

const RAN_OUT_DURING: Partial<Record<FailureKind, Cause>> = {
  'not-permitted': 'expired-blocked',
  'host-moved': 'expired-moved',
  refused: 'expired-refused',
};

/** What a token ran out of whose last renewal failed like this; undefined: that is not the reason. */
function ranOutDuring(kind: FailureKind): Cause | undefined {
  const { limit, silent } = FAILURES[kind];
  if (limit !== null) return 'expired-limited';
  if (silent !== null) return silent === 'broker' ? 'expired-broker' : 'expired-network';
  return RAN_OUT_DURING[kind];
}

/** A token that ran out did so because something stood in the way of its renewal. */
function ranOut({ record, now, crowded }: Evidence): Explanation {
  const { failure, session, pausedAt } = record;
  const expiresAt = session?.expiresAt ?? 0;
  const healsAt = record.end === null ? lateRetry(record) : refreshAt(record);
  const { kind, during, at = 0 } = failure ?? {};
  // What is asked after the end is answered with a refusal, which is no reason.
  const before = at < expiresAt;
  const because = (cause: Cause, certainty: Certainty) =>
    found(record, cause, { certainty, healsAt });
  if (during === 'sign-in') return because('expired', 'certain');
  if (failure && isAsIfClosed(failure) && record.lastWebLogin?.survived === false)
    return because('expired-evicted', 'likely');
  if (kind && isUnanswered(kind) && kind !== 'offline' && maintenanceAt(expiresAt))
    return because('expired-maintenance', 'likely');
  const known = kind && ranOutDuring(kind);
  if (known) return because(known, failure && couldBeClosed(failure) ? 'likely' : 'certain');
  if (kind === 'unauthorized' && during === 'renewal' && before)
    return because('expired-refused', 'certain');
  if (pausedAt !== null) return because('expired-paused', 'certain');
  if (crowded) return because('expired-limited', 'likely');
  // Awake, it is ended as it runs out.
  const missed = (record.end?.at ?? now) - expiresAt > MISSED_MS;
  return missed && (failure === null || !before)
    ? because('expired-asleep', 'likely')
    : because('expired', 'certain');
}

/** So is a closed session answered, or not at all; only a computer without a network knows better. */
const couldBeClosed = (failure: Failure): boolean =>
  isAsIfClosed(failure) || (isUnanswered(failure.kind) && failure.kind !== 'offline');

/** Nothing was heard of the broker, or only that it is not well. */
const isUnanswered = (kind: FailureKind): boolean => FAILURES[kind].silent !== null;

/** Why the last call failed; null when none did. */
function failing({ record, now, renewalAt, others }: Evidence): Explanation | null {
  const { failure, proof, quietUntil } = record;
  if (failure === null) return null;
  const { kind, during, at } = failure;
  const doubted = record.lastWebLogin !== null && record.lastWebLogin.survived !== true;
  const heals = record.pausedAt === null ? (record.retryAt ?? renewalAt) : null;
  const healsAt = record.check?.at ?? heals;
  const because = (cause: Cause, certainty: Certainty = 'certain', overAt: number | null = null) =>
    found(record, cause, { certainty, healsAt, overAt });

  if (FAILURES[kind].limit !== null) {
    const sure = isAsIfClosed(failure) ? (doubted ? 'possible' : 'likely') : 'certain';
    return because(kind, sure, quietUntil !== null && now < quietUntil ? quietUntil : null);
  }
  if (kind === 'unauthorized' && (proof === null || proof.by === 'sign-in'))
    return because('device-approval', 'likely');
  const works = proof !== null && proof.at >= at;
  const renewing = during === 'renewal' && works;
  if (renewing && (kind === 'unauthorized' || kind === 'refused'))
    return because('renewal-refused');
  if (!isUnanswered(kind)) return because(kind);
  return works ? because(kind, 'possible') : unanswered({ record, now, others }, failure, because);
}

/** So many failures in a row take some minutes, as the pauses between them grow: then nothing speaks for an outage any more. */
const OUTAGE_FAILURES = 5;

/** Why nothing usable was heard: this session alone, the maintenance, the broker or the network. */
function unanswered(
  { record, now, others }: Pick<Evidence, 'record' | 'now' | 'others'>,
  { kind, at }: NonNullable<LoginRecord['failure']>,
  because: (cause: Cause, certainty?: Certainty, overAt?: number | null) => Explanation,
): Explanation {
  const answered = others.filter(({ proof }) => (proof?.at ?? 0) > at);
  if (answered.some((other) => hostOf(other) === hostOf(record))) {
    return FAILURES[kind].asIfClosed
      ? because('only-this', record.failures > 1 ? 'likely' : 'possible')
      : because(kind, 'possible');
  }
  const window = maintenanceAt(at);
  const silent = others.filter((other) => isSilent(other, now));
  const offline = silent.some(({ failure }) => failure?.kind === 'offline');
  if (kind === 'offline') return because(kind, answered.length === 0 ? 'certain' : 'possible');
  if (offline && answered.length === 0) return because('offline', 'likely');
  if (window !== null) {
    const within = at >= window.from && at < window.until && answered.length === 0;
    return because('maintenance', within ? 'likely' : 'possible', window.until);
  }
  if (answered.length > 0) return because('outage-one-side', 'likely');
  // Nobody at all is heard: that may as well be this computer's connection.
  if (kind === 'unreachable') return because(kind, 'possible');
  if (silent.some((other) => hostOf(other) === hostOf(record))) return because('outage', 'likely');
  // An outage is over soon; a session that was closed elsewhere is answered like this until its end.
  return FAILURES[kind].asIfClosed && record.failures >= OUTAGE_FAILURES
    ? because('outage-or-closed', 'possible')
    : because('outage', 'possible');
}

function hostOf(record: LoginRecord): string | undefined {
  return hostsOf(record)[0];
}

/** That login is not answered either. */
function isSilent(record: LoginRecord, now: number): boolean {
  const { failure, proof } = record;
  return (
    hasLiveSession(record, now) &&
    failure !== null &&
    isUnanswered(failure.kind) &&
    failure.at > (proof?.at ?? 0)
  );
}

/** What there is to say of a session that nothing has failed for. */
function quiet({ record, now, renewalAt, market }: Evidence): Explanation | null {
  const { check, proof, pausedAt } = record;
  if (isCutOff(record)) return found(record, 'not-permitted');
  if (check !== null) {
    const cause = check.reason === 'web-login' ? 'checking-web-login' : 'checking';
    return found(record, cause, { healsAt: check.at });
  }
  if (pausedAt !== null) return found(record, 'paused');
  if (!isProven(record, now)) {
    return proof === null
      ? found(record, 'not-checked', { healsAt: renewalAt })
      : found(record, 'asleep', { certainty: 'likely', healsAt: renewalAt });
  }
  if (hostNeeded(record) !== null) return found(record, 'host-named');
  const link = linkState(record, now);
  if (link === 'opening' || link === 'down' || link === 'held') {
    return found(record, `link-${link}`);
  }
  if (market?.closed) {
    const certainty = market.certain ? 'certain' : 'likely';
    return found(record, 'exchange-closed', { certainty, overAt: market.opens.at });
  }
  return null;
}
