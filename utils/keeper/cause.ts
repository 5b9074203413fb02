/**
 * Why a login is not green, in words: a cause, a next step, and when it heals by itself if it does.
 * The broker's own words are carried beside it, never instead of it.
 */
import type { Failure, FailureKind, WindowFailureKind } from '../tradovate/failure.ts';
import {
  hostNeeded,
  isCutOff,
  likelyEvicted,
  type CallKind,
  type EndCause,
  type LoginRecord,
  type State,
} from './login.ts';
import { isTugOfWar } from './notice.ts';
import { isProven, lateRetry, refreshAt } from './plan.ts';

export interface Explanation {
  /** A fixed word for tests, styles and the journal. */
  cause:
    | FailureKind
    | EndCause
    | 'likely-evicted'
    | 'host-named'
    | 'signing-in'
    | 'checking'
    | 'not-checked'
    | 'paused'
    | 'yielding'
    | 'tug-of-war'
    | 'not-signed-in';
  /** What happened, one sentence. */
  sentence: string;
  /** What the person can do; empty when nothing needs doing. */
  nextStep: string;
  /** When Holdfast tries again or the limit ends by itself, epoch ms. */
  healsAt: number | null;
  /** The broker's own words. */
  said: string | null;
}

type Text = readonly [sentence: string, nextStep: string];

/** What can befall a session; of a sign-in on the broker's page the form says more (sign-in-words.ts). */
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

const NOT_THROUGH: Text = ['The last sign-in did not go through.', 'Reconnect.'];

function textOf(kind: FailureKind): Text {
  return kind in FAILURES ? FAILURES[kind as keyof typeof FAILURES] : NOT_THROUGH;
}

const ENDS: Record<EndCause, Text> = {
  expired: ['The token ran out before it could be renewed.', 'Reconnect.'],
  evicted: [
    'Another sign-in closed this session: the broker closes the oldest when a login has one too many.',
    'Reconnect when you no longer need one of the others; reconnecting may close the oldest of those.',
  ],
  rejected: [
    'The broker no longer accepts this token, though its time was not up. Most often another sign-in closed the session.',
    'Reconnect.',
  ],
  damaged: [
    'The stored token can no longer be read: the browser’s storage was damaged or partly cleared.',
    'Reconnect. Other logins are not affected.',
  ],
  'renewal-lost': [
    'The broker’s answer to a renewal was lost on the way, and it no longer accepts the token from before.',
    'Reconnect.',
  ],
};

/** Of a session that was taken over there is one more who may have ended it. */
const TAKEN_BACK: Text = [
  'The broker no longer accepts this token. Most often the program it was taken over from has renewed it too, or another sign-in closed the session.',
  'Stop the renewing in that program, then reconnect with its present token.',
];

const RAN_OUT = {
  limited: 'The token ran out while the broker’s limit held its renewal back.',
  broker: 'The token ran out while the broker had a fault: it could not be renewed.',
  network: 'The token ran out while the broker could not be reached from this computer.',
};

/** A token that ran out did so for a reason, when something stood in the way of its renewal. */
const EXPIRED_DURING: Partial<Record<FailureKind, string>> = {
  penalty: RAN_OUT.limited,
  captcha: RAN_OUT.limited,
  'locked-out': RAN_OUT.limited,
  'rate-limited': RAN_OUT.limited,
  'request-timeout': RAN_OUT.broker,
  'broker-error': RAN_OUT.broker,
  'no-answer': RAN_OUT.broker,
  unreadable: RAN_OUT.broker,
  unreachable: RAN_OUT.network,
  offline: RAN_OUT.network,
  'not-permitted': 'The token ran out while the browser kept Holdfast from the broker.',
  'host-moved': 'The token ran out after the broker had moved this login to another host.',
};

/** What to do where the browser keeps Holdfast from `host`. It sends nothing there before. */
const allow = (host: string) => `Allow Holdfast to call ${host}, the host this login is at now.`;

const TUG_OF_WAR: Text = [
  'Your web login and Holdfast keep closing each other’s session: this login may not hold both.',
  'Yield to the web login, or sign out there before you reconnect here.',
];

/** What to do is another thing at a sign-in, where no token is held yet. */
const AT_SIGN_IN: Partial<Record<FailureKind, string>> = {
  'rate-limited': 'Wait an hour before you try again: a try before that makes it longer.',
  'locked-out': 'Wait an hour before you try again: a lock-out follows if calls go on.',
  offline: 'Try again when the connection is back.',
  'host-moved':
    'Try once more: Holdfast then asks at the next host it knows. If there is none, look for an update of Holdfast.',
};

/** Cause and next step of a failure on its own, for the place where it happened. */
export function describeFailure(
  failure: Failure,
  during: CallKind,
  record: LoginRecord,
): Pick<Explanation, 'sentence' | 'nextStep' | 'said'> {
  const [sentence, nextStep] = textOf(failure.kind);
  return {
    sentence,
    nextStep:
      during === 'sign-in'
        ? (AT_SIGN_IN[failure.kind] ?? nextStep)
        : failureText(failure.kind, record)[1],
    said: failure.said ?? null,
  };
}

function failureText(kind: FailureKind, record: LoginRecord): Text {
  const host = hostNeeded(record);
  const [sentence, nextStep] = textOf(kind);
  return [sentence, host === null ? nextStep : allow(host)];
}

/** Why `record` is in `state` at `now`; null when there is nothing to say. `renewalAt` is its turn. */
export function explain(
  record: LoginRecord,
  state: State,
  now: number,
  renewalAt: number | null,
): Explanation | null {
  const tell = (
    cause: Explanation['cause'],
    [sentence, nextStep]: Text,
    healsAt: number | null = null,
  ) => ({
    cause,
    sentence,
    nextStep,
    healsAt,
    said: record.failure?.said ?? null,
  });
  if (record.call?.kind === 'sign-in') return tell('signing-in', ['Signing in.', '']);
  if (record.yield !== null) {
    return tell(
      'yielding',
      [
        record.yield.until === null
          ? 'Holdfast yields to your web login until its tab is closed.'
          : 'Holdfast yields to your web login for a while.',
        'Until then it asks for nothing. Resume keeping to end that now.',
      ],
      record.yield.until,
    );
  }
  const lost = record.end?.cause === 'evicted' || likelyEvicted(record);
  if (lost && isTugOfWar(record, now)) return tell('tug-of-war', TUG_OF_WAR);
  if (record.end !== null && record.session !== null) {
    const takenBack = record.way === 'token' && record.end.cause === 'rejected';
    const [sentence, nextStep] = takenBack ? TAKEN_BACK : ENDS[record.end.cause];
    const during = record.end.cause === 'expired' ? record.failure?.kind : undefined;
    const again = refreshAt(record);
    return tell(
      record.end.cause,
      [(during && EXPIRED_DURING[during]) ?? sentence, nextStep],
      again,
    );
  }
  if (record.session === null) {
    return record.failure === null
      ? tell('not-signed-in', ['Not signed in yet.', 'Reconnect.'])
      : tell(record.failure.kind, failureText(record.failure.kind, record));
  }
  if (state === 'expired') return tell('expired', ENDS.expired, lateRetry(record));
  const paused = record.pausedAt !== null;
  if (likelyEvicted(record)) {
    return tell('likely-evicted', [
      'Since another sign-in was seen the broker no longer answers this session: most likely it was closed.',
      paused
        ? 'Reconnect.'
        : 'Reconnect, or wait: Holdfast tries once more before the token expires.',
    ]);
  }
  if (record.failure !== null) {
    const heals = paused ? null : (record.retryAt ?? renewalAt);
    const text = failureText(record.failure.kind, record);
    return tell(record.failure.kind, text, record.check?.at ?? heals);
  }
  if (isCutOff(record)) return tell('not-permitted', failureText('not-permitted', record));
  if (record.check !== null) {
    return tell(
      'checking',
      record.check.reason === 'web-login'
        ? ['A web login was seen. Checking whether this session survived it.', '']
        : ['Checking whether the broker still accepts this session.', ''],
      record.check.at,
    );
  }
  if (paused) {
    return tell('paused', [
      'You paused the keeping: this token will not be renewed.',
      'Resume before it expires.',
    ]);
  }
  if (!isProven(record, now)) {
    const sentence = 'This session has not been checked for a while.';
    return tell('not-checked', [sentence, ''], renewalAt);
  }
  const host = hostNeeded(record);
  if (host !== null) {
    return tell('host-named', [
      `The broker now names ${host} as the host of this login, and Holdfast may not call it yet.`,
      'Allow it before the old host stops answering. Until then nothing changes.',
    ]);
  }
  return null;
}
