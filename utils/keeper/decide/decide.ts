/**
 * What the keeper does: (record, event, now, random) -> (record, journal lines, effect).
 *
 *   sign-in answered ──► check ──proven──► kept ──due──► renewal ──issued──► kept
 *                          │                 │ web login      │
 *                          │                 └──► check       ├─ 401 ──► check
 *                          ├─ 401 ──► renewal                 └─ anything else ──► kept, tried again later
 *                          └─ anything else ──► kept, checked again later
 *
 *   401 to a check and to a renewal in a row ──► ended
 *   "not here" to a check ──► renewal, which names the host; to a renewal ──► tried at the next host
 *
 * Invariants, each with a property test: a renewal never becomes a sign-in; a token is given up
 * only after two refusals in a row or its own end; whatever happens there is a later deadline as
 * long as the session lives; `call` is written before the call is made.
 */
import { HOUR } from '../../durations.ts';
import { isOfWindow, type Failure, type FailureKind } from '../../tradovate/failure.ts';
import type { ApiHosts } from '../../tradovate/hosts.ts';
import type { Issued, Proven } from '../../tradovate/replies.ts';
import {
  hasLiveSession,
  hostNeeded,
  hostsOf,
  type Call,
  type CallKind,
  type Check,
  type EndCause,
  clockSetBack,
  type LoginRecord,
  type ProofBy,
  type Session,
  type WebSession,
} from '../../records/login.ts';
import type { JournalDetails, JournalEvent, JournalLine } from '../../records/journal.ts';
import { toldOfQuota, withNews, type LinkNews } from './link.ts';
import { checkInstead, linkDeadline } from '../when/link.ts';
import { BY_HOLDFAST, withLoss, YIELD_MS } from './tug-of-war.ts';
import {
  backOff,
  CLOCK_SLACK_MS,
  callLimit,
  contactDue,
  isScouting,
  lastChance,
  lateRetry,
  LOCK_OUT_MS,
  provenUntil,
  refreshAt,
  REFRESH_PAUSE_MS,
  RENEWAL_PAUSE_MS,
} from '../when/margins.ts';
import { ALLOWED, hasSpare, nextAllowed, renewalAt, schedule } from '../when/renewals.ts';
import { knownSessions } from '../status/sessions.ts';
import { nextCheck } from '../when/trading-day.ts';
import type { Times } from '../../records/settings.ts';

export type Outcome = Issued | Proven | Failure;

export type KeeperEvent =
  /** An alarm, a start of the worker or the browser, the end of a sleep: see what is due. */
  | { type: 'wake' }
  /** The network is back. */
  | { type: 'online' }
  /** The person leaves, and the computer may fall asleep. */
  | { type: 'leaving' }
  | { type: 'sign-in' }
  /** The broker has just accepted this token at `host`, which another program held until now. */
  | { type: 'taken-over'; token: Issued; host: string }
  | { type: 'renew-now' }
  | { type: 'pause' }
  | { type: 'resume' }
  /** Leave the web login alone until that tab is left, or without one for a while. */
  | { type: 'yield'; tabId: number | null }
  | {
      type: 'web-session';
      call: 'sign-in' | 'renewal';
      tabId: number;
      host: string;
      meant?: boolean;
    }
  /** A tab is closed (`null`: all are, the browser was), or shows the sign-in form of `host` again. */
  | { type: 'tab-left'; tabId: number | null; host?: string }
  /** The same user has just been signed in here for the other environment. */
  | { type: 'sibling-signed-in' }
  /** The browser's permissions have changed; `denied` are those of all hosts that may not be called. */
  | { type: 'permissions'; denied: readonly string[] }
  /** The live link was switched on or off, came up or was lost. */
  | { type: 'link'; news: LinkNews }
  | Answered;

export interface Answered {
  type: 'answered';
  outcome: Outcome;
  /** The host that was asked; none when the call was not made, or nobody knows. */
  host?: string;
  /** Of the hosts that may serve the login, those that may not be called. */
  denied?: readonly string[];
}

export interface Effect {
  call: CallKind;
  /** The first of these that may be called is asked. */
  hosts: readonly string[];
  limitMs: number;
}

/** Why a person's click was not carried out. `until` is when it can be. */
export interface Declined {
  why: 'no-session' | 'limited' | 'budget';
  until: number | null;
}

export interface Step {
  record: LoginRecord;
  journal: JournalLine[];
  effect: Effect | null;
  /** The newly issued token, to be stored together with `record`. */
  issued: Issued | null;
  declined: Declined | null;
}

/** How long to wait before a check that stayed unclear is repeated (facts, row 9: within a minute). */
const RECHECK_MS = 60_000;
/** Proofs this fresh need no new one after a resume: flipping back and forth costs nothing. */
const FRESH_MS = 60_000;
const WEB_SESSIONS_KEPT = 10;
/** A page can make it look as if it signed in again and again: checks keep a distance, and so many an hour. */
const CHECK_PAUSE_MS = 2_000;
const CHECKS_PER_HOUR = 10;
/** Without an expiration time, or with an impossible one (facts, row 1). */
const ASSUMED_LIFE_MS = HOUR;
/** The `Date` header counts whole seconds, and clocks are a little apart: less is no skew. */
const SKEW_NOISE_MS = 1_500;

/** A person signs in on the broker's page, perhaps with a look into the mail. */
const WINDOW_MS = 10 * 60_000;
/** A refresh token whose end is not told: the window was measured to be about 25 hours (facts §1). */
const ASSUMED_REFRESH_MS = 24 * HOUR;

/** The broker asked for quiet. */
const LIMITS: readonly FailureKind[] = ['rate-limited', 'captcha', 'locked-out'];
/** The broker may have acted although nothing usable came back. */
const LOST: readonly FailureKind[] = [
  'interrupted',
  'no-answer',
  'unreadable',
  'unreachable',
  'broker-error',
];
/** The call never left this computer. */
const NEVER_LEFT: readonly FailureKind[] = ['offline', 'not-permitted', 'unreachable'];
/** A renewal that the broker cannot have counted. */
const UNCOUNTED: readonly Outcome['kind'][] = ['offline', 'not-permitted', 'host-moved'];
/** Nothing was heard of the broker, which says nothing about the session. */
const NETWORK: readonly FailureKind[] = [...NEVER_LEFT, 'no-answer', 'interrupted'];
/** Perhaps it was the wrong host: the next one is asked, where there is one. */
const WRONG_HOST: readonly FailureKind[] = ['host-moved', 'not-found', 'unreachable'];

/**
 * One step, and then what is due. The caller holds the login's lock, so a call that is still written
 * down was interrupted. `others` are all other logins held here: renewals are planned together.
 * `starts` is when trading begins, before which every login is proven.
 */
export function decide(
  stored: LoginRecord,
  event: KeeperEvent,
  now: number,
  random: () => number,
  others: readonly LoginRecord[] = [],
  starts?: Times,
): Step {
  const before = afterClockSetBack(stored, now);
  if (event.type !== 'answered' && before.call !== null) {
    const interrupted: Answered = { type: 'answered', outcome: { kind: 'interrupted' } };
    const { record, journal } = answered(before, interrupted, now, random);
    const next = decide(record, event, now, random, others, starts);
    return { ...next, journal: [...journal, ...next.journal] };
  }
  const after =
    event.type === 'answered'
      ? answered(before, event, now, random)
      : asked(before, event, now, random, others);
  return after.effect === null ? due(after, now, others, starts) : after;
}

function asked(
  before: LoginRecord,
  event: Exclude<KeeperEvent, { type: 'answered' }>,
  now: number,
  random: () => number,
  others: readonly LoginRecord[],
): Step {
  switch (event.type) {
    case 'wake':
      return step(before);
    case 'online':
      return online(before, now);
    case 'leaving':
      return leaving(before, now, others);
    case 'sign-in':
      return begin(step(before), 'sign-in', now);
    case 'taken-over':
      return takenOver(before, event.token, event.host, now);
    case 'renew-now':
      return renewNow(before, now, others);
    case 'pause':
      return step(
        { ...before, pausedAt: before.pausedAt ?? now, yield: null },
        line(before, now, 'paused'),
      );
    case 'yield':
      return yieldTo(before, event.tabId, now);
    case 'resume':
      return resume(before, now);
    case 'web-session':
      return webSession(before, event, now);
    case 'tab-left':
      return tabLeft(before, event, now);
    case 'sibling-signed-in':
      return checkAfterSignIn(before, BY_HOLDFAST, now);
    case 'permissions':
      return permissionsChanged(before, event.denied, now);
    case 'link':
      return linkNews(before, event.news, now, random);
  }
}

/** What failed for want of the network is tried at once. */
function online(before: LoginRecord, now: number): Step {
  const { failure, link } = before;
  const call = failure !== null && NETWORK.includes(failure.kind);
  const waits = link?.why === 'offline' && !link.up;
  if (!call && !waits) return step(before);
  return step({
    ...before,
    ...(call ? { retryAt: now } : {}),
    ...(waits ? { link: { ...link, retryAt: now } } : {}),
  });
}

/**
 * The broker was heard in the future: the computer's clock has been set back. How long ago that was
 * nobody knows, so the record is moved as if it were just now, and a renewal is due that tells.
 */
function afterClockSetBack(record: LoginRecord, now: number): LoginRecord {
  const ahead = (record.contactAt ?? 0) - now;
  if (record.session === null || ahead <= CLOCK_SLACK_MS) return record;
  return clockSetBack(record, ahead, now);
}

/** When any of these logins needs the keeper next, epoch ms; null when nothing is left to do. */
export function earliestDeadline(
  records: readonly LoginRecord[],
  now: number,
  starts?: Times,
): number | null {
  const { at } = schedule(records, now);
  const due = records
    .map((record) => deadline(record, now, at.get(record.id) ?? null, records, starts))
    .filter((time) => time !== null);
  return due.length === 0 ? null : Math.min(...due);
}

/** The logins for which something is to be done at `now`. */
export function whatIsDue(
  records: readonly LoginRecord[],
  now: number,
  starts?: Times,
): LoginRecord[] {
  const { at } = schedule(records, now);
  return records.filter((record) => {
    const setBack = (record.contactAt ?? 0) > now;
    const time = deadline(record, now, at.get(record.id) ?? null, records, starts);
    return record.call !== null || setBack || (time !== null && time <= now);
  });
}

/** When this login needs the keeper next, epoch ms; null when nothing is left to do for it. */
export function deadline(
  record: LoginRecord,
  now: number,
  renewal: number | null = renewalAt(record, now, []),
  records: readonly LoginRecord[] = [record],
  starts?: Times,
): number | null {
  if (record.call !== null) return record.call.until + 1_000;
  const yieldsUntil = record.yield?.until ?? null;
  if (record.end !== null) {
    const refresh = hasRoom(record, now, records) ? refreshAt(record) : null;
    return refresh ?? yieldsUntil;
  }
  if (record.session === null) return yieldsUntil;
  const { expiresAt } = record.session;
  if (now >= expiresAt) return lateRetry(record) ?? expiresAt;
  // Nothing is to be done when a proof grows old, but the badge changes.
  const cut = wasCut(record) ? record.retryAt : null;
  const link = linkDeadline(record, now);
  const contact = contactAt(record, starts);
  const due = [expiresAt, renewal, cut, scoutAt(record), contact, yieldsUntil, link];
  if (record.check !== null) due.push(record.check.at);
  if (provenUntil(record) > now) due.push(provenUntil(record));
  return Math.min(...due.filter((time) => time !== null));
}

/** When the broker is asked whether it is back; null when it is not known to be away. */
function scoutAt(record: LoginRecord): number | null {
  return isScouting(record) && record.pausedAt === null ? record.retryAt : null;
}

/** When a probe keeps the session from looking idle; null while something else is going on. */
function contactAt(record: LoginRecord, starts?: Times): number | null {
  const quiet = record.pausedAt !== null || record.failure !== null || record.check !== null;
  return quiet
    ? null
    : Math.min(contactDue(record), nextCheck(record.proof?.at ?? 0, starts), checkInstead(record));
}

/** Does what is due at `now`, one call at most. */
function due(state: Step, now: number, others: readonly LoginRecord[], starts?: Times): Step {
  const { record } = state;
  if (isOver(record.yield, now)) {
    const resumed = resume(record, now);
    const journal = [...state.journal, ...resumed.journal];
    return due({ ...state, record: resumed.record, journal }, now, others, starts);
  }
  const { session } = record;
  if (record.end !== null) {
    const refresh = hasRoom(record, now, [...others, record]) ? refreshAt(record) : null;
    return refresh !== null && refresh <= now ? begin(state, 'refresh', now) : state;
  }
  if (session === null) return state;
  if (now >= session.expiresAt) return dueAfterEnd(state, session, now);
  if ((scoutAt(record) ?? Infinity) <= now) return begin(state, 'scout', now);
  const renewal = wasCut(record) ? now : renewalAt(record, now, others);
  if (renewal !== null && renewal <= now) {
    return begin(state, isBrokerAway(record, others) ? 'scout' : 'renewal', now);
  }
  const probe = Math.min(contactAt(record, starts) ?? Infinity, record.check?.at ?? Infinity);
  return probe <= now ? begin(state, 'probe', now) : state;
}

/** As far as is known one more session would close none. */
export function hasRoom(
  record: LoginRecord,
  now: number,
  records: readonly LoginRecord[],
): boolean {
  return knownSessions(record, now, records).length < record.slots;
}

/** Its renewal was cut off by the end of the worker: made again at once, it takes no second turn (facts, row 4). */
function wasCut({ failure, failures, retryAt, pausedAt }: LoginRecord): boolean {
  const cut = failure?.kind === 'interrupted' && failure.during === 'renewal' && failures === 1;
  return cut && retryAt !== null && pausedAt === null;
}

/** Another login has found the broker away, and this one has not heard it since. */
function isBrokerAway(record: LoginRecord, others: readonly LoginRecord[]): boolean {
  return others.some(
    (other) =>
      other.environment === record.environment &&
      isScouting(other) &&
      (other.failure?.at ?? 0) > (record.proof?.at ?? 0),
  );
}

/**
 * After a sleep: one attempt, then it is over (facts, row 24). Not against a limit, nor when paused.
 * It is a probe, which costs nothing of the budget; should the token still work, it is renewed.
 */
function dueAfterEnd(state: Step, session: Session, now: number): Step {
  const { record } = state;
  const limited = record.quietUntil !== null && now <= record.quietUntil;
  if (record.pausedAt !== null || limited) return end(state, 'expired', now);
  if ((lateRetry(record) ?? now) > now) return state;
  const works = record.proof !== null && record.proof.at >= session.expiresAt;
  return begin(state, works ? 'renewal' : 'probe', now);
}

function begin(state: Step, what: CallKind | 'scout', now: number): Step {
  const { record } = state;
  const kind = what === 'scout' ? 'probe' : what;
  const timeLeft = (record.session?.expiresAt ?? Infinity) - now;
  // No deadline presses a sign-in, and after the end nothing is left to divide.
  const pressed = kind !== 'sign-in' && timeLeft > 0;
  const inWindow = kind === 'sign-in' && record.way === 'oauth';
  const limitMs = inWindow ? WINDOW_MS : callLimit(pressed ? timeLeft : Infinity);
  const call: Call = {
    kind,
    since: now,
    until: now + limitMs,
    ...(what === 'scout' ? { scouts: true } : {}),
  };
  return {
    ...state,
    record: { ...record, call },
    journal: [...state.journal, ...line(record, now, `${kind} started`)],
    effect: { call: kind, hosts: hostsToAsk(record), limitMs },
  };
}

/** The likeliest host first; one that has just turned out not to be the one comes last. */
function hostsToAsk(record: LoginRecord): string[] {
  const [right, wrong] = [hostsOf(record), record.wrongHost];
  return [...right.filter((host) => host !== wrong), ...right.filter((host) => host === wrong)];
}

function answered(before: LoginRecord, answer: Answered, now: number, random: () => number): Step {
  const call = before.call;
  if (call === null) return step(before);
  const { outcome, host, denied } = answer;
  const record: LoginRecord = {
    ...before,
    call: null,
    ...(denied ? { deniedHosts: [...denied] } : {}),
    renewalCalls: counted(before, call, outcome, now),
  };
  const made: Made = { ...call, host: host ?? null };
  if (outcome.kind === 'issued') return issued(record, outcome, made, now);
  if (outcome.kind === 'proven') {
    return proven({ ...record, accounts: outcome.accounts ?? record.accounts }, call.kind, now);
  }
  if (isWrongHost(outcome, call)) record.wrongHost = made.host;
  if (call.kind === 'sign-in') return signInFailed(record, outcome, now);
  if (call.kind === 'refresh') return refreshFailed(record, outcome, now, random);
  return callFailed(record, outcome, made, now, random);
}

/** A call, and the host that was asked. */
type Made = Call & { host: string | null };

/** One that sends checks away may still renew, and names the right one in its reply (row 18). */
function isWrongHost({ kind }: Failure, call: Call): boolean {
  return WRONG_HOST.includes(kind) && !(kind === 'host-moved' && call.kind === 'probe');
}

/** The renewals of the last hour, with this one if the broker may have counted it: successes (facts §2). */
function counted(
  { renewalCalls }: LoginRecord,
  call: Call,
  outcome: Outcome,
  now: number,
): number[] {
  const left = call.kind === 'renewal' && !UNCOUNTED.includes(outcome.kind);
  const recent = renewalCalls.filter((at) => at > now - 2 * HOUR);
  return (left ? [...recent, call.since] : recent).slice(-ALLOWED);
}

function issued(before: LoginRecord, token: Issued, call: Made, now: number): Step {
  const { kind: by, since } = call;
  /** The session that this extends; null when it opens one. */
  const extended = by === 'sign-in' || by === 'refresh' ? null : before.session;
  const skewMs = token.date === null ? before.skewMs : measuredSkew(token.date, since, now);
  const end = token.expirationTime === null ? 0 : token.expirationTime - skewMs - now;
  const told = token.lifeMs ?? end;
  const lifeMs = told > 0 ? told : ASSUMED_LIFE_MS;
  const session: Session = {
    openedAt: extended?.openedAt ?? now,
    renewedAt: extended && now,
    expiresAt: now + lifeMs,
    lifeMs,
    renewals: extended ? extended.renewals + 1 : 0,
  };
  const { record, journal } = proven(before, by, now);
  const after: LoginRecord = {
    ...record,
    session,
    end: null,
    refresh: refreshOf(before, token, now) ?? (extended && before.refresh),
    signInFailed: null,
    userId: token.userId ?? before.userId,
    userName: token.userName ?? before.userName,
    userStatus: token.userStatus ?? before.userStatus,
    passwordExpiresAt:
      token.passwordExpirationTime == null
        ? before.passwordExpiresAt
        : token.passwordExpirationTime - skewMs,
    organisation: token.organisation ?? before.organisation,
    hosts: { ...before.hosts, ...token.hosts },
    issuedBy: call.host,
    skewMs,
    renewalLostAt: null,
    // Green is for what has been seen to work: a new session is asked once (mission M2).
    check: extended ? null : { reason: 'signed-in', since: now, at: now, tries: 0 },
    ...(extended ? {} : { pausedAt: null, yield: null, lastWebLogin: null }),
  };
  const [host] = hostsOf(after);
  const news =
    host === hostsOf(before)[0]
      ? []
      : host === undefined
        ? []
        : line(before, now, 'host named', { host });
  return { ...step(after, [...journal, ...news]), issued: token };
}

/** Redeeming a refresh token takes the secret of the app: without it there is none to speak of. */
function refreshOf(
  { keepsSecret, secretless }: LoginRecord,
  { refresh }: Issued,
  now: number,
): LoginRecord['refresh'] {
  if (!(keepsSecret || secretless) || refresh === undefined) return null;
  return { until: now + (refresh.lifeMs ?? ASSUMED_REFRESH_MS), retryAt: null };
}

/** A session that another program opened is kept from here on. */
function takenOver(before: LoginRecord, token: Issued, host: string, now: number): Step {
  const blank: LoginRecord = { ...before, session: null, failure: null, failures: 0 };
  const made: Made = { kind: 'probe', since: now, until: now, host };
  const { record } = issued(blank, token, made, now);
  const told = token.expirationTime !== null && token.expirationTime > now;
  return {
    // How long it still lives is told by a renewal when nothing else does.
    ...step(
      { ...record, check: null, retryAt: told ? null : now },
      line(before, now, 'taken over'),
    ),
    issued: token,
  };
}

/** The answer was made at some moment of the call: how long that took, perhaps asleep, is no skew. */
function measuredSkew(date: number, since: number, now: number): number {
  const ahead = date + 500 - now;
  const behind = date + 500 - Math.min(since, now);
  if (ahead >= SKEW_NOISE_MS) return ahead;
  return behind <= -SKEW_NOISE_MS ? behind : 0;
}

const DONE = {
  'sign-in': 'signed in',
  renewal: 'renewed',
  probe: 'proven',
  refresh: 'refreshed',
  link: 'link up',
} as const;

function proven(before: LoginRecord, by: ProofBy, now: number): Step {
  // A probe does not make up for a renewal that failed: that stays on record until one succeeds.
  const asks = by === 'probe' || by === 'link';
  const stays = asks && before.failure?.during === 'renewal' ? before.failure : null;
  const record: LoginRecord = {
    ...before,
    proof: { at: now, by },
    contactAt: now,
    check: null,
    refusals: 0,
    quietUntil: null,
    lastWebLogin: before.lastWebLogin && { ...before.lastWebLogin, survived: true },
    ...(stays
      ? // By a clock that was ahead it would lie after this proof, and be asked about for ever.
        { failure: { ...stays, at: Math.min(stays.at, now) } }
      : { failure: null, failures: 0, retryAt: null, wrongHost: null }),
  };
  return step(record, line(before, now, DONE[by]));
}

function signInFailed(record: LoginRecord, failure: Failure, now: number): Step {
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

/** The session stays ended; the refresh token may be taken later, up to its own end (facts, row 11). */
function refreshFailed(
  before: LoginRecord,
  failure: Failure,
  now: number,
  random: () => number,
): Step {
  const failures = before.failures + 1;
  const network = NETWORK.includes(failure.kind);
  const pause = network ? backOff(failures, Infinity, HOUR, random) : REFRESH_PAUSE_MS;
  const retryAt = now + Math.max(pause, quietAsked(failure));
  const record: LoginRecord = {
    ...before,
    failures,
    refresh: before.refresh && failure.kind !== 'damaged' ? { ...before.refresh, retryAt } : null,
  };
  return step(record, failed(before, failure, 'refresh', now));
}

function callFailed(
  before: LoginRecord,
  failure: Failure,
  call: Made,
  now: number,
  random: () => number,
): Step {
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
    // That a token is refused after its end is no news: what kept it from being renewed before is.
    failure: {
      ...(late && failure.kind === 'unauthorized' ? (before.failure ?? failure) : failure),
      at: now,
      during: call.scouts ? 'renewal' : call.kind,
    },
    quietUntil: quiet > 0 ? now + quiet : before.quietUntil,
    renewalLostAt:
      call.kind === 'renewal' && LOST.includes(failure.kind)
        ? (before.renewalLostAt ?? now)
        : before.renewalLostAt,
  };
  if (failure.kind === 'damaged') return end(step(record, journal), 'damaged', now);
  if (late) {
    return NEVER_LEFT.includes(failure.kind)
      ? step({ ...record, retryAt: now + pause }, journal)
      : end(step(record, journal), 'expired', now);
  }
  if (failure.kind === 'unauthorized') {
    // A second opinion is the other host's, where there is one.
    return unauthorized({ ...record, wrongHost: call.host }, call, pause, now, journal);
  }
  if (call.kind === 'probe' && !call.scouts)
    return checkFailed(record, failure, pause, now, journal);
  const check = record.check && { ...record.check, at: Math.max(record.check.at, now + pause) };
  return step({ ...record, check, retryAt: retryAt(record, failure, pause, now) }, journal);
}

/** The hosts, with the one that the broker's words name: it is as good as one in `apiHosts`. */
function named({ environment, hosts }: LoginRecord, failure: Failure): ApiHosts {
  return failure.named === undefined ? hosts : { ...hosts, [environment]: failure.named };
}

/** How often in a row the token was refused. A host that sends it elsewhere says nothing of it. */
function timesUnauthorized(before: LoginRecord, { kind }: Failure): number {
  if (kind === 'unauthorized') return before.refusals + 1;
  return kind === 'host-moved' ? before.refusals : 0;
}

/**
 * The broker answered 401 or 403. That can also mean that this key may not ask this question, or that
 * a device waits for its approval by e-mail (facts §2): it is believed when a renewal and a probe
 * agree (row 8), and only of a session that has worked before.
 */
function unauthorized(
  record: LoginRecord,
  call: Call,
  pause: number,
  now: number,
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
    if (hostNeeded(record) === null) return end(step(record, journal), endCause(record, now), now);
    // An old host's word is not enough: the one in `apiHosts` has to agree, once it may be asked (row 8).
    return step({ ...record, retryAt, check: { ...check, at: now + pause } }, journal);
  }
  // A session whose keeping is paused is asked again, but not extended.
  const other = call.kind === 'probe' && record.pausedAt === null ? 'renewal' : 'probe';
  return begin(step({ ...record, retryAt, check: { ...check, at: now } }, journal), other, now);
}

/** How long the broker asks for quiet after this failure, ms; 0 when it does not. */
function quietAsked({ kind, waitMs = 0 }: Failure): number {
  return Math.max(LIMITS.includes(kind) ? LOCK_OUT_MS : 0, waitMs);
}

/** When a failed renewal is tried again: what the broker asks for, but never after the last chance. */
function retryAt(record: LoginRecord, failure: Failure, pause: number, now: number): number {
  const { expiresAt = now, lifeMs = 0 } = record.session ?? {};
  // The held token is tried again at once when only its own answer went missing (facts, row 4).
  if (failure.kind === 'interrupted' && record.failures === 1) return now;
  const quiet = quietAsked(failure);
  if (quiet <= pause) return now + pause;
  const chance = lastChance(expiresAt, lifeMs);
  if (now + quiet < chance) return now + quiet;
  // The one attempt that is allowed even against a limit, and no second one (facts, row 16).
  return now < chance ? chance : expiresAt;
}

function checkFailed(
  record: LoginRecord,
  failure: Failure,
  pause: number,
  now: number,
  journal: JournalLine[],
): Step {
  const check: Check = record.check ?? { reason: 'idle', since: now, at: now, tries: 0 };
  const again = (at: number, to: Partial<LoginRecord> = {}): Step =>
    step({ ...record, ...to, check: { ...check, at, tries: check.tries + 1 } }, journal);
  if (failure.kind === 'host-moved') {
    // A renewal brings the host that holds now (row 18). One that has just failed is not pulled forward.
    return again(now + pause, { retryAt: record.retryAt ?? now });
  }
  if (NETWORK.includes(failure.kind)) return again(now + pause);
  const limited = LIMITS.includes(failure.kind);
  // A limit holds for renewals too.
  const later = limited ? { retryAt: retryAt(record, failure, pause, now) } : {};
  const web = check.reason === 'web-login';
  if (web && (check.tries > 0 || failure.kind === 'rate-limited')) {
    // What the documentation says closed sessions answer (408, 429, 5xx): likely, never proven. No more asking.
    return step({ ...record, ...later, check: null, ...afterLoss(record, now) }, journal);
  }
  const recheck = now + (web ? recheckPause(record, now) : pause);
  return again(Math.max(recheck, record.quietUntil ?? 0), later);
}

function recheckPause(record: LoginRecord, now: number): number {
  const timeLeft = (record.session?.expiresAt ?? now) - now;
  return Math.max(1_000, Math.min(RECHECK_MS, timeLeft / 3));
}

function endCause(record: LoginRecord, now: number): EndCause {
  const lastProof = record.proof?.at ?? 0;
  if (record.lastWebLogin !== null && record.lastWebLogin.at >= lastProof) return 'evicted';
  if (toldOfQuota(record)) return 'evicted';
  if (record.renewalLostAt !== null) return 'renewal-lost';
  return now >= (record.session?.expiresAt ?? 0) ? 'expired' : 'rejected';
}

/** The last web login has cost the session, as far as that can be known. */
function afterLoss(
  { lastWebLogin, losses }: LoginRecord,
  now: number,
): Pick<LoginRecord, 'lastWebLogin' | 'losses'> {
  if (lastWebLogin === null || lastWebLogin.survived === false) return { lastWebLogin, losses };
  const byWeb = lastWebLogin.host !== BY_HOLDFAST;
  return {
    lastWebLogin: { ...lastWebLogin, survived: false },
    losses: byWeb ? withLoss(losses, now) : losses,
  };
}

function end(state: Step, cause: EndCause, now: number): Step {
  const { record } = state;
  return {
    ...state,
    record: {
      ...record,
      end: { at: now, cause },
      call: null,
      check: null,
      retryAt: null,
      ...(cause === 'evicted' ? afterLoss(record, now) : {}),
    },
    journal: [...state.journal, ...line(record, now, 'ended', { cause })],
    effect: null,
  };
}

/** A token that is a third through its life is renewed before a sleep, where the budget has one to spare. */
function leaving(record: LoginRecord, now: number, others: readonly LoginRecord[]): Step {
  const { expiresAt, lifeMs } = record.session ?? { expiresAt: now, lifeMs: 0 };
  const worthIt = hasLiveSession(record, now) && expiresAt - now < (lifeMs * 2) / 3;
  const free = record.pausedAt === null && record.failure === null;
  return worthIt && free && hasSpare([...others, record], now)
    ? begin(step(record), 'renewal', now)
    : step(record);
}

function renewNow(record: LoginRecord, now: number, others: readonly LoginRecord[]): Step {
  if (!hasLiveSession(record, now))
    return { ...step(record), declined: { why: 'no-session', until: null } };
  if (record.quietUntil !== null && now < record.quietUntil) {
    return { ...step(record), declined: { why: 'limited', until: record.quietUntil } };
  }
  const { renewedAt, lifeMs } = record.session ?? { renewedAt: null, lifeMs: 0 };
  // Just renewed, perhaps by the call this click waited for: that is what was asked for.
  if (renewedAt !== null && now - renewedAt < Math.min(RENEWAL_PAUSE_MS, lifeMs / 6))
    return step(record);
  const allowed = nextAllowed([...others, record], now);
  if (allowed > now) return { ...step(record), declined: { why: 'budget', until: allowed } };
  return begin(step(record), 'renewal', now);
}

const isOver = (pause: LoginRecord['yield'], now: number): boolean =>
  pause !== null && pause.until !== null && now >= pause.until;

function yieldTo(before: LoginRecord, tabId: number | null, now: number): Step {
  const until = tabId === null ? now + YIELD_MS : null;
  const record: LoginRecord = {
    ...before,
    pausedAt: before.pausedAt ?? now,
    yield: { until, tabId },
  };
  return step(record, line(before, now, 'yielded'));
}

function resume(before: LoginRecord, now: number): Step {
  const record: LoginRecord = { ...before, pausedAt: null, yield: null };
  const fresh = before.proof !== null && now - before.proof.at < FRESH_MS;
  if (!fresh && hasLiveSession(record, now)) {
    record.check ??= { reason: 'resumed', since: now, at: now, tries: 0 };
  }
  return step(record, before.pausedAt === null ? [] : line(before, now, 'resumed'));
}

function webSession(
  before: LoginRecord,
  { call, tabId, host, meant }: Extract<KeeperEvent, { type: 'web-session' }>,
  now: number,
): Step {
  // One session a tab: a sign-in that failed looks like one that went through, and is tried again there.
  const known = before.webSessions.find((web) => web.tabId === tabId);
  const others = before.webSessions.filter((web) => web !== known);
  const openedAt = call === 'renewal' && known ? known.openedAt : now;
  const word = meant ?? known?.meant;
  const seen: WebSession = {
    tabId,
    host,
    openedAt,
    seenAt: now,
    ...(word === undefined ? {} : { meant: word }),
  };
  const record: LoginRecord = {
    ...before,
    webSessions: [...others, seen].slice(-WEB_SESSIONS_KEPT),
  };
  return call === 'renewal' ? step(record) : checkAfterSignIn(record, host, now);
}

type TabLeft = Extract<KeeperEvent, { type: 'tab-left' }>;

const isLeft = (web: WebSession, { tabId, host }: TabLeft): boolean =>
  web.left !== true && (tabId === null || (web.tabId === tabId && (host ?? web.host) === web.host));

/** Whether that tab matters to this record: a web login was in it. */
export function leftBy(record: LoginRecord, event: TabLeft): boolean {
  return record.webSessions.some((web) => isLeft(web, event));
}

/** The broker is not told when a tab goes: its session stays open until it runs out. */
function tabLeft(before: LoginRecord, event: TabLeft, now: number): Step {
  if (!leftBy(before, event)) return step(before);
  const webSessions = before.webSessions.map((web) =>
    isLeft(web, event) ? { ...web, left: true as const } : web,
  );
  const record = { ...before, webSessions };
  const yielded = before.yield?.tabId ?? null;
  const over = yielded !== null && (event.tabId === null || event.tabId === yielded);
  return over ? resume(record, now) : step(record);
}

/** Another session has been opened: whether this one is still there has to be asked. */
function checkAfterSignIn(before: LoginRecord, host: string, now: number): Step {
  const journal = line(before, now, 'web login seen', { host });
  if (!hasLiveSession(before, now)) return step(before, journal);
  const record: LoginRecord = { ...before, lastWebLogin: { at: now, host, survived: null } };
  // A check that is owed anyway serves both; the first proof after a sign-in stays the first proof.
  const owed = before.check?.reason === 'web-login' || before.check?.reason === 'signed-in';
  if (!owed) {
    const webChecks = before.webChecks.filter((at) => at > now - HOUR);
    const lastAnswer = Math.max(before.proof?.at ?? 0, before.failure?.at ?? 0);
    const at = Math.max(
      now,
      lastAnswer + CHECK_PAUSE_MS,
      (webChecks.at(-CHECKS_PER_HOUR) ?? -Infinity) + HOUR,
      before.quietUntil ?? 0,
    );
    record.check = { reason: 'web-login', since: now, at, tries: 0 };
    record.webChecks = [...webChecks, at].slice(-CHECKS_PER_HOUR);
  }
  return step(record, journal);
}

/** What failed for want of a permission is tried at once, and a host that is new is asked for a proof. */
function permissionsChanged(before: LoginRecord, denied: readonly string[], now: number): Step {
  const hosts = hostsOf(before);
  const was = hosts.filter((host) => before.deniedHosts.includes(host));
  const deniedHosts = hosts.filter((host) => denied.includes(host));
  const freed = was.filter((host) => !deniedHosts.includes(host));
  const taken = deniedHosts.filter((host) => !was.includes(host));
  if (freed.length === 0 && taken.length === 0) return step(before);
  const record: LoginRecord = { ...before, deniedHosts };
  const journal = [
    ...freed.flatMap((host) => line(record, now, 'host allowed', { host })),
    ...taken.flatMap((host) => line(record, now, 'host taken away', { host })),
  ];
  if (freed.length === 0) return step(record, journal);
  const at = Math.max(now, record.quietUntil ?? 0);
  const check = record.check ?? { reason: 'host-allowed', since: now, tries: 0 };
  const { failure, retryAt } = record;
  const wanted = failure && [...WRONG_HOST, 'unauthorized', 'not-permitted'].includes(failure.kind);
  const again = wanted && retryAt !== null ? { retryAt: at } : {};
  return step({ ...record, ...again, check: { ...check, at } }, journal);
}

/**
 * What came of the live link. One that is up has read positions and orders anew, and proves the
 * session; one that was lost makes a check due, which tells what became of the session.
 */
function linkNews(before: LoginRecord, news: LinkNews, now: number, random: () => number): Step {
  const was = before.link;
  if (was === null && news.type !== 'switched') return step(before);
  const record: LoginRecord = { ...before, link: withNews(was, news, now, random) };
  switch (news.type) {
    case 'switched':
      return step(record, line(before, now, news.to ? 'link on' : 'link off'));
    case 'heard':
      return was?.up ? step(record) : proven(record, 'link', now);
    case 'lost': {
      const closedHere = news.why === 'idle';
      if (closedHere || (!was?.up && news.why !== 'refused')) return step(record);
      const at = Math.max(now, (before.proof?.at ?? 0) + CHECK_PAUSE_MS, before.quietUntil ?? 0);
      record.check ??= { reason: 'link', since: now, at, tries: 0 };
      return step(record, was?.up ? line(before, now, 'link lost', { loss: news.why }) : []);
    }
  }
}

function step(record: LoginRecord, journal: JournalLine[] = []): Step {
  return { record, journal, effect: null, issued: null, declined: null };
}

function line(
  record: LoginRecord,
  at: number,
  what: JournalEvent,
  details: JournalDetails = {},
): JournalLine[] {
  return [{ at, loginId: record.id, what, ...details }];
}

function failed(
  record: LoginRecord,
  { kind, status, said }: Failure,
  during: CallKind,
  now: number,
): JournalLine[] {
  const details = {
    during,
    kind,
    ...(status !== undefined && { status }),
    ...(said !== undefined && { said }),
  };
  return line(record, now, kind === 'interrupted' ? 'interrupted' : 'failed', details);
}
