/**
 * What is said once, outside the popup: a sign-in has cost a login its session. And when Holdfast
 * and a web login have begun to close each other's session, so that nothing more is suggested.
 */
import { likelyEvicted, type LoginRecord } from './login.ts';

const MINUTE = 60_000;
/** More than one loss in this time is a tug-of-war. */
const STRIFE_MS = 10 * MINUTE;
/** Holdfast yields this long when asked to. */
export const YIELD_MS = 15 * MINUTE;
/** The name under which a sign-in of Holdfast itself is noted (decide.ts). */
export const BY_HOLDFAST = 'Holdfast';

export interface Notice {
  loginId: string;
  title: string;
  message: string;
}

/** A sign-in cost this login its session, or most likely did, and nothing has been said of it. */
export function isUntold(record: LoginRecord): boolean {
  const { lastWebLogin: web, toldAt, end } = record;
  if (web?.survived !== false || toldAt === web.at) return false;
  return end?.cause === 'evicted' || likelyEvicted(record);
}

/**
 * The notification for that loss. Null where nothing is suggested: the popup says why. No secret is
 * in it.
 */
export function noticeOf(record: LoginRecord, now: number): Notice | null {
  const web = record.lastWebLogin;
  if (web === null || record.yield !== null || isTugOfWar(record, now)) return null;
  const who =
    web.host === BY_HOLDFAST ? 'A sign-in for the other environment' : `A web login at ${web.host}`;
  const did = record.end === null ? 'has most likely closed' : 'closed';
  return {
    loginId: record.id,
    title: `${record.label} is disconnected`,
    message: `${who} ${did} the session that Holdfast kept. Click to reconnect.`,
  };
}

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
