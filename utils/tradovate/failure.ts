/**
 * Every way a call can fail, as a closed list, and what follows from each: one table of traits, from
 * which all rooms take what they need. What is shown for each is chosen in utils/words/cause.ts.
 *
 * A new kind: its name in FAILURE_KINDS and its row in FAILURES. It compiles with both only.
 */

/** Of a sign-in on the broker's own page (FACTS.md §1). */
const WINDOW_FAILURE_KINDS = [
  'access-denied',
  'redirect-mismatch',
  'code-refused',
  'foreign-answer',
  'other-user',
  'user-unknown',
  'window-closed',
  'window-open',
  'authorization-timed-out',
] as const;

export type WindowFailureKind = (typeof WINDOW_FAILURE_KINDS)[number];

export const FAILURE_KINDS = [
  ...WINDOW_FAILURE_KINDS,
  // Said by the broker in an HTTP 200 (FACTS.md §2).
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
  // Said by somebody else in the broker's place: the network's own page, a firewall.
  'intercepted',
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

/** How long and for whom the broker asks for quiet. */
interface Limit {
  /** `an hour`: unless the reply says otherwise. `as told`: by the reply alone. */
  lasts: 'an hour' | 'as told';
  /** It holds for everybody behind the same address, and not for one user (FACTS.md §2). */
  wholeNetwork: boolean;
  /**
   * A sign-in before its end makes it longer (FACTS.md §2). After a captcha one on the broker's page
   * is what helps: it holds back as long as the person does not insist.
   */
  holdsSignIns: boolean;
}

interface FailureTraits {
  /** The broker asks for quiet; null: it does not. */
  limit: Limit | null;
  /** The call left this computer. */
  left: boolean;
  /** Nothing came back over the network: no word about the session, nor about the broker. */
  unheard: boolean;
  /**
   * What a renewal that ends like this came to: `perhaps made`, although no usable token came back, or
   * `not counted` in the broker's limit, or neither, which counts as a renewal that was tried.
   */
  renewal: 'perhaps made' | 'not counted' | 'tried';
  /** No usable answer: who is to blame for it, the broker or the network. Null: it was answered. */
  silent: 'broker' | 'network' | null;
  /** What closed sessions are answered as well, by the documentation (FACTS.md §3). */
  asIfClosed: boolean;
  /** Another host may help: it is asked `next`, where there is one, or once it is `allowed`. */
  otherHost: 'next' | 'allowed' | null;
  /** The broker has looked at what was typed and refused it: it counts such sign-ins. */
  failedSignIn: boolean;
  /** The next way of signing in on the broker's page may get over it: with no window, then in one. */
  nextWayHelps: boolean;
  /** Of a sign-in on the broker's own page: it says something of one try, and nothing of the login. */
  ofWindow: boolean;
}

/** The broker was asked and has answered, with nothing that is special. */
const ANSWERED: FailureTraits = {
  limit: null,
  left: true,
  unheard: false,
  renewal: 'tried',
  silent: null,
  asIfClosed: false,
  otherHost: null,
  failedSignIn: false,
  nextWayHelps: false,
  ofWindow: false,
};
const REFUSED_SIGN_IN: FailureTraits = { ...ANSWERED, failedSignIn: true };
const AT_WINDOW: FailureTraits = { ...ANSWERED, ofWindow: true };
/** The person did not get through, or was not asked; in a window they may. */
const NEEDS_WINDOW: FailureTraits = { ...AT_WINDOW, nextWayHelps: true };
/** The broker is away, or not itself. */
const BROKER_AWAY: FailureTraits = { ...ANSWERED, silent: 'broker', renewal: 'perhaps made' };

export const FAILURES: Readonly<Record<FailureKind, FailureTraits>> = {
  'access-denied': NEEDS_WINDOW,
  'redirect-mismatch': AT_WINDOW,
  'code-refused': NEEDS_WINDOW,
  'foreign-answer': AT_WINDOW,
  'other-user': NEEDS_WINDOW,
  'user-unknown': NEEDS_WINDOW,
  'window-closed': NEEDS_WINDOW,
  'window-open': AT_WINDOW,
  'authorization-timed-out': NEEDS_WINDOW,

  penalty: {
    ...ANSWERED,
    limit: { lasts: 'as told', wholeNetwork: true, holdsSignIns: true },
  },
  captcha: {
    ...ANSWERED,
    limit: { lasts: 'an hour', wholeNetwork: true, holdsSignIns: false },
  },
  'wrong-credentials': REFUSED_SIGN_IN,
  'app-not-registered': REFUSED_SIGN_IN,
  'user-locked': REFUSED_SIGN_IN,
  'user-closed': REFUSED_SIGN_IN,
  'email-unconfirmed': REFUSED_SIGN_IN,
  'password-compromised': REFUSED_SIGN_IN,
  'password-expired': REFUSED_SIGN_IN,
  'terms-outdated': REFUSED_SIGN_IN,
  'wrong-environment': REFUSED_SIGN_IN,
  refused: REFUSED_SIGN_IN,

  // A refresh token, or none, that is not taken: the broker's page is asked instead.
  unauthorized: { ...REFUSED_SIGN_IN, otherHost: 'allowed', nextWayHelps: true },
  'locked-out': {
    ...ANSWERED,
    limit: { lasts: 'an hour', wholeNetwork: false, holdsSignIns: true },
  },
  'rate-limited': {
    ...ANSWERED,
    limit: { lasts: 'an hour', wholeNetwork: false, holdsSignIns: true },
    asIfClosed: true,
  },
  'request-timeout': { ...BROKER_AWAY, renewal: 'tried', asIfClosed: true },
  'broker-error': { ...BROKER_AWAY, asIfClosed: true },
  'not-found': { ...ANSWERED, otherHost: 'next' },
  'host-moved': { ...ANSWERED, renewal: 'not counted', otherHost: 'next' },

  // Closed sessions may be answered by a gateway, too: nothing is opened in place of one.
  intercepted: { ...BROKER_AWAY, renewal: 'tried', asIfClosed: true },

  unreadable: BROKER_AWAY,
  'no-answer': { ...BROKER_AWAY, unheard: true },
  // As far as is known it never left; but nobody saw that, so the renewal may have been made.
  unreachable: {
    ...ANSWERED,
    left: false,
    unheard: true,
    renewal: 'perhaps made',
    silent: 'network',
    otherHost: 'next',
  },
  offline: {
    ...ANSWERED,
    left: false,
    unheard: true,
    renewal: 'not counted',
    silent: 'network',
  },
  'not-permitted': {
    ...ANSWERED,
    left: false,
    unheard: true,
    renewal: 'not counted',
    otherHost: 'allowed',
  },
  interrupted: { ...ANSWERED, unheard: true, renewal: 'perhaps made' },

  damaged: { ...ANSWERED, nextWayHelps: true },
};

/**
 * Closed sessions are answered like this as well (FACTS.md row 9). A limit that says how long it lasts
 * is one: they are answered without.
 */
export function isAsIfClosed({ kind, waitMs }: Failure): boolean {
  const { asIfClosed, limit } = FAILURES[kind];
  return asIfClosed && (limit === null || waitMs === undefined);
}

/** It says something of one try, and nothing of the login. */
export function isOfWindow(kind: FailureKind): kind is WindowFailureKind {
  return FAILURES[kind].ofWindow;
}
