/** When a call that failed is made again, and how long one may take. */
import { HOUR, MINUTE, SECOND } from '../../durations.ts';
import type { LoginRecord } from '../../records/login.ts';
import { FAILURES, type Failure } from '../../tradovate/failure.ts';

/**
 * Renewals are counted per network with a 15 s back-off (FACTS.md §2): no two of one login come
 * closer.
 */
export const RENEWAL_PAUSE_MS = 15 * SECOND;
/** A page, or a link that is lost again and again, can cause checks: they keep this distance. */
export const CHECK_PAUSE_MS = 2 * SECOND;
/**
 * Chromium ends a worker whose fetch has no answer after 30 s (platform FACTS.md §1): stay well
 * below.
 */
const CALL_LIMIT_MS = 12 * SECOND;
/** A 429 or a captcha lasts an hour (FACTS.md §2). */
export const LOCK_OUT_MS = HOUR;
/** A refresh token that was refused may be taken later (FACTS.md row 11). */
export const REFRESH_PAUSE_MS = 10 * MINUTE;

/** How long one call may take: never more than a third of the time left, so that two more fit. */
export function callLimit(timeLeftMs: number): number {
  return Math.floor(Math.min(CALL_LIMIT_MS, Math.max(SECOND, timeLeftMs / 3)));
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
  const shortest = Math.min(30 * SECOND, Math.max(SECOND, lifeMs / 100));
  const grown = shortest * 2 ** Math.min(failures - 1, 10) * (0.75 + random() / 2);
  return Math.floor(Math.max(shortest, Math.min(grown, timeLeftMs / 3, 10 * MINUTE)));
}

/** How long the broker asks for quiet after this failure, ms; 0 when it does not. */
export function quietAsked({ kind, waitMs = 0 }: Failure): number {
  return Math.max(FAILURES[kind].limit?.lasts === 'an hour' ? LOCK_OUT_MS : 0, waitMs);
}

/**
 * The one attempt that is made even under a rate limit, shortly before it is too late
 * (FACTS.md row 16).
 */
export function lastChance(expiresAt: number, lifeMs: number): number {
  return expiresAt - Math.min(2 * MINUTE, Math.round(lifeMs / 12));
}

/**
 * After the end of its life a token is tried once more, in case the clock was wrong; when that try
 * never left this computer, the time of the next.
 */
export function lateRetry({ session, failure, retryAt }: LoginRecord): number | null {
  return session !== null && failure !== null && failure.at >= session.expiresAt ? retryAt : null;
}

/**
 * When a refresh token is redeemed without a click; null when it is not. Only for a token that ran
 * out: it may open a session (FACTS.md row 10), and where another sign-in took ours, taking it back
 * would close somebody else's.
 */
export function refreshAt(record: LoginRecord): number | null {
  const { end, refresh, pausedAt, quietUntil } = record;
  if (refresh === null || end?.cause !== 'expired' || pausedAt !== null) return null;
  if (maybeEvicted(record)) return null;
  const at = Math.max(end.at, refresh.retryAt ?? end.at, quietUntil ?? end.at);
  return at < refresh.until ? at : null;
}

/**
 * Our own clock says that the token ran out, but another sign-in may have taken the session before:
 * one was seen that it is not known to have survived, or the broker's last answers were those that
 * closed sessions get as well (FACTS.md §3). Having been evicted proves that no place is free.
 */
function maybeEvicted({ lastWebLogin, failure }: LoginRecord): boolean {
  if (lastWebLogin !== null && lastWebLogin.survived !== true) return true;
  return failure !== null && FAILURES[failure.kind].asIfClosed;
}

/**
 * A renewal failed because the broker or the network was away. Whether it is back is asked by probes,
 * which are not counted like renewals (FACTS.md §2: 15 an hour), so that neither an outage nor a hole
 * in the network uses the budget up.
 */
export function isScouting({ failure, proof, retryAt }: LoginRecord): boolean {
  return (
    failure?.during === 'renewal' &&
    FAILURES[failure.kind].silent !== null &&
    retryAt !== null &&
    (proof === null || proof.at < failure.at)
  );
}

/**
 * Its renewal was cut off by the end of the worker: made again at once, it takes no second turn
 * (FACTS.md row 4).
 */
export function wasCut({ failure, failures, retryAt, pausedAt }: LoginRecord): boolean {
  const cut = failure?.kind === 'interrupted' && failure.during === 'renewal' && failures === 1;
  return cut && retryAt !== null && pausedAt === null;
}
