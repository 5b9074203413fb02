/**
 * How often a sign-in may be tried from this network. The broker locks a whole network out after about
 * five that failed within an hour (FACTS.md §2): Holdfast stops after three and asks the person.
 */
import { HOUR } from '../../durations.ts';
import type { FailedSignIns } from '../../records/failed-sign-ins.ts';
import { FAILURES, type Failure } from '../../tradovate/failure.ts';
import { isFailure, type Outcome } from '../../tradovate/outcome.ts';
import { LOCK_OUT_MS } from './retries.ts';

export const FAILED_SIGN_INS = 3;

/** How long this failure asks people to wait before they try again, ms; null when it does not. */
export function waitAsked({ kind, waitMs }: Failure): number | null {
  const { limit } = FAILURES[kind];
  const anHour = limit !== null && limit.holdsSignIns && limit.lasts === 'an hour';
  return waitMs ?? (anHour ? LOCK_OUT_MS : null);
}

/** What became of one more sign-in. */
export function afterSignIn(before: FailedSignIns, outcome: Outcome, now: number): FailedSignIns {
  const failed = before.failed.filter((at) => at > now - HOUR && at <= now);
  if (!isFailure(outcome)) return { failed, quietUntil: before.quietUntil };
  const { failedSignIn, limit } = FAILURES[outcome.kind];
  if (failedSignIn) failed.push(now);
  const wait = limit?.holdsSignIns ? waitAsked(outcome) : null;
  return { failed, quietUntil: wait === null ? before.quietUntil : now + wait };
}

/** Why a sign-in is not to be tried at `now`, and until when; null when it may. */
export function heldBack(
  { failed, quietUntil }: FailedSignIns,
  now: number,
): { why: 'quiet-asked' | 'failed-often'; until: number } | null {
  // A clock that was ahead must not hold anybody up for longer than the broker would.
  if (quietUntil !== null && now < quietUntil && quietUntil <= now + HOUR) {
    return { why: 'quiet-asked', until: quietUntil };
  }
  const recent = failed.filter((at) => at > now - HOUR && at <= now);
  const oldest = recent.at(-FAILED_SIGN_INS);
  return oldest === undefined ? null : { why: 'failed-often', until: oldest + HOUR };
}
