/**
 * Holdfast and a web login that close each other's session, and yielding, which ends that. From then
 * on nothing more is suggested.
 */
import { MINUTE } from '../../durations.ts';
import type { LoginRecord } from '../../records/login.ts';

/** More than one loss in this time is a tug-of-war. */
const STRIFE_MS = 10 * MINUTE;
/** Holdfast yields this long when asked to. */
export const YIELD_MS = 15 * MINUTE;
/** The name under which a sign-in of Holdfast itself is noted (decide.ts). */
export const BY_HOLDFAST = 'Holdfast';

/** `losses` after one more. */
export function withLoss(losses: readonly number[], now: number): number[] {
  return [...losses, now].slice(-5);
}

/**
 * Web logins have closed the session more than once in ten minutes, with a reconnect here in
 * between, which closed theirs: going on would only go on.
 */
export function isTugOfWar(record: LoginRecord, now: number): boolean {
  return record.losses.filter((at) => now - at < STRIFE_MS).length > 1;
}
