/**
 * Whether all logins are ready to trade, from half an hour before trading begins until half an hour
 * after: proven since, the clock right, and no more of them than the broker's limit lets live.
 */
import { market } from '../tradovate/market-hours.ts';
import type { LoginRecord } from './login.ts';
import { shortage } from './schedule.ts';
import { standing } from './standing.ts';
import { FIRST_CHECK_MS, nextStart } from './trading-day.ts';
import { passwordNote, passwordSays, userTrouble } from './user.ts';

const MINUTE = 60_000;
const TOLD_FOR_MS = 30 * MINUTE;
/** A proof that came so long after it was due was slept through. */
const LATE_MS = 3 * MINUTE;
/** Orders carry times: so much is worth to be known (facts, row 23). */
const SKEW_MS = 30_000;

export interface Readiness {
  startsAt: number;
  /** Logins that are kept, and how many of them are ready. */
  total: number;
  ready: number;
  /** What stands in the way, for people; empty when all is well. */
  needs: string[];
  /** What will stand in the way of a later session: passwords that end. */
  soon: string[];
  /** When they were proven, if that was later than it should have been; epoch ms. */
  lateAt: number | null;
}

/** Null while no session is near, on holidays, and when no login is kept. */
export function readiness(records: readonly LoginRecord[], now: number): Readiness | null {
  const startsAt = nextStart(now - TOLD_FOR_MS);
  const checkAt = startsAt - FIRST_CHECK_MS;
  const kept = records.filter(({ pausedAt }) => pausedAt === null);
  if (now < checkAt || kept.length === 0 || market(startsAt).closed !== null) return null;
  const needs = kept.map((record) => needOf(record, records, checkAt, now));
  const proofs = kept.map(({ proof }) => proof?.at ?? 0).filter((at) => at >= checkAt);
  // Those proven at the second check were proven at the first before, unless all were late.
  const last = kept.length === proofs.length ? Math.min(...proofs) : 0;
  return {
    startsAt,
    total: kept.length,
    ready: needs.filter((need) => need === null).length,
    needs: [...needs.filter((need) => need !== null), ...network(kept, now)],
    soon: kept.map((record) => endingPassword(record, now)).filter((said) => said !== null),
    lateAt: last > startsAt - 5 * MINUTE + LATE_MS ? last : null,
  };
}

function needOf(
  record: LoginRecord,
  records: readonly LoginRecord[],
  checkAt: number,
  now: number,
): string | null {
  const { state, allow } = standing(record, now, records);
  if (allow !== null) return `${record.label} needs access to ${allow}.`;
  if (state === 'disconnected' || state === 'expired') return `${record.label} needs a sign-in.`;
  if (userTrouble(record) !== null) {
    return `${record.label} needs a hand: its user is not active at the broker.`;
  }
  const proven = state === 'connected' && (record.proof?.at ?? 0) >= checkAt;
  return proven ? null : `${record.label} is not proven yet.`;
}

function endingPassword(record: LoginRecord, now: number): string | null {
  const note = passwordNote(record, now);
  return note && `${record.label}’s password ${passwordSays(note, now)}.`;
}

function network(kept: readonly LoginRecord[], now: number): string[] {
  const skew = Math.max(...kept.map(({ skewMs }) => Math.abs(skewMs)));
  return [
    ...(skew > SKEW_MS
      ? [`The clock of this computer is ${Math.round(skew / 1_000)} s off the broker’s.`]
      : []),
    ...(shortage(kept, now) === null ? [] : ['There are more logins than can be renewed in time.']),
  ];
}
