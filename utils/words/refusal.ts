/** The words for a refusal, and the place in a form where they belong. Loaded by pages when there is one. */
import { isOfWindow, type FailureKind, type WindowFailureKind } from '../tradovate/failure.ts';
import { say, sayCount, type PlainKey } from '../platform/i18n.ts';
import { failureText, textFor, textOf, type Keys, type Text } from './cause.ts';
import type { Reason, Refusal } from '../keeper/status/refusal.ts';
import { ALLOWED } from '../keeper/when/renewals.ts';
import { FAILED_SIGN_INS } from '../keeper/when/sign-in-limit.ts';

/** Which field of a form a refusal belongs to; `form` when it is no single one. */
export type Field = 'userName' | 'password' | 'apiKey' | 'pasted' | 'environment' | 'form';

/** A refusal as it is shown, where it was typed. */
export interface RefusalInWords extends Refusal {
  field: Field;
  sentence: string;
  nextStep: string;
  /** It is Holdfast that holds the try back: sent again with `insist` it goes out. */
  mayInsist: boolean;
}

const FIELDS: Partial<Record<Reason, Field>> = {
  'wrong-credentials': 'password',
  'password-compromised': 'password',
  'password-expired': 'password',
  'user-locked': 'userName',
  'user-closed': 'userName',
  'email-unconfirmed': 'userName',
  'terms-outdated': 'userName',
  'other-user': 'userName',
  'user-unknown': 'userName',
  'already-here': 'userName',
  'user-name-needed': 'userName',
  'app-not-registered': 'apiKey',
  'redirect-mismatch': 'apiKey',
  'api-secret-needed': 'apiKey',
  'client-secret-needed': 'apiKey',
  'no-token-pasted': 'pasted',
  'token-refused': 'pasted',
  'token-of-other': 'pasted',
  'wrong-environment': 'environment',
};

/** Those that name a number are told with it. */
type Counted = 'failed-often' | 'over-budget';

const OURS: Record<Exclude<Reason, FailureKind | Counted>, Keys> = {
  silent: ['refusal_silent', 'refusal_silent_next'],
  gone: ['refusal_gone', 'refusal_gone_next'],
  'already-here': ['refusal_alreadyHere', 'refusal_alreadyHere_next'],
  'api-secret-needed': ['refusal_apiSecretNeeded', 'refusal_apiSecretNeeded_next'],
  'client-secret-needed': ['refusal_clientSecretNeeded', 'refusal_clientSecretNeeded_next'],
  'user-name-needed': ['refusal_userNameNeeded', 'refusal_userNameNeeded_next'],
  'no-token-pasted': ['refusal_noTokenPasted', 'refusal_noTokenPasted_next'],
  'token-refused': ['refusal_tokenRefused', 'refusal_tokenRefused_next'],
  'token-of-other': ['refusal_tokenOfOther', 'refusal_tokenOfOther_next'],
  'quiet-asked': ['refusal_quietAsked', 'refusal_quietAsked_next'],
  'no-session': ['refusal_noSession', 'cause_reconnect'],
};

const AT_WINDOW: Record<WindowFailureKind, Keys> = {
  'access-denied': ['refusal_accessDenied', 'refusal_accessDenied_next'],
  'redirect-mismatch': ['refusal_redirectMismatch', 'refusal_redirectMismatch_next'],
  'code-refused': ['refusal_codeRefused', 'refusal_codeRefused_next'],
  'foreign-answer': ['refusal_foreignAnswer', 'refusal_foreignAnswer_next'],
  'other-user': ['refusal_otherUser', 'refusal_otherUser_next'],
  'user-unknown': ['refusal_userUnknown', 'refusal_userUnknown_next'],
  'window-closed': ['refusal_windowClosed', 'refusal_windowClosed_next'],
  'window-open': ['refusal_windowOpen', 'refusal_windowOpen_next'],
  'authorization-timed-out': [
    'refusal_authorizationTimedOut',
    'refusal_authorizationTimedOut_next',
  ],
};

const OWN_APP: Keys = ['refusal_ownApp', 'refusal_ownApp_next'];

/** What to do is another thing at a sign-in, where no token is held yet. */
const AT_SIGN_IN: Partial<Record<FailureKind, PlainKey>> = {
  'rate-limited': 'refusal_rateLimited_next',
  'locked-out': 'refusal_lockedOut_next',
  offline: 'refusal_offline_next',
  'host-moved': 'refusal_hostMoved_next',
};

/** Cause and next step of a refusal. */
export function describeRefusal(refusal: Refusal): RefusalInWords {
  const [sentence, nextStep] = text(refusal);
  return {
    ...refusal,
    field: FIELDS[refusal.why] ?? 'form',
    sentence,
    nextStep,
    // Who has signed in on the broker’s page since has passed its human check.
    mayInsist: refusal.why === 'failed-often' || refusal.why === 'captcha',
  };
}

function text({ why, during, host, held, said }: Refusal): Text {
  if (why === 'already-here' && held !== null) return heldBy(held);
  if (why === 'no-token-pasted' && said !== null) {
    return textFor(['refusal_brokerRefusalPasted', 'refusal_noTokenPasted_next']);
  }
  if (why === 'failed-often') {
    return [sayCount('refusal_failedOften', FAILED_SIGN_INS), say('refusal_failedOften_next')];
  }
  if (why === 'over-budget') {
    return [sayCount('refusal_overBudget', ALLOWED), say('refusal_overBudget_next')];
  }
  if (isOurs(why)) return textFor(OURS[why]);
  if (during === 'renewal') return failureText(why, host);
  if (during === 'oauth' && why === 'app-not-registered') return textFor(OWN_APP);
  if (isOfWindow(why)) return textFor(AT_WINDOW[why]);
  const [sentence, nextStep] = textOf(why);
  // No session is there that would be tried again by itself.
  const atSignIn = AT_SIGN_IN[why];
  return [sentence, atSignIn === undefined ? nextStep || say('refusal_tryAgain') : say(atSignIn)];
}

function heldBy({ label, alive }: NonNullable<Refusal['held']>): Text {
  return [
    say('refusal_held', { label }),
    say(alive ? 'refusal_held_next' : 'refusal_alreadyHere_next'),
  ];
}

function isOurs(why: Exclude<Reason, Counted>): why is keyof typeof OURS {
  return why in OURS;
}
