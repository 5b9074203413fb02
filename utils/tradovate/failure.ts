/**
 * Every way a call can fail, as a closed list. What is shown for each is chosen in
 * utils/words/cause.ts; here is only what the broker (or the network) did.
 */

/** Of a sign-in on the broker's own page (tradovate-facts §1). */
const WINDOW_FAILURE_KINDS = [
  'access-denied',
  'redirect-mismatch',
  'code-refused',
  'foreign-answer',
  'other-user',
  'window-closed',
  'window-open',
  'authorization-timed-out',
] as const;

export type WindowFailureKind = (typeof WINDOW_FAILURE_KINDS)[number];

/** It says something of one try, and nothing of the login. */
export function isOfWindow(kind: FailureKind): kind is WindowFailureKind {
  return (WINDOW_FAILURE_KINDS as readonly FailureKind[]).includes(kind);
}

export const FAILURE_KINDS = [
  ...WINDOW_FAILURE_KINDS,
  // Said by the broker in an HTTP 200 (tradovate-facts §2).
  'penalty',
  'captcha',
  'wrong-credentials',
  'app-not-registered',
  'user-locked',
  'user-closed',
  'email-unconfirmed',
  'password-compromised',
  'password-expired',
  'terms-outdated',
  'wrong-environment',
  'refused',
  // Said by the HTTP status.
  'unauthorized',
  'locked-out',
  'rate-limited',
  'request-timeout',
  'broker-error',
  'not-found',
  'host-moved',
  // Not said at all.
  'unreadable',
  'no-answer',
  'unreachable',
  'offline',
  'not-permitted',
  'interrupted',
  // Not the broker's doing: what was stored cannot be read any more.
  'damaged',
] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

export interface Failure {
  kind: FailureKind;
  /** HTTP status, when one arrived. */
  status?: number;
  /** The broker's own words, at most 200 characters, when it gave any. Never a secret. */
  said?: string;
  /** The host that the broker's words name instead of the one that was asked. Always one of its own. */
  named?: string;
  /** How long the broker asked to wait (`p-time`, `Retry-After`), ms. */
  waitMs?: number;
  /** `p-ticket` to send with the identical repeated sign-in. */
  ticket?: string;
}
