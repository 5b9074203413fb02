/**
 * Holdfast and a web login that close each other's session. From then on nothing more is suggested.
 * Yielding, which ends it, is in decide/web-login.ts.
 */
import { MINUTE } from '../../durations.ts';
import type { LoginRecord } from '../../records/login.ts';

/** More than one loss in this time is a tug-of-war. */
const STRIFE_MS = 10 * MINUTE;

/**
 * Web logins have closed the session more than once in ten minutes, with a reconnect here in
 * between, which closed theirs: going on would only go on.
 */
export function isTugOfWar(record: LoginRecord, now: number): boolean {
  return record.losses.filter((at) => now - at < STRIFE_MS).length > 1;
}
