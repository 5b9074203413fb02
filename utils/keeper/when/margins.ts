/**
 * When things are due for one login. Truth is this table of wall-clock deadlines; the browser's
 * alarms are derived from it (design: one way through it, rule 2). Renewals are in schedule.ts.
 */
import { HOUR, MINUTE } from '../../durations.ts';
import type { FailureKind } from '../../tradovate/failure.ts';
import type { LoginRecord } from '../../records/login.ts';

/** The broker asks for a renewal about 15 minutes before expiry (facts §3). */
export const MARGIN_MS = 15 * MINUTE;
/** A life shorter than this cannot spare 15 minutes: a sixth of it is the margin. */
const SHORT_LIFE_MS = HOUR;
/** Sessions are said to end after about 60 idle minutes: be heard at least this often (facts, row 2). */
export const CONTACT_EVERY_MS = 45 * MINUTE;
/** Renewals are counted per network with a 15 s back-off (facts §2): no two of one login come closer. */
export const RENEWAL_PAUSE_MS = 15_000;
/** Chromium ends a worker whose fetch has no answer after 30 s (extension-facts §1): stay well below. */
const CALL_LIMIT_MS = 12_000;
/** A 429 or a captcha lasts an hour (facts §2). */
export const LOCK_OUT_MS = HOUR;

/** How long before expiry a renewal is due, ms, for a token that was issued for `lifeMs`. */
export function margin(lifeMs: number): number {
  return lifeMs >= SHORT_LIFE_MS ? MARGIN_MS : Math.round(lifeMs / 6);
}

/** When the broker is to be heard at the latest, lest the session looks idle, epoch ms. A probe does. */
export function contactDue(record: LoginRecord): number {
  return (record.contactAt ?? record.session?.openedAt ?? 0) + CONTACT_EVERY_MS;
}

/** The broker is away, or not itself. */
const AWAY: readonly FailureKind[] = ['no-answer', 'broker-error', 'request-timeout', 'unreadable'];

/**
 * A renewal failed because the broker was away. Whether it is back is asked by probes, which are not
 * counted like renewals (facts §2: 15 an hour), so that in an outage the budget is not used up.
 */
export function isScouting({ failure, proof, retryAt }: LoginRecord): boolean {
  return (
    failure?.during === 'renewal' &&
    AWAY.includes(failure.kind) &&
    retryAt !== null &&
    (proof === null || proof.at < failure.at)
  );
}

/** Clocks are corrected by a little all the time, which changes nothing. */
export const CLOCK_SLACK_MS = MINUTE;

/** The last proof lets the session be called proven: recent, and not from a clock that was ahead. */
export function isProven(record: LoginRecord, now: number): boolean {
  return (
    record.proof !== null && record.proof.at <= now + CLOCK_SLACK_MS && now <= provenUntil(record)
  );
}

/**
 * After the end of its life a token is tried once more, in case the clock was wrong; when that try
 * never left this computer, the time of the next.
 */
export function lateRetry({ session, failure, retryAt }: LoginRecord): number | null {
  return session !== null && failure !== null && failure.at >= session.expiresAt ? retryAt : null;
}

/** A refresh token that was refused may be taken later (facts, row 11). */
export const REFRESH_PAUSE_MS = 10 * MINUTE;

/**
 * When a refresh token is redeemed without a click; null when it is not. Only for a token that ran
 * out: it may open a session (facts, row 10), and where another sign-in took ours, taking it back
 * would close somebody else's.
 */
export function refreshAt({ end, refresh, pausedAt, quietUntil }: LoginRecord): number | null {
  if (refresh === null || end?.cause !== 'expired' || pausedAt !== null) return null;
  const at = Math.max(end.at, refresh.retryAt ?? end.at, quietUntil ?? end.at);
  return at < refresh.until ? at : null;
}

/** Until when the last proof lets the session be called proven. */
export function provenUntil(record: LoginRecord): number {
  if (record.proof === null) return -Infinity;
  // One missed contact and its retries are allowed for before "not checked since" is said.
  return record.proof.at + CONTACT_EVERY_MS + MARGIN_MS;
}

/** How long one call may take: never more than a third of the time left, so that two more fit. */
export function callLimit(timeLeftMs: number): number {
  return Math.floor(Math.min(CALL_LIMIT_MS, Math.max(1_000, timeLeftMs / 3)));
}

/**
 * When to try again after `failures` failures in a row, as a delay in ms: exponential, jittered,
 * capped by a third of the time left, and never a tight loop.
 *
 * The lesson is Vault's: a back-off that is computed and then dropped retries without a pause
 * (hashicorp/vault #26382).
 */
export function backOff(
  failures: number,
  timeLeftMs: number,
  lifeMs: number,
  random: () => number,
): number {
  const shortest = Math.min(30_000, Math.max(1_000, lifeMs / 100));
  const grown = shortest * 2 ** Math.min(failures - 1, 10) * (0.75 + random() / 2);
  return Math.floor(Math.max(shortest, Math.min(grown, timeLeftMs / 3, 10 * MINUTE)));
}

/** The one attempt that is made even under a rate limit, shortly before it is too late (facts, row 16). */
export function lastChance(expiresAt: number, lifeMs: number): number {
  return expiresAt - Math.min(2 * MINUTE, Math.round(lifeMs / 12));
}
