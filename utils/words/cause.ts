/**
 * The words for a cause: what happened, and a next step. The broker's own words are shown beside
 * them, never instead of them. Which cause it is decides utils/keeper/status/cause.ts.
 */
import { isOfWindow, type FailureKind, type WindowFailureKind } from '../tradovate/failure.ts';
import type { Cause, Explanation } from '../keeper/status/cause.ts';
import { say, type PlainKey } from '../platform/i18n.ts';

export interface Words {
  /** What happened, one sentence. */
  sentence: string;
  /** What the person can do; empty when nothing needs doing. */
  nextStep: string;
  /** The broker's own words. */
  said: string | null;
  /** That this is a guess, and how good a one; null: it is certain. */
  sure: string | null;
}

export type Text = readonly [sentence: string, nextStep: string];

/** The messages of a text; null: nothing needs doing. */
export type Keys = readonly [sentence: PlainKey, nextStep: PlainKey | null];

export const textFor = ([sentence, nextStep]: Keys): Text => [
  say(sentence),
  nextStep === null ? '' : say(nextStep),
];

/** What can befall a session; of a sign-in on the broker's page the form says more (refusal.ts). */
const FAILURES: Record<Exclude<FailureKind, WindowFailureKind>, Keys> = {
  penalty: ['cause_penalty', 'cause_penalty_next'],
  captcha: ['cause_captcha', 'cause_captcha_next'],
  'wrong-credentials': ['cause_wrongCredentials', 'cause_wrongCredentials_next'],
  'app-not-registered': ['cause_appNotRegistered', 'cause_appNotRegistered_next'],
  'user-locked': ['cause_userLocked', 'cause_userLocked_next'],
  'user-closed': ['cause_userClosed', 'cause_userClosed_next'],
  'email-unconfirmed': ['cause_emailUnconfirmed', 'cause_emailUnconfirmed_next'],
  'password-compromised': ['cause_passwordCompromised', 'cause_passwordCompromised_next'],
  'password-expired': ['cause_passwordExpired', 'cause_passwordExpired_next'],
  'terms-outdated': ['cause_termsOutdated', 'cause_termsOutdated_next'],
  'wrong-environment': ['cause_wrongEnvironment', 'cause_wrongEnvironment_next'],
  refused: ['cause_refused', 'cause_refused_next'],
  unauthorized: ['cause_unauthorized', 'cause_unauthorized_next'],
  'locked-out': ['cause_lockedOut', 'cause_lockedOut_next'],
  'rate-limited': ['cause_rateLimited', 'cause_rateLimited_next'],
  'request-timeout': ['cause_requestTimeout', null],
  'broker-error': ['cause_brokerError', null],
  'not-found': ['cause_notFound', 'cause_notFound_next'],
  'host-moved': ['cause_hostMoved', 'cause_hostMoved_next'],
  intercepted: ['cause_intercepted', 'cause_intercepted_next'],
  unreadable: ['cause_unreadable', null],
  'no-answer': ['cause_noAnswer', null],
  unreachable: ['cause_unreachable', 'cause_unreachable_next'],
  offline: ['cause_offline', 'cause_offline_next'],
  'not-permitted': ['cause_notPermitted', 'cause_notPermitted_next'],
  damaged: ['cause_damaged', 'cause_damaged_next'],
  interrupted: ['cause_interrupted', null],
};

const NOT_THROUGH: Keys = ['cause_signInFailed', 'cause_reconnect'];

/** What happened and what to do, of a failure on its own. */
export function textOf(kind: FailureKind): Text {
  return textFor(isOfWindow(kind) ? NOT_THROUGH : FAILURES[kind]);
}

/** Causes that are told as what the call came to. */
type AsItCame = 'outage' | 'device-approval';

const CAUSES: Record<Exclude<Cause, FailureKind | AsItCame>, Keys> = {
  evicted: ['cause_evicted', 'cause_evicted_next'],
  rejected: ['cause_rejected', 'cause_reconnect'],
  'taken-back': ['cause_takenBack', 'cause_takenBack_next'],
  'token-of-other': ['cause_tokenOfOther', 'cause_tokenOfOther_next'],
  'token-damaged': ['cause_tokenDamaged', 'cause_damaged_next'],
  'renewal-lost': ['cause_renewalLost', 'cause_reconnect'],
  'likely-evicted': ['cause_likelyEvicted', 'cause_likelyEvicted_next'],
  'likely-evicted-paused': ['cause_likelyEvicted', 'cause_reconnect'],
  'only-this': ['cause_onlyThis', 'cause_onlyThis_next'],
  'outage-or-closed': ['cause_outageOrClosed', 'cause_outageOrClosed_next'],
  expired: ['cause_expired', 'cause_reconnect'],
  'expired-evicted': ['cause_expiredEvicted', 'cause_reconnect'],
  'expired-limited': ['cause_expiredLimited', 'cause_reconnect'],
  'expired-broker': ['cause_expiredBroker', 'cause_reconnect'],
  'expired-network': ['cause_expiredNetwork', 'cause_reconnect'],
  'expired-blocked': ['cause_expiredBlocked', 'cause_reconnect'],
  'expired-maintenance': ['cause_expiredMaintenance', 'cause_reconnect'],
  'expired-refused': ['cause_expiredRefused', 'cause_reconnect'],
  'expired-paused': ['cause_expiredPaused', 'cause_reconnect'],
  'expired-asleep': ['cause_expiredAsleep', 'cause_reconnect'],
  asleep: ['cause_asleep', null],
  'expired-moved': ['cause_expiredMoved', 'cause_reconnect'],
  'host-named': ['cause_hostNamed', 'cause_hostNamed_next'],
  maintenance: ['cause_maintenance', 'cause_goesOn'],
  'outage-one-side': ['cause_outageOneSide', 'cause_goesOn'],
  'renewal-refused': ['cause_renewalRefused', 'cause_renewalRefused_next'],
  'password-changed': ['cause_passwordChanged', 'cause_passwordChanged_next'],
  'exchange-closed': ['cause_exchangeClosed', null],
  'tug-of-war': ['cause_tugOfWar', 'cause_tugOfWar_next'],
  yielding: ['cause_yielding', 'cause_yielding_next'],
  'signing-in': ['cause_signingIn', null],
  checking: ['cause_checking', null],
  'checking-web-login': ['cause_checkingWebLogin', null],
  'not-checked': ['cause_notChecked', null],
  paused: ['cause_paused', 'cause_paused_next'],
  'not-signed-in': ['cause_notSignedIn', 'cause_reconnect'],
  'link-opening': ['cause_linkOpening', null],
  'link-down': ['cause_linkDown', 'cause_linkDown_next'],
  'link-held': ['cause_linkHeld', 'cause_linkHeld_next'],
};

/** What there is to say of a login that stands as it does for this reason. */
export function describe(why: Explanation): Words {
  const { cause, certainty, failure, said, host, overAt } = why;
  const asItCame = cause === 'outage' || cause === 'device-approval';
  const shown = asItCame ? (failure ?? 'broker-error') : cause;
  const [sentence, nextStep] = isFailure(shown)
    ? failureText(shown, host)
    : causeText(shown, host, overAt);
  // The broker itself told of one session too many.
  const told = cause === 'evicted' && certainty === 'certain';
  return {
    sentence: told ? say('cause_evicted_told') : sentence,
    nextStep,
    said,
    sure: certainty === 'certain' ? null : say(`why_${certainty}`),
  };
}

function causeText(cause: keyof typeof CAUSES, host: string | null, overAt: number | null): Text {
  const [sentence, nextStep] = textFor(CAUSES[cause]);
  if (cause === 'yielding' && overAt === null) return [say('cause_yielding_tab'), nextStep];
  if (host === null) return [sentence, nextStep];
  if (cause === 'host-named') return [say('cause_hostNamed_host', { host }), nextStep];
  const [, next] = CAUSES[cause];
  return [sentence, next === 'cause_reconnect' ? say('cause_allow_reconnect', { host }) : nextStep];
}

function isFailure(cause: Exclude<Cause, AsItCame>): cause is FailureKind {
  return !(cause in CAUSES);
}

/** The same of a session that is kept; `host` is to be allowed first: nothing is sent there before. */
export function failureText(kind: FailureKind, host: string | null): Text {
  const [sentence, nextStep] = textOf(kind);
  return [sentence, host === null ? nextStep : say('cause_allow', { host })];
}
