/** What a person asks for: to renew, to pause and resume, to yield to a web login. */
import { MINUTE } from '../../durations.ts';
import { hasLiveSession, type LoginRecord } from '../../records/login.ts';
import { nextAllowed } from '../when/renewals.ts';
import { RENEWAL_PAUSE_MS } from '../when/retries.ts';
import { begin, line, step, type Context, type Step } from './step.ts';

/** Proofs this fresh need no new one after a resume: flipping back and forth costs nothing. */
const FRESH_MS = MINUTE;
/** Holdfast yields this long when asked to. */
const YIELD_MS = 15 * MINUTE;

export function renewNow(record: LoginRecord, { now, others }: Context): Step {
  if (!hasLiveSession(record, now))
    return { ...step(record), declined: { why: 'no-session', until: null } };
  if (record.quietUntil !== null && now < record.quietUntil) {
    return { ...step(record), declined: { why: 'limited', until: record.quietUntil } };
  }
  const { renewedAt, lifeMs } = record.session ?? { renewedAt: null, lifeMs: 0 };
  // Just renewed, perhaps by the call this click waited for: that is what was asked for.
  if (renewedAt !== null && now - renewedAt < Math.min(RENEWAL_PAUSE_MS, lifeMs / 6))
    return step(record);
  const allowed = nextAllowed([...others, record], now);
  if (allowed > now) return { ...step(record), declined: { why: 'budget', until: allowed } };
  return begin(step(record), 'renewal', now);
}

export function pause(before: LoginRecord, now: number): Step {
  const record: LoginRecord = { ...before, pausedAt: before.pausedAt ?? now, yield: null };
  return step(record, line(before, now, 'paused'));
}

export function resume(before: LoginRecord, now: number): Step {
  const record: LoginRecord = { ...before, pausedAt: null, yield: null };
  const fresh = before.proof !== null && now - before.proof.at < FRESH_MS;
  if (!fresh && hasLiveSession(record, now)) {
    record.check ??= { reason: 'resumed', since: now, at: now, tries: 0 };
  }
  return step(record, before.pausedAt === null ? [] : line(before, now, 'resumed'));
}

/** Leaves the web login alone: until its tab is left, or without one for a while. */
export function yieldTo(before: LoginRecord, tabId: number | null, now: number): Step {
  const until = tabId === null ? now + YIELD_MS : null;
  const record: LoginRecord = {
    ...before,
    pausedAt: before.pausedAt ?? now,
    yield: { until, tabId },
  };
  return step(record, line(before, now, 'yielded'));
}
