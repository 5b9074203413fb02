/** What time brings: what is due, the network that is back, a sleep ahead, a clock that was set back. */
import {
  clockSetBack,
  hasLiveSession,
  type LoginRecord,
  type Session,
} from '../../records/login.ts';
import { FAILURES } from '../../tradovate/failure.ts';
import { contactAt, refreshDue, scoutAt } from '../when/deadlines.ts';
import { CLOCK_SLACK_MS } from '../when/proof.ts';
import { hasSpare, renewalAt } from '../when/renewals.ts';
import { isScouting, lateRetry, wasCut } from '../when/retries.ts';
import { resume } from './person.ts';
import { isOfSignIn, isToBeJudged, judged, turnAt } from './eviction.ts';
import { begin, end, step, type Context, type Step } from './step.ts';

/** What failed for want of the network is tried at once. */
export function online(before: LoginRecord, now: number): Step {
  const { failure, link } = before;
  const call = failure !== null && FAILURES[failure.kind].unheard;
  const waits = link?.why === 'offline' && !link.up;
  if (!call && !waits) return step(before);
  return step({
    ...before,
    ...(call ? { retryAt: now } : {}),
    ...(waits ? { link: { ...link, retryAt: now } } : {}),
  });
}

/** A token that is a third through its life is renewed before a sleep, where the budget has one to spare. */
export function leaving(record: LoginRecord, { now, others }: Context): Step {
  const { expiresAt, lifeMs } = record.session ?? { expiresAt: now, lifeMs: 0 };
  const worthIt = hasLiveSession(record, now) && expiresAt - now < (lifeMs * 2) / 3;
  const free = record.pausedAt === null && record.failure === null;
  return worthIt && free && hasSpare([...others, record], now)
    ? begin(step(record), 'renewal', now)
    : step(record);
}

/**
 * The broker was heard in the future: the computer's clock has been set back. How long ago that was
 * nobody knows, so the record is moved as if it were just now, and a renewal is due, whose reply tells the time.
 */
export function afterClockSetBack(record: LoginRecord, now: number): LoginRecord {
  const ahead = (record.contactAt ?? 0) - now;
  if (record.session === null || ahead <= CLOCK_SLACK_MS) return record;
  return clockSetBack(record, ahead, now);
}

/** Does what is due, one call at most. */
export function due(state: Step, context: Context): Step {
  const { record } = state;
  const { now, others, starts } = context;
  if (isOver(record.yield, now)) {
    const resumed = resume(record, now);
    const journal = [...state.journal, ...resumed.journal];
    return due({ ...state, record: resumed.record, journal }, context);
  }
  const { session } = record;
  if (record.end !== null) {
    const refresh = refreshDue(record, now, [...others, record]);
    return refresh !== null && refresh <= now ? begin(state, 'refresh', now) : state;
  }
  if (session === null) return state;
  if (now >= session.expiresAt) return dueAfterEnd(state, session, now);
  if ((scoutAt(record) ?? Infinity) <= now) return begin(state, 'scout', now);
  const renewal = wasCut(record) ? now : renewalAt(record, now, others);
  if (renewal !== null && renewal <= now) {
    return begin(state, isBrokerAway(record, others) ? 'scout' : 'renewal', now);
  }
  const contact = contactAt(record, starts);
  if (contact !== null && contact <= now) return begin(state, 'probe', now);
  return record.check !== null && record.check.at <= now ? dueCheck(state, context) : state;
}

/** A check has its time: it is made, unless quiet is asked for or another login has just had its turn. */
function dueCheck(state: Step, context: Context): Step {
  const { record } = state;
  const { now } = context;
  const { check, quietUntil } = record;
  if (check === null) return state;
  const later = (at: number, what: Partial<LoginRecord> = {}): Step => ({
    ...state,
    record: { ...record, ...what, check: { ...check, at } },
  });
  if (isToBeJudged(record, now)) return later(quietUntil ?? now, judged(record, context));
  const turn = isOfSignIn(check) ? turnAt(now, context) : now;
  return turn > now ? later(turn) : begin(state, 'probe', now);
}

/**
 * After a sleep: one attempt, then it is over (FACTS.md row 24). Not against a limit, nor when
 * paused. It is a probe, which costs nothing of the budget; should the token still work, it is
 * renewed.
 */
function dueAfterEnd(state: Step, session: Session, now: number): Step {
  const { record } = state;
  const limited = record.quietUntil !== null && now <= record.quietUntil;
  if (record.pausedAt !== null || limited) return end(state, 'expired', now);
  if ((lateRetry(record) ?? now) > now) return state;
  const works = record.proof !== null && record.proof.at >= session.expiresAt;
  return begin(state, works ? 'renewal' : 'probe', now);
}

/** Another login has found the broker away, and this one has not heard it since. */
function isBrokerAway(record: LoginRecord, others: readonly LoginRecord[]): boolean {
  return others.some(
    (other) =>
      other.environment === record.environment &&
      isScouting(other) &&
      (other.failure?.at ?? 0) > (record.proof?.at ?? 0),
  );
}

const isOver = (pause: LoginRecord['yield'], now: number): boolean =>
  pause !== null && pause.until !== null && now >= pause.until;
