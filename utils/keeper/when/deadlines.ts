/**
 * When each login needs the keeper next. Truth is this table of wall-clock deadlines; the browser's
 * alarms are derived from it (RULES.md 2). Renewals are in renewals.ts.
 */
import { SECOND } from '../../durations.ts';
import type { LoginRecord } from '../../records/login.ts';
import type { Times } from '../../records/settings.ts';
// Whether a refresh token may be redeemed unasked depends on the sessions that are known.
import { knownSessions } from '../status/sessions.ts';
import { checkInstead, linkDeadline } from './link.ts';
import { contactDue, provenUntil } from './proof.ts';
import { renewalAt, schedule } from './renewals.ts';
import { isScouting, lateRetry, refreshAt, wasCut } from './retries.ts';
import { nextCheck } from './trading-day.ts';

/** When any of these logins needs the keeper next, epoch ms; null when nothing is left to do. */
export function earliestDeadline(
  records: readonly LoginRecord[],
  now: number,
  starts?: Times,
): number | null {
  const { at } = schedule(records, now);
  const due = records
    .map((record) => deadline(record, now, at.get(record.id) ?? null, records, starts))
    .filter((time) => time !== null);
  return due.length === 0 ? null : Math.min(...due);
}

/** The logins for which something is to be done at `now`. */
export function whatIsDue(
  records: readonly LoginRecord[],
  now: number,
  starts?: Times,
): LoginRecord[] {
  const { at } = schedule(records, now);
  return records.filter((record) => {
    const setBack = (record.contactAt ?? 0) > now;
    const time = deadline(record, now, at.get(record.id) ?? null, records, starts);
    return record.call !== null || setBack || (time !== null && time <= now);
  });
}

/** When this login needs the keeper next, epoch ms; null when nothing is left to do for it. */
export function deadline(
  record: LoginRecord,
  now: number,
  renewal: number | null = renewalAt(record, now, []),
  records: readonly LoginRecord[] = [record],
  starts?: Times,
): number | null {
  if (record.call !== null) return record.call.until + SECOND;
  const yieldsUntil = record.yield?.until ?? null;
  if (record.end !== null) {
    return refreshDue(record, now, records) ?? yieldsUntil;
  }
  if (record.session === null) return yieldsUntil;
  const { expiresAt } = record.session;
  if (now >= expiresAt) return lateRetry(record) ?? expiresAt;
  // Nothing is to be done when a proof grows old, but the badge changes.
  const cut = wasCut(record) ? record.retryAt : null;
  const link = linkDeadline(record, now);
  const contact = contactAt(record, starts);
  const due = [expiresAt, renewal, cut, scoutAt(record), contact, yieldsUntil, link];
  if (record.check !== null) due.push(record.check.at);
  if (provenUntil(record) > now) due.push(provenUntil(record));
  return Math.min(...due.filter((time) => time !== null));
}

/** When the broker is asked whether it is back; null when it is not known to be away. */
export function scoutAt(record: LoginRecord): number | null {
  return isScouting(record) && record.pausedAt === null ? record.retryAt : null;
}

/** When a probe keeps the session from looking idle; null while something else is going on. */
export function contactAt(record: LoginRecord, starts?: Times): number | null {
  const quiet = record.pausedAt !== null || record.failure !== null || record.check !== null;
  return quiet
    ? null
    : Math.min(contactDue(record), nextCheck(record.proof?.at ?? 0, starts), checkInstead(record));
}

/**
 * When the refresh token of a login that has ended is redeemed: not before one more session would close
 * none. Null: it is not, as far as is known now.
 */
export function refreshDue(
  record: LoginRecord,
  now: number,
  records: readonly LoginRecord[],
): number | null {
  const at = refreshAt(record);
  if (at === null || record.refresh === null || hasRoom(record, now, records)) return at;
  // Where the first one to end leaves none free, the next is looked at then.
  const ends = knownSessions(record, now, records).map(({ endsAt }) => endsAt ?? Infinity);
  const roomAt = Math.max(at, Math.min(...ends));
  return roomAt < record.refresh.until ? roomAt : null;
}

/** As far as is known one more session would close none. */
export function hasRoom(
  record: LoginRecord,
  now: number,
  records: readonly LoginRecord[],
): boolean {
  return knownSessions(record, now, records).length < record.slots;
}
