/** What follows from anything but the broker's yes. A token is given up only when it is proven dead. */
import { HOUR, MINUTE, SECOND } from '../../durations.ts';
import type { JournalLine } from '../../records/journal.ts';
import {
  hostNeeded,
  type Call,
  type Check,
  type EndCause,
  type LoginRecord,
} from '../../records/login.ts';
import { FAILURES, isOfWindow, type Failure } from '../../tradovate/failure.ts';
import type { ApiHosts } from '../../tradovate/hosts.ts';
import { backOff, lastChance, quietAsked, REFRESH_PAUSE_MS } from '../when/retries.ts';
import { toldOfQuota } from '../status/link-state.ts';
import { hasClosedAnother, judged, ofOthers } from './eviction.ts';
import { begin, end, failed, step, type Context, type Step } from './step.ts';
import type { Made } from './success.ts';

/**
 * How long to wait before a check that stayed unclear is repeated (FACTS.md row 9: within a
 * minute).
 */
const RECHECK_MS = MINUTE;

export function signInFailed(record: LoginRecord, failure: Failure, now: number): Step {
  // Whatever session there was is as good as before: a refused sign-in opens and closes nothing.
  const gone = record.session === null || (record.end !== null && !isOfWindow(failure.kind));
  const noted: LoginRecord = {
    ...record,
    signInFailed: { ...failure, at: now },
    hosts: failure.kind === 'host-moved' ? named(record, failure) : record.hosts,
    failure: gone ? { ...failure, at: now, during: 'sign-in' } : record.failure,
  };
  return step(noted, failed(record, failure, 'sign-in', now));
}

/**
 * The session stays ended; the refresh token may be taken later, up to its own end
 * (FACTS.md row 11).
 */
export function refreshFailed(
  before: LoginRecord,
  failure: Failure,
  now: number,
  random: () => number,
): Step {
  const failures = before.failures + 1;
  const { unheard } = FAILURES[failure.kind];
  const pause = unheard ? backOff(failures, Infinity, HOUR, random) : REFRESH_PAUSE_MS;
  const retryAt = now + Math.max(pause, quietAsked(failure));
  const record: LoginRecord = {
    ...before,
    failures,
    refresh: before.refresh && failure.kind !== 'damaged' ? { ...before.refresh, retryAt } : null,
  };
  return step(record, failed(before, failure, 'refresh', now));
}

/** A renewal or a probe failed. */
export function callFailed(
  before: LoginRecord,
  failure: Failure,
  call: Made,
  context: Context,
): Step {
  const { now, random } = context;
  const session = before.session;
  const journal = failed(before, failure, call.kind, now);
  if (session === null) return step(before, journal);
  const late = call.since >= session.expiresAt;
  const timeLeft = session.expiresAt - now;
  const failures = before.failures + 1;
  const pause = backOff(failures, late ? Infinity : timeLeft, session.lifeMs, random);
  const quiet = quietAsked(failure);
  const record: LoginRecord = {
    ...before,
    hosts: named(before, failure),
    failures,
    refusals: timesUnauthorized(before, failure),
    // A token that has run out is always refused: what kept it from being renewed stays the failure.
    failure: (late && failure.kind === 'unauthorized' ? before.failure : null) ?? {
      ...failure,
      at: now,
      during: call.scouts ? 'renewal' : call.kind,
    },
    quietUntil: quiet > 0 ? now + quiet : before.quietUntil,
    renewalLostAt:
      call.kind === 'renewal' && FAILURES[failure.kind].renewal === 'perhaps made'
        ? (before.renewalLostAt ?? now)
        : before.renewalLostAt,
  };
  if (failure.kind === 'damaged') return end(step(record, journal), 'damaged', now);
  if (late) {
    return FAILURES[failure.kind].left
      ? end(step(record, journal), 'expired', now)
      : step({ ...record, retryAt: now + pause }, journal);
  }
  if (failure.kind === 'unauthorized') {
    // The next call asks another host, where there is one.
    return unauthorized({ ...record, wrongHost: call.host }, call, pause, context, journal);
  }
  if (call.kind === 'probe' && !call.scouts)
    return checkFailed(record, failure, pause, context, journal);
  const owed = record.check;
  const check = owed && { ...owed, at: Math.max(owed.at, now + pause) };
  const after = { ...record, check, retryAt: retryAt(record, failure, pause, now) };
  // A renewal that fails, or a scout, tells as much as the check that waits for it.
  if (check === null || owed?.reason !== 'web-login' || FAILURES[failure.kind].unheard)
    return step(after, journal);
  const told = owed.tries > 0 ? judged(record, context) : {};
  return step({ ...after, ...told, check: { ...check, tries: check.tries + 1 } }, journal);
}

/** The hosts, with the one that the broker's words name: it is as good as one in `apiHosts`. */
function named({ environment, hosts }: LoginRecord, failure: Failure): ApiHosts {
  return failure.named === undefined ? hosts : { ...hosts, [environment]: failure.named };
}

/** How often in a row the token was refused. The answer "not here" says nothing about the token. */
function timesUnauthorized(before: LoginRecord, { kind }: Failure): number {
  if (kind === 'unauthorized') return before.refusals + 1;
  return kind === 'host-moved' ? before.refusals : 0;
}

/**
 * The broker answered 401 or 403. That can also mean that this key may not ask this question, or that
 * a device waits for its approval by e-mail (FACTS.md §2): it is believed when a renewal and a
 * probe agree (FACTS.md row 8), and only of a session that has worked before.
 */
function unauthorized(
  record: LoginRecord,
  call: Call,
  pause: number,
  { now, others }: Context,
  journal: JournalLine[],
): Step {
  const retryAt = call.kind === 'renewal' ? now + pause : record.retryAt;
  if (record.proof === null || record.proof.by === 'sign-in') {
    const { since, tries } = record.check ?? { since: now, tries: 0 };
    const check: Check = { reason: 'signed-in', since, at: now + pause, tries: tries + 1 };
    return step({ ...record, retryAt, check }, journal);
  }
  const check = record.check ?? { reason: 'unauthorized', since: now, tries: 0 };
  if (record.refusals > 1) {
    if (hostNeeded(record) === null)
      return end(step(record, journal), endCause(record, others, now), now);
    // An old host's word is not enough: the one in `apiHosts` has to agree, once it may be asked
    // (FACTS.md row 8).
    return step({ ...record, retryAt, check: { ...check, at: now + pause } }, journal);
  }
  // A session whose keeping is paused is asked again, but not extended.
  const other = call.kind === 'probe' && record.pausedAt === null ? 'renewal' : 'probe';
  return begin(step({ ...record, retryAt, check: { ...check, at: now } }, journal), other, now);
}

/** When a failed renewal is tried again: what the broker asks for, but never after the last chance. */
function retryAt(record: LoginRecord, failure: Failure, pause: number, now: number): number {
  const { expiresAt = now, lifeMs = 0 } = record.session ?? {};
  // The held token is tried again at once when only its own answer went missing (FACTS.md row 4).
  if (failure.kind === 'interrupted' && record.failures === 1) return now;
  const quiet = quietAsked(failure);
  if (quiet <= pause) return now + pause;
  const chance = lastChance(expiresAt, lifeMs);
  if (now + quiet < chance) return now + quiet;
  // A busy broker's `Retry-After` is a wish; only a limit punishes who comes too early (FACTS.md §2).
  if (FAILURES[failure.kind].limit === null && now >= chance) return now + pause;
  // The one attempt that is allowed even against a limit, and no second one (FACTS.md row 16).
  return now < chance ? chance : expiresAt;
}

function checkFailed(
  record: LoginRecord,
  failure: Failure,
  pause: number,
  context: Context,
  journal: JournalLine[],
): Step {
  const { now, others } = context;
  const check: Check = record.check ?? { reason: 'idle', since: now, at: now, tries: 0 };
  const again = (at: number, to: Partial<LoginRecord> = {}): Step =>
    step({ ...record, ...to, check: { ...check, at, tries: check.tries + 1 } }, journal);
  if (failure.kind === 'host-moved') {
    // The reply to a renewal names the right host (FACTS.md row 18). A renewal that has just failed
    // keeps its time.
    return again(now + pause, { retryAt: record.retryAt ?? now });
  }
  const { limit, unheard } = FAILURES[failure.kind];
  if (unheard) return again(now + pause);
  // A limit of an hour holds for renewals too.
  const later = limit?.lasts === 'an hour' ? { retryAt: retryAt(record, failure, pause, now) } : {};
  const quiet = record.quietUntil ?? 0;
  if (check.reason !== 'web-login') return again(Math.max(now + pause, quiet), later);
  const limited = failure.kind === 'rate-limited';
  if (check.tries === 0 && !(limited && ofOthers(record, others).length === 0)) {
    // What the other logins are answered meanwhile tells more. Under a limit it is not asked again.
    const recheck = now + recheckPause(record, now);
    return again(limited ? recheck : Math.max(recheck, quiet), later);
  }
  // Asked on in growing pauses: a broker that was away brings the login back by itself.
  return again(Math.max(now + pause, quiet), { ...later, ...judged(record, context) });
}

function recheckPause(record: LoginRecord, now: number): number {
  const timeLeft = (record.session?.expiresAt ?? now) - now;
  return Math.max(SECOND, Math.min(RECHECK_MS, timeLeft / 3));
}

function endCause(record: LoginRecord, others: readonly LoginRecord[], now: number): EndCause {
  const { lastWebLogin: web, proof } = record;
  const by = web !== null && web.at >= (proof?.at ?? 0);
  if (by && !hasClosedAnother(record, others)) return 'evicted';
  if (toldOfQuota(record)) return 'evicted';
  if (record.renewalLostAt !== null) return 'renewal-lost';
  return now >= (record.session?.expiresAt ?? 0) ? 'expired' : 'rejected';
}

/**
 * Not so when a check is answered "not here": that host may still renew, and names the right one
 * then (FACTS.md row 18).
 */
export function isWrongHost({ kind }: Failure, call: Call): boolean {
  return FAILURES[kind].otherHost === 'next' && !(kind === 'host-moved' && call.kind === 'probe');
}
