/**
 * The words of a sign-in that failed, for the place where it was made. Apart from cause.ts, so that
 * the popup opens without what only forms say.
 */
import type { Failure, WindowFailureKind } from '../tradovate/failure.ts';
import { describeFailure, type Explanation } from './cause.ts';
import type { LoginRecord } from './login.ts';

const AT_WINDOW: Record<WindowFailureKind, readonly [sentence: string, nextStep: string]> = {
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
  'authorization-timed-out': [
    'The sign-in on the broker’s page took longer than ten minutes.',
    'Close that page and sign in again.',
  ],
};

const OWN_APP = [
  'The broker does not know this app: application not found, or not registered like this.',
  'Check the client ID, the client secret and the registered redirect URI.',
] as const;

/** Cause and next step of a sign-in that failed. `inWindow`: on the broker's own page. */
export function describeSignIn(
  failure: Failure,
  inWindow: boolean,
  record: LoginRecord,
): Pick<Explanation, 'sentence' | 'nextStep' | 'said'> {
  const words =
    inWindow && failure.kind === 'app-not-registered'
      ? OWN_APP
      : AT_WINDOW[failure.kind as WindowFailureKind];
  if (words === undefined) {
    const described = describeFailure(failure, 'sign-in', record);
    // No session is there that would be tried again by itself.
    return { ...described, nextStep: described.nextStep || 'Try again in a minute.' };
  }
  return { sentence: words[0], nextStep: words[1], said: failure.said ?? null };
}
