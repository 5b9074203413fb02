/** One step of the keeper, and the pieces that every speaker builds it from. */

import { MINUTE } from '../../durations.ts';
import type { JournalDetails, JournalEvent, JournalLine } from '../../records/journal.ts';
import {
  BY_HOLDFAST,
  hostsOf,
  type Call,
  type CallKind,
  type EndCause,
  type LoginRecord,
} from '../../records/login.ts';
import type { Times } from '../../records/settings.ts';
import type { Failure } from '../../tradovate/failure.ts';
import type { Issued } from '../../tradovate/replies.ts';
import type { Declined } from '../status/refusal.ts';
import { callLimit } from '../when/retries.ts';

/** What is known beside the record and the event. */
export interface Context {
  /** Epoch ms. */
  now: number;
  random: () => number;
  /** All other logins held here: renewals are planned together. */
  others: readonly LoginRecord[];
  /** When trading begins, before which every login is proven. */
  starts?: Times | undefined;
}

export interface Effect {
  call: CallKind;
  /** The first of these that may be called is asked. */
  hosts: readonly string[];
  limitMs: number;
}

/** What is to be written of a login, in one transaction. */
export interface Written {
  record: LoginRecord;
  journal: JournalLine[];
}

export interface Step extends Written {
  effect: Effect | null;
  /** The newly issued token, to be stored together with `record`. */
  issued: Issued | null;
  declined: Declined | null;
}

/** A person signs in on the broker's page, perhaps with a look into the mail. */
const WINDOW_MS = 10 * MINUTE;
/** Losses that are remembered: more than make a tug-of-war. */
const LOSSES_KEPT = 5;

export function step(record: LoginRecord, journal: JournalLine[] = []): Step {
  return { record, journal, effect: null, issued: null, declined: null };
}

export function line(
  record: LoginRecord,
  at: number,
  what: JournalEvent,
  details: JournalDetails = {},
): JournalLine[] {
  return [{ at, loginId: record.id, what, ...details }];
}

/** The line of a call that failed. */
export function failed(
  record: LoginRecord,
  { kind, status, said }: Failure,
  during: CallKind,
  now: number,
): JournalLine[] {
  const details = {
    during,
    kind,
    ...(status !== undefined && { status }),
    ...(said !== undefined && { said }),
  };
  return line(record, now, kind === 'interrupted' ? 'interrupted' : 'failed', details);
}

/** Begins a call: it is written down, and then made. */
export function begin(state: Step, what: CallKind | 'scout', now: number): Step {
  const { record } = state;
  const kind = what === 'scout' ? 'probe' : what;
  const timeLeft = (record.session?.expiresAt ?? Infinity) - now;
  // No deadline presses a sign-in, and after the end nothing is left to divide.
  const pressed = kind !== 'sign-in' && timeLeft > 0;
  const inWindow = kind === 'sign-in' && record.way === 'oauth';
  const limitMs = inWindow ? WINDOW_MS : callLimit(pressed ? timeLeft : Infinity);
  const call: Call = {
    kind,
    since: now,
    until: now + limitMs,
    ...(what === 'scout' ? { scouts: true } : {}),
  };
  return {
    ...state,
    record: { ...record, call },
    journal: [...state.journal, ...line(record, now, `${kind} started`)],
    effect: { call: kind, hosts: hostsToAsk(record), limitMs },
  };
}

/** The likeliest host first; one that has just turned out not to be the one comes last. */
function hostsToAsk(record: LoginRecord): string[] {
  const [right, wrong] = [hostsOf(record), record.wrongHost];
  return [...right.filter((host) => host !== wrong), ...right.filter((host) => host === wrong)];
}

/** There is no session to keep any more. */
export function end(state: Step, cause: EndCause, now: number): Step {
  const { record } = state;
  return {
    ...state,
    record: {
      ...record,
      end: { at: now, cause },
      call: null,
      check: null,
      retryAt: null,
      ...(cause === 'evicted' ? afterLoss(record, now) : {}),
    },
    journal: [...state.journal, ...line(record, now, 'ended', { cause })],
    effect: null,
  };
}

/** The last web login has cost the session, as far as that can be known. */
export function afterLoss(
  { lastWebLogin, losses }: LoginRecord,
  now: number,
): Pick<LoginRecord, 'lastWebLogin' | 'losses'> {
  if (lastWebLogin === null || lastWebLogin.survived === false) return { lastWebLogin, losses };
  const byWeb = lastWebLogin.host !== BY_HOLDFAST;
  return {
    lastWebLogin: { ...lastWebLogin, survived: false },
    losses: byWeb ? [...losses, now].slice(-LOSSES_KEPT) : losses,
  };
}
