/**
 * The words for a cause: what happened, and a next step. The broker's own words are shown beside
 * them, never instead of them. Which cause it is says utils/keeper/status/cause.ts.
 */
import { isOfWindow, type FailureKind, type WindowFailureKind } from '../tradovate/failure.ts';
import type { Cause, Explanation } from '../keeper/status/cause.ts';

export interface Words {
  /** What happened, one sentence. */
  sentence: string;
  /** What the person can do; empty when nothing needs doing. */
  nextStep: string;
  /** The broker's own words. */
  said: string | null;
}

export type Text = readonly [sentence: string, nextStep: string];

/** What can befall a session; of a sign-in on the broker's page the form says more (words/refusal.ts). */
const FAILURES: Record<Exclude<FailureKind, WindowFailureKind>, Text> = {
  penalty: [
    'The broker asks for a pause before it answers.',
    'Wait for the countdown, then try again.',
  ],
  captcha: [
    'The broker wants a human check (captcha), which only its own pages can show.',
    'Wait an hour, or sign in once on the broker’s own page, then reconnect.',
  ],
  'wrong-credentials': [
    'The broker does not accept this user name and password.',
    'Check both. After several tries even the right password is refused for about ten minutes.',
  ],
  'app-not-registered': [
    'The broker does not know this API key.',
    'Check app ID, cid and secret against the API key in your account settings.',
  ],
  'user-locked': [
    'The broker has locked this user for the moment.',
    'Wait, or ask the broker’s support to unlock it.',
  ],
  'user-closed': ['The broker has closed this user.', 'Ask the broker’s support.'],
  'email-unconfirmed': [
    'The e-mail address of this user is not confirmed.',
    'Open the link in the broker’s e-mail, then sign in again.',
  ],
  'password-compromised': [
    'The broker refuses this password because it is in a list of leaked passwords.',
    'Choose a new password on the broker’s page, then sign in with it.',
  ],
  'password-expired': [
    'The password has expired.',
    'Choose a new one on the broker’s page, then sign in with it.',
  ],
  'terms-outdated': [
    'The broker’s terms have changed and wait for your consent.',
    'Sign in once on the broker’s page and accept them, then sign in here.',
  ],
  'wrong-environment': [
    'This login belongs to the other environment.',
    'Switch between live and demo.',
  ],
  refused: ['The broker refused, and said why.', 'See the broker’s words below.'],
  unauthorized: [
    'The broker refused access.',
    'If the login is new here, look for the broker’s e-mail that asks to approve this device.',
  ],
  'locked-out': [
    'The broker has stopped answering for this user (423): a lock-out of an hour follows if calls go on.',
    'Do not sign in again yet. Holdfast keeps still.',
  ],
  'rate-limited': [
    'The broker’s rate limit is reached (429).',
    'Nothing to do: Holdfast keeps still, and still renews once just before the token would expire.',
  ],
  'request-timeout': ['The broker gave up on the request (408).', ''],
  'broker-error': ['The broker has a fault of its own.', ''],
  'not-found': [
    'The broker did not know the address that was called.',
    'Look for an update of Holdfast.',
  ],
  'host-moved': [
    'The broker has moved this login to another host.',
    'Holdfast goes on asking which. If that does not help, look for an update of Holdfast.',
  ],
  unreadable: ['The broker’s answer could not be read.', ''],
  'no-answer': ['The broker did not answer in time.', ''],
  unreachable: [
    'The broker cannot be reached.',
    'Check this computer’s connection, VPN and firewall.',
  ],
  offline: ['This computer is offline.', 'Holdfast goes on as soon as the connection is back.'],
  'not-permitted': [
    'The browser does not let Holdfast talk to the broker: its access to that site was taken away.',
    'Give it back in the browser’s settings for extensions, under Holdfast, Permissions.',
  ],
  damaged: [
    'What Holdfast had stored of this login is damaged, and its token with it.',
    'Reconnect. Other logins are not affected.',
  ],
  interrupted: ['The browser stopped Holdfast in the middle of a call.', ''],
};

const RECONNECT = 'Reconnect.';
const NOT_THROUGH: Text = ['The last sign-in did not go through.', RECONNECT];

/** What happened and what to do, of a failure on its own. */
export function textOf(kind: FailureKind): Text {
  return isOfWindow(kind) ? NOT_THROUGH : FAILURES[kind];
}

const GOES_ON = 'Nothing to do: Holdfast goes on when it is back.';

/** Causes that are told as what the call came to. */
type AsItCame = 'outage' | 'device-approval';

const CAUSES: Record<Exclude<Cause, FailureKind | AsItCame>, Text> = {
  evicted: [
    'Another sign-in closed this session: the broker closes the oldest when a login has one too many.',
    'Reconnect when you no longer need one of the others; reconnecting may close the oldest of those.',
  ],
  rejected: [
    'The broker no longer accepts this token, though its time was not up. Most often another sign-in closed the session.',
    RECONNECT,
  ],
  'taken-back': [
    'The broker no longer accepts this token. Most often the program it was taken over from has renewed it too, or another sign-in closed the session.',
    'Stop the renewing in that program, then reconnect with its present token.',
  ],
  'token-damaged': [
    'The stored token can no longer be read: the browser’s storage was damaged or partly cleared.',
    'Reconnect. Other logins are not affected.',
  ],
  'renewal-lost': [
    'The broker’s answer to a renewal was lost on the way, and it no longer accepts the token from before.',
    RECONNECT,
  ],
  'likely-evicted': [
    'Since another sign-in was seen the broker no longer answers this session: most likely it was closed.',
    'Reconnect, or wait: Holdfast tries once more before the token expires.',
  ],
  'likely-evicted-paused': [
    'Since another sign-in was seen the broker no longer answers this session: most likely it was closed.',
    RECONNECT,
  ],
  'only-this': [
    'The broker answers other logins here, but not this session: another sign-in may have closed it.',
    'Reconnect, or wait: Holdfast tries again.',
  ],
  expired: ['The token ran out before it could be renewed.', RECONNECT],
  'expired-limited': [
    'The token ran out while the broker’s limit held its renewal back.',
    RECONNECT,
  ],
  'expired-broker': [
    'The token ran out while the broker had a fault: it could not be renewed.',
    RECONNECT,
  ],
  'expired-network': [
    'The token ran out while the broker could not be reached from this computer.',
    RECONNECT,
  ],
  'expired-blocked': [
    'The token ran out while the browser kept Holdfast from the broker.',
    RECONNECT,
  ],
  'expired-maintenance': [
    'The token ran out during the broker’s maintenance: it could not be renewed.',
    RECONNECT,
  ],
  'expired-refused': ['The token ran out because the broker refused to renew it.', RECONNECT],
  'expired-paused': ['The token ran out because you had paused the keeping.', RECONNECT],
  'expired-asleep': [
    'The token ran out while this computer was asleep or the browser was closed.',
    RECONNECT,
  ],
  asleep: [
    'This session was not checked while the computer was asleep or the browser was closed.',
    '',
  ],
  'expired-moved': [
    'The token ran out after the broker had moved this login to another host.',
    RECONNECT,
  ],
  'host-named': [
    'The broker now names another host for this login, and Holdfast may not call it yet.',
    'Allow it before the old host stops answering. Until then nothing changes.',
  ],
  maintenance: ['The broker does not answer: these are its maintenance hours.', GOES_ON],
  'outage-one-side': [
    'This side of the broker, live or demo, does not answer, though the other one does.',
    GOES_ON,
  ],
  'renewal-refused': [
    'The broker still accepts this token, but refuses to renew it.',
    'Reconnect before it ends.',
  ],
  'password-changed': [
    'The broker no longer accepts the password: it was changed, or not typed right.',
    'See whether it works on the broker’s own page, then reconnect.',
  ],
  'exchange-closed': ['The exchange is closed; this session is fine.', ''],
  'tug-of-war': [
    'Your web login and Holdfast keep closing each other’s session: this login may not hold both.',
    'Yield to the web login, or sign out there before you reconnect here.',
  ],
  yielding: [
    'Holdfast yields to your web login for a while.',
    'Until then it asks for nothing. Resume keeping to end that now.',
  ],
  'signing-in': ['Signing in.', ''],
  checking: ['Checking whether the broker still accepts this session.', ''],
  'checking-web-login': ['A web login was seen. Checking whether this session survived it.', ''],
  'not-checked': ['This session has not been checked yet.', ''],
  paused: ['You paused the keeping: this token will not be renewed.', 'Resume before it expires.'],
  'not-signed-in': ['Not signed in yet.', RECONNECT],
  'link-opening': ['The live link to the broker is not up. The session itself works.', ''],
  'link-down': [
    'The live link to the broker has been down for more than five minutes. The session itself works.',
    'Nothing to do for the session. You can switch the link off in the options.',
  ],
  'link-held': [
    'The broker closed the live link because there were too many connections. The session itself works.',
    'To try again, switch the link off and on in the options. It may close another of your connections.',
  ],
};

/** What to do where the browser keeps Holdfast from `host`. It sends nothing there before. */
const hostNamed = (host: string) =>
  `The broker now names ${host} as the host of this login, and Holdfast may not call it yet.`;
const allow = (host: string) => `Allow Holdfast to call ${host}, the host this login is at now.`;

/** What there is to say of a login that stands as it does for this reason. */
export function describe({ cause, failure, said, host, overAt }: Explanation): Words {
  const asItCame = cause === 'outage' || cause === 'device-approval';
  const shown = asItCame ? (failure ?? 'broker-error') : cause;
  const [sentence, nextStep] = isFailure(shown) ? failureText(shown, host) : CAUSES[shown];
  if (shown === 'yielding' && overAt === null) return { sentence: YIELDS_TO_TAB, nextStep, said };
  if (shown === 'host-named' && host !== null) {
    return { sentence: hostNamed(host), nextStep, said };
  }
  const first = nextStep === RECONNECT && host !== null;
  return { sentence, nextStep: first ? `${allow(host)} Then reconnect.` : nextStep, said };
}

const YIELDS_TO_TAB = 'Holdfast yields to your web login until its tab is closed.';

function isFailure(cause: Exclude<Cause, AsItCame>): cause is FailureKind {
  return !(cause in CAUSES);
}

/** The same of a session that is kept; `host` is to be allowed first. */
export function failureText(kind: FailureKind, host: string | null): Text {
  const [sentence, nextStep] = textOf(kind);
  return [sentence, host === null ? nextStep : allow(host)];
}
