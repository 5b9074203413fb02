/**
 * How often a sign-in may be tried from this network. The broker locks a whole network out after about
 * five that failed within an hour (facts §2): Holdfast stops after three and asks the person.
 */
import { HOUR } from '../../durations.ts';
import type { FailedSignIns } from '../../records/failed-sign-ins.ts';
import type { FailureKind } from '../../tradovate/failure.ts';
import type { Outcome } from '../decide/decide.ts';
import { LOCK_OUT_MS } from './margins.ts';

export const FAILED_SIGN_INS = 3;

/** The broker has looked at what was typed and refused it. */
const COUNTED: readonly Outcome['kind'][] = [
  'wrong-credentials',
  'app-not-registered',
  'user-locked',
  'user-closed',
  'email-unconfirmed',
  'password-compromised',
  'password-expired',
  'terms-outdated',
  'wrong-environment',
  'refused',
  'unauthorized',
];
/** Calling again before the time is over makes it longer (facts §2). */
const ASKS_FOR_QUIET: readonly FailureKind[] = ['penalty', 'rate-limited', 'locked-out'];

/** How long this failure asks people to wait before they try again, ms; null when it does not. */
export function waitAsked({ kind, waitMs }: { kind: FailureKind; waitMs?: number }): number | null {
  return waitMs ?? (['rate-limited', 'locked-out'].includes(kind) ? LOCK_OUT_MS : null);
}

/** What became of one more sign-in. */
export function afterSignIn(before: FailedSignIns, outcome: Outcome, now: number): FailedSignIns {
  const failed = before.failed.filter((at) => at > now - HOUR && at <= now);
  if (COUNTED.includes(outcome.kind)) failed.push(now);
  const asks = (ASKS_FOR_QUIET as readonly Outcome['kind'][]).includes(outcome.kind);
  const wait = asks ? waitAsked(outcome as { kind: FailureKind; waitMs?: number }) : null;
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
