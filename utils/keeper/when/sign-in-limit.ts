/**
 * How often a sign-in may be tried from this network. The broker locks a whole network out after about
 * five that failed within an hour (FACTS.md §2): Holdfast stops after three and asks the person.
 */
import { DAY, HOUR } from '../../durations.ts';
import type { FailedSignIns } from '../../records/failed-sign-ins.ts';
import { FAILURES, type Failure } from '../../tradovate/failure.ts';
import { isFailure, type Outcome } from '../../tradovate/outcome.ts';
import { LOCK_OUT_MS } from './retries.ts';

export const FAILED_SIGN_INS = 3;
/** The broker’s longest lock is an hour, as far as is known: what asks for more than a day is a mistake. */
const LONGEST_MS = DAY;

/** How long this failure asks people to wait before they try again, ms; null when it does not. */
export function waitAsked({ kind, waitMs }: Failure): number | null {
  const { limit } = FAILURES[kind];
  const anHour = limit !== null && limit.holdsSignIns && limit.lasts === 'an hour';
  return waitMs ?? (anHour ? LOCK_OUT_MS : null);
}

/** What became of one more sign-in. */
export function afterSignIn(before: FailedSignIns, outcome: Outcome, now: number): FailedSignIns {
  const failed = before.failed.filter((at) => at > now - HOUR && at <= now);
  if (!isFailure(outcome)) return { ...before, failed, captchaAt: null };
  const { failedSignIn, limit } = FAILURES[outcome.kind];
  if (failedSignIn) failed.push(now);
  const captchaAt = outcome.kind === 'captcha' ? now : before.captchaAt;
  const wait = limit?.holdsSignIns ? waitAsked(outcome) : null;
  const quiet =
    wait === null ? {} : { quietSince: now, quietUntil: now + Math.min(wait, LONGEST_MS) };
  return { ...before, failed, captchaAt, ...quiet };
}

/**
 * Why a sign-in is not to be tried at `now`, and until when; null when it may. What was noted by a
 * clock that was ahead holds nobody up.
 */
export function heldBack(
  { failed, quietSince, quietUntil, captchaAt }: FailedSignIns,
  now: number,
): { why: 'quiet-asked' | 'failed-often' | 'captcha'; until: number } | null {
  const asked = quietSince !== null && quietSince <= now;
  if (asked && quietUntil !== null && now < quietUntil) {
    return { why: 'quiet-asked', until: quietUntil };
  }
  if (captchaAt !== null && captchaAt <= now && now < captchaAt + LOCK_OUT_MS) {
    return { why: 'captcha', until: captchaAt + LOCK_OUT_MS };
  }
  const recent = failed.filter((at) => at > now - HOUR && at <= now);
  const oldest = recent.at(-FAILED_SIGN_INS);
  return oldest === undefined ? null : { why: 'failed-often', until: oldest + HOUR };
}
