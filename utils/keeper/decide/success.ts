/** What follows from the broker's yes: a token that was issued, a session that was proven. */
import { DAY, HOUR, MINUTE } from '../../durations.ts';
import {
  hostsOf,
  type Call,
  type LoginRecord,
  type ProofBy,
  type Session,
} from '../../records/login.ts';
import type { JournalEvent } from '../../records/journal.ts';
import type { Issued } from '../../tradovate/replies.ts';
import { isSameUser } from '../status/sessions.ts';
import { end, failed, line, step, type Context, type Step } from './step.ts';

/** A call, and the host that was asked. */
export type Made = Call & { host: string | null };

/** Without an expiration time, or with an impossible one (FACTS.md row 1). */
const ASSUMED_LIFE_MS = HOUR;
/** Documented lives are 80 and 90 minutes: one that seems longer may come of a clock that is wrong. */
const DOCUMENTED_LIFE_MS = 90 * MINUTE;
/** However far away an end is said to be, a token this old is renewed. */
const LONGEST_LIFE_MS = DAY;
/** The `Date` header counts whole seconds, and clocks are a little apart: less than this is no skew. */
const SKEW_NOISE_MS = 1_500;
/**
 * A refresh token whose end is not told: the window was measured to be about 25 hours
 * (FACTS.md §1).
 */
const ASSUMED_REFRESH_MS = DAY;

export function issued(
  before: LoginRecord,
  token: Issued,
  call: Made,
  { now, others }: Pick<Context, 'now' | 'others'>,
): Step {
  const { kind: by, since } = call;
  if (by === 'renewal' && isOfOther(before, token, others)) return ofOther(before, now);
  /** The session that this extends; null when it opens one. */
  const extended = by === 'sign-in' || by === 'refresh' ? null : before.session;
  const skewMs = token.date === null ? before.skewMs : measuredSkew(token.date, since, now);
  const lifeMs = believedLife(token, skewMs, now);
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
    // A new session is called connected only after one call with it was answered (RULES.md 8).
    check: extended ? null : { reason: 'signed-in', since: now, at: now, tries: 0 },
    ...(extended ? {} : { pausedAt: null, yield: null, lastWebLogin: null }),
  };
  const [host] = hostsOf(after);
  const news =
    host === undefined || host === hostsOf(before)[0]
      ? []
      : line(before, now, 'host named', { host });
  return { ...step(after, [...journal, ...news]), issued: token };
}

/**
 * How long the token lives from now, as far as that is believed. Where the broker's clock makes it live
 * longer than is documented, this computer's has a say: the shorter of the two costs a renewal too
 * many at worst, and the longer one a session.
 */
function believedLife({ lifeMs, expirationTime }: Issued, skewMs: number, now: number): number {
  const left = (expirationTime ?? now) - now;
  const told = lifeMs ?? left - skewMs;
  if (told <= 0) return ASSUMED_LIFE_MS;
  const doubted = lifeMs === undefined && told > DOCUMENTED_LIFE_MS;
  const life = doubted ? Math.min(told, Math.max(left, ASSUMED_LIFE_MS)) : told;
  return Math.min(life, LONGEST_LIFE_MS);
}

/**
 * A renewal extends a session of this login's user, so another's token shows that what is held here
 * has never been this login's: that of somebody who was signed in on the broker's page.
 */
function isOfOther(
  before: LoginRecord,
  { userId }: Issued,
  others: readonly LoginRecord[],
): boolean {
  if (userId === null || userId === before.userId) return false;
  const theirs = others.some((other) => other.userId === userId && !isSameUser(other, before));
  return before.userId !== null || theirs;
}

/** The token is not taken, and nothing more is done with the one that is held. */
function ofOther(before: LoginRecord, now: number): Step {
  const failure = { kind: 'other-user' } as const;
  const record = { ...before, failure: { ...failure, at: now, during: 'renewal' as const } };
  return end(step(record, failed(before, failure, 'renewal', now)), 'damaged', now);
}

/** A refresh token is redeemed with the secret of the app: where that is not kept, neither is the token. */
function refreshOf(
  { keepsSecret, secretless }: LoginRecord,
  { refresh }: Issued,
  now: number,
): LoginRecord['refresh'] {
  if (!(keepsSecret || secretless) || refresh === undefined) return null;
  return { until: now + (refresh.lifeMs ?? ASSUMED_REFRESH_MS), retryAt: null };
}

/** A session that another program opened is kept from here on. */
export function takenOver(before: LoginRecord, token: Issued, host: string, now: number): Step {
  const blank: LoginRecord = { ...before, session: null, failure: null, failures: 0 };
  const made: Made = { kind: 'probe', since: now, until: now, host };
  const { record } = issued(blank, token, made, { now, others: [] });
  const told = token.expirationTime !== null && token.expirationTime > now;
  return {
    // Where nobody has said how long it still lives, the reply to a renewal does.
    ...step(
      { ...record, check: null, retryAt: told ? null : now },
      line(before, now, 'taken over'),
    ),
    issued: token,
  };
}

/** The broker answered at some moment of the call, which may have been long: only what lies outside of it is skew. */
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
} as const satisfies Record<ProofBy, JournalEvent>;

/** The broker has accepted the token: in a call, or on a live link. */
export function proven(before: LoginRecord, by: ProofBy, now: number): Step {
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
    // The held token works: no renewal has replaced it.
    renewalLostAt: null,
    lastWebLogin: before.lastWebLogin && { ...before.lastWebLogin, survived: true },
    ...(stays
      ? // Noted by a clock that was ahead, it would count as later than every proof.
        { failure: { ...stays, at: Math.min(stays.at, now) } }
      : { failure: null, failures: 0, retryAt: null, wrongHost: null }),
  };
  return step(record, line(before, now, DONE[by]));
}
