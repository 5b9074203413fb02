/**
 * Whether all logins are ready to trade, from half an hour before trading begins until half an hour
 * after: proven since, the clock right, and no more of them than the broker's limit lets live.
 */
import { hostNeeded, type LoginRecord } from '../../records/login.ts';
import { shortage } from '../when/renewals.ts';
import { sessionState } from './state.ts';
import { FIRST_CHECK_MS, LAST_CHECK_MS, nextStart } from '../when/trading-day.ts';
import type { Times } from '../../records/settings.ts';
import { passwordNote, userFailure } from './user.ts';

const TOLD_FOR_MS = FIRST_CHECK_MS;
/** Orders carry times: so much is worth to be known (FACTS.md row 23). */
const SKEW_MS = 30_000;

/** What needs a hand (in words: utils/words/need.ts). */
export type Need =
  | { what: 'access'; label: string; host: string }
  | { what: 'sign-in' | 'hand' | 'password-ends' | 'password-ended'; label: string }
  | { what: 'clock'; offMs: number }
  | { what: 'fewer-logins' };

export interface Readiness {
  startsAt: number;
  /** When the check was due that holds now, epoch ms. */
  checkAt: number;
  /** Logins that are kept, and those of them that are ready. */
  kept: LoginRecord[];
  ready: LoginRecord[];
  needs: Need[];
}

/** Null while no session is near, and when no login is kept. It goes by the clock, on holidays too. */
export function readiness(
  records: readonly LoginRecord[],
  now: number,
  starts?: Times,
): Readiness | null {
  const startsAt = nextStart(now - TOLD_FOR_MS, starts);
  const since = startsAt - FIRST_CHECK_MS;
  const lastAt = startsAt - LAST_CHECK_MS;
  const kept = records.filter(({ pausedAt }) => pausedAt === null);
  if (now < since || kept.length === 0) return null;
  const ofLogins = kept.map((record) => needOf(record, now));
  const needs = ofLogins.filter((need) => need !== null);
  const ready = kept.filter(
    (record, index) =>
      ofLogins[index] === null &&
      // To trade with its token nobody needs its live link.
      sessionState(record, now) === 'connected' &&
      (record.proof?.at ?? 0) >= since,
  );
  const skew = Math.max(...kept.map(({ skewMs }) => Math.abs(skewMs)));
  if (skew > SKEW_MS) needs.push({ what: 'clock', offMs: skew });
  for (const record of kept) {
    const stage = passwordNote(record, now)?.stage ?? Infinity;
    const what = stage === 1 ? 'password-ends' : 'password-ended';
    if (stage <= 1) needs.push({ what, label: record.label });
  }
  if (shortage(kept, now) !== null) needs.push({ what: 'fewer-logins' });
  const checkAt = now < lastAt ? since : lastAt;
  return { startsAt, checkAt, kept, ready, needs };
}

function needOf(record: LoginRecord, now: number): Need | null {
  const { label } = record;
  const host = hostNeeded(record);
  if (host !== null) return { what: 'access', label, host };
  if (isDown(record, now)) return { what: 'sign-in', label };
  return userFailure(record) === null ? null : { what: 'hand', label };
}

/** There is no session to keep: only a person brings it back. */
export function isDown(record: LoginRecord, now: number): boolean {
  return ['disconnected', 'expired'].includes(sessionState(record, now));
}
