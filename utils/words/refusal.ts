/** The words for a refusal, and the place in a form where they belong. Loaded by pages when there is one. */
import { isOfWindow, type FailureKind, type WindowFailureKind } from '../tradovate/failure.ts';
import { failureText, textOf, type Text } from './cause.ts';
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

const OURS: Record<Exclude<Reason, FailureKind>, Text> = {
  silent: [
    'Holdfast’s background part did not answer.',
    'Reload this page, see how the login stands, then try again. If it stays silent, switch the extension off and on.',
  ],
  gone: ['This login is no longer here.', 'Close and open this window again.'],
  'already-here': ['This login is already here.', 'Use Reconnect in its row, or remove it first.'],
  'api-secret-needed': ['The API secret is not kept on this computer.', 'Type it in as well.'],
  'client-secret-needed': ['The client secret is not kept on this computer.', 'Type it in.'],
  'user-name-needed': [
    'What you pasted does not say whose token it is.',
    'Type the user name of the login.',
  ],
  'no-token-pasted': [
    'There is no token in what you pasted.',
    'Paste the access token, or the whole reply that it came in.',
  ],
  'token-refused': [
    'The broker does not accept this token here.',
    'It has run out, the other program has renewed it since, or it belongs to the other environment. Copy the present one.',
  ],
  'token-of-other': [
    'This token belongs to another user.',
    'Paste one of this login, or take it over as a login of its own on the options page.',
  ],
  'failed-often': [
    `${FAILED_SIGN_INS} sign-ins have failed within an hour. After about five the broker locks this network out.`,
    'Wait, and check meanwhile what you type. On another network, try anyway.',
  ],
  'quiet-asked': [
    'The broker has asked not to be called for a while.',
    'Wait for the countdown: a try before that makes it longer.',
  ],
  'no-session': ['There is no session to renew.', 'Reconnect.'],
  'over-budget': [
    `This network has made the ${ALLOWED} renewals that the broker allows in an hour.`,
    'Nothing to do: Holdfast renews each login when its turn comes.',
  ],
};

const AT_WINDOW: Record<WindowFailureKind, Text> = {
  'access-denied': [
    'Access was denied on the broker’s page.',
    'Sign in again and allow it. If you did, look at what your app is allowed to do in its registration.',
  ],
  'redirect-mismatch': [
    'The redirect URI is not the one that is registered for this app.',
    'Copy the one shown here into the app’s registration, to the letter. It differs from browser to browser.',
  ],
  'code-refused': [
    'The broker did not accept the code it had just given: it was too old, or used already.',
    'Sign in again.',
  ],
  'foreign-answer': [
    'The answer did not belong to this sign-in, and was not used.',
    'Sign in again, and if it comes back close the broker’s other pages first.',
  ],
  'other-user': [
    'Somebody else is signed in on the broker’s page.',
    'Sign out there, then sign in as the user of this login.',
  ],
  'window-closed': [
    'The broker’s page was closed before the sign-in was through.',
    'Sign in again. If the page said that something is wrong with client_id or redirect_uri, check the client ID and the registered redirect URI.',
  ],
  'window-open': [
    'A window of the broker’s page is open already.',
    'Finish the sign-in there or close it, then sign in again.',
  ],
  'authorization-timed-out': [
    'The sign-in on the broker’s page took longer than ten minutes.',
    'Close that page and sign in again.',
  ],
};

const OWN_APP: Text = [
  'The broker does not know this app: application not found, or not registered like this.',
  'Check the client ID, the client secret and the registered redirect URI.',
];

/** What to do is another thing at a sign-in, where no token is held yet. */
const AT_SIGN_IN: Partial<Record<FailureKind, string>> = {
  'rate-limited': 'Wait an hour before you try again: a try before that makes it longer.',
  'locked-out': 'Wait an hour before you try again: a lock-out follows if calls go on.',
  offline: 'Try again when the connection is back.',
  'host-moved':
    'Try once more: Holdfast then asks at the next host it knows. If there is none, look for an update of Holdfast.',
};

/** Cause and next step of a refusal. */
export function describeRefusal(refusal: Refusal): RefusalInWords {
  const [sentence, nextStep] = text(refusal);
  return {
    ...refusal,
    field: FIELDS[refusal.why] ?? 'form',
    sentence,
    nextStep,
    mayInsist: refusal.why === 'failed-often',
  };
}

function text({ why, during, host, held, said }: Refusal): Text {
  if (why === 'already-here' && held !== null) return heldBy(held);
  if (why === 'no-token-pasted' && said !== null) {
    return ['What you pasted is not a token but a refusal of the broker.', OURS[why][1]];
  }
  if (isOurs(why)) return OURS[why];
  if (during === 'renewal') return failureText(why, host);
  if (during === 'oauth' && why === 'app-not-registered') return OWN_APP;
  if (isOfWindow(why)) return AT_WINDOW[why];
  const [sentence, nextStep] = textOf(why);
  // No session is there that would be tried again by itself.
  return [sentence, AT_SIGN_IN[why] ?? (nextStep || 'Try again in a minute.')];
}

function heldBy({ label, alive }: NonNullable<Refusal['held']>): Text {
  return [
    `This login is already here, as “${label}”.`,
    alive
      ? 'Use its session: Copy token in its row gives it to any program.'
      : OURS['already-here'][1],
  ];
}

function isOurs(why: Reason): why is keyof typeof OURS {
  return why in OURS;
}
