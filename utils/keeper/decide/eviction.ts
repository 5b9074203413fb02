/**
 * Whether a web login is why the broker no longer answers a session. Closed sessions are answered
 * like impatient callers and like everybody in an outage (FACTS.md row 9): what else it can be is
 * ruled out first, and even then it is likely and never proven.
 */
import { HOUR, MINUTE, SECOND } from '../../durations.ts';
import {
  hasLiveSession,
  type Check,
  type LoginRecord,
  type WebLogin,
} from '../../records/login.ts';
import { FAILURES, isAsIfClosed } from '../../tradovate/failure.ts';
import { maintenanceAt } from '../../tradovate/maintenance.ts';
import { isSameUser } from '../status/sessions.ts';
import { afterLoss, type Context } from './step.ts';

/** One sign-in on the broker's pages makes checks due for all logins: they are this far apart. */
const SPACING_MS = 3 * SECOND;
/** A login whose lock is held hears of a web login later than the others. */
const SAME_MS = MINUTE;

/** What a check after a web login that was not answered says of the session, once it is known what else is. */
export function judged(
  record: LoginRecord,
  { others, now }: Pick<Context, 'others' | 'now'>,
): Partial<LoginRecord> {
  return isLikely(record, others, now) ? afterLoss(record, now) : {};
}

/** It is to be judged without a question, as the broker asks for quiet. */
export function isToBeJudged({ check, quietUntil }: LoginRecord, now: number): boolean {
  const due = check?.reason === 'web-login' && check.tries > 0 && check.at <= now;
  return due && (quietUntil ?? 0) > now;
}

function isLikely(record: LoginRecord, others: readonly LoginRecord[], now: number): boolean {
  const { lastWebLogin: web, failure } = record;
  if (web === null || failure === null || !isAsIfClosed(failure)) return false;
  if (maintenanceAt(now) !== null) return false;
  return !ofOthers(record, others).some(
    (other) => isUnansweredSince(other, web) || isLimited(other, now),
  );
}

/** Those of other users. */
export const ofOthers = (record: LoginRecord, others: readonly LoginRecord[]): LoginRecord[] =>
  others.filter((other) => !isSameUser(other, record));

/** Others meet a limit as well, which may be that of the network. */
function isLimited({ quietUntil, failure }: LoginRecord, now: number): boolean {
  if (failure === null || quietUntil === null || quietUntil <= now) return false;
  return FAILURES[failure.kind].limit !== null && failure.at > now - HOUR;
}

/**
 * One web login closes the sessions of one user: where another's is not answered either since then,
 * the broker is away. A session that an earlier web login had closed is no sign of that.
 */
function isUnansweredSince(other: LoginRecord, web: WebLogin): boolean {
  const { failure, proof, lastWebLogin } = other;
  if (failure === null || failure.at < web.at || (proof?.at ?? 0) >= failure.at) return false;
  const before = lastWebLogin?.survived === false && lastWebLogin.at < web.at - SAME_MS;
  const { asIfClosed, silent } = FAILURES[failure.kind];
  return (asIfClosed || silent === 'broker') && !before && hasLiveSession(other, failure.at);
}

/** That very web login has cost another user the session, so it was not what ended this one. */
export function hasClosedAnother(record: LoginRecord, others: readonly LoginRecord[]): boolean {
  const { lastWebLogin: web } = record;
  return ofOthers(record, others).some(
    ({ lastWebLogin: their }) =>
      their?.survived === false &&
      their.host === web?.host &&
      Math.abs(their.at - web.at) < SAME_MS,
  );
}

/** Checks that a sign-in on the broker's pages makes due for all logins at once. */
export const isOfSignIn = ({ reason }: Check): boolean =>
  reason === 'web-login' || reason === 'idle';

/**
 * When such a check has its turn, at `at` or later: one login after the other, as twenty calls in one
 * moment meet limits of their own.
 */
export function turnAt(at: number, { others, now }: Pick<Context, 'others' | 'now'>): number {
  const taken = others.flatMap(({ check, call, proof, failure }) => [
    ...(check !== null && isOfSignIn(check) && check.at > now ? [check.at] : []),
    ...(call?.kind === 'probe' ? [call.since] : []),
    ...(proof?.by === 'probe' ? [proof.at] : []),
    ...(failure?.during === 'probe' ? [failure.at] : []),
  ]);
  let turn = at;
  for (const other of taken.sort((one, next) => one - next)) {
    if (Math.abs(other - turn) < SPACING_MS) turn = other + SPACING_MS;
  }
  return turn;
}
