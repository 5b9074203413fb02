/**
 * What is said outside Holdfast's own pages, and what has been: (known, now) -> (notices, notified).
 * Data alone: the words are in utils/words/notice.ts.
 *
 * Nothing is said that nobody can do anything about, and nothing twice: `notified` is written before it is
 * shown, as a notification that comes twice is worse than the badge alone.
 *
 * - A session that cannot be renewed: 15 and 5 minutes before its end, and when it is gone; then when
 *   it is back. What comes to light at one moment is one notification.
 * - Before trading begins: 30 and 5 minutes ahead, what needs a hand then.
 * - Before the weekend: the first time, and again after one that was slept through.
 */
import { DAY, MINUTE } from '../../durations.ts';
import type { Known } from '../../records/known.ts';
import type { Notified, NotifiedOfLogin, Stage } from '../../records/notified.ts';
import { earliestDeadline, whatIsDue } from '../when/deadlines.ts';
import {
  BY_HOLDFAST,
  hasLiveSession,
  likelyEvicted,
  type LoginRecord,
} from '../../records/login.ts';
import type { JournalLine } from '../../records/journal.ts';
import { readiness, type Need } from './readiness.ts';
import { afterQuiet } from '../when/quiet-hours.ts';
import { stateOf } from './state.ts';
import { BEFORE_WEEKEND, CHECKED_LATE_MS, nextCheck, nextOf } from '../when/trading-day.ts';
import { helpNeeded, leftOut, warnings, whatHelps, type Help } from './help.ts';
import { isTugOfWar } from './tug-of-war.ts';

/** A notification as data. What comes to light of several logins at one moment is one. */
export type NoticeData =
  | { about: 'endings'; logins: Ending[] }
  | { about: 'recoveries'; logins: Recovery[] }
  | { about: 'check'; ready: number; kept: number; needs: Need[]; late: boolean }
  | { about: 'weekend' };

/** A session that ends in `leftMs`, or is gone. */
export interface Ending {
  loginId: string;
  label: string;
  /** Null: it is gone. */
  leftMs: number | null;
  why: 'not-renewable' | 'ran-out' | 'rejected' | ClosedBy;
  help: Help;
}

/** The sign-in that most likely closed a session: a web login at `host`, or with null one for the other environment. */
export interface ClosedBy {
  host: string | null;
}

export interface Recovery {
  loginId: string;
  label: string;
  /** How long it was down. */
  downMs: number;
}

export interface Announcements {
  notices: NoticeData[];
  /** The same object when nothing needs to be written. */
  notified: Notified;
  journal: JournalLine[];
}

/** What is to be said at `now`; in quiet hours it is only taken note of that logins are back. */
export function whatToTell(known: Known, now: number): Announcements {
  const { notified, settings } = known;
  const aloud = afterQuiet(settings, now) === now;
  const { logins, notices, journal } = ofLogins(known, aloud && settings.ends, now);
  const next = { ...notified, logins };
  if (aloud) {
    next.checkAt = ofCheck(known, now, notices);
    if ((weekend(known, now) ?? Infinity) <= now) {
      next.idleAt = now;
      notices.push({ about: 'weekend' });
    }
  }
  return {
    notices,
    notified: JSON.stringify(next) === JSON.stringify(notified) ? notified : next,
    journal,
  };
}

/** When the keeper is needed next, for what it does or for what it says; epoch ms. Null: never. */
export function nextWake(known: Known, now: number): number | null {
  const { records, settings } = known;
  const keeping = earliestDeadline(records, now, settings.starts) ?? Infinity;
  const at = Math.min(keeping, afterQuiet(settings, nextNotice(known, now)));
  return at === Infinity ? null : at;
}

function nextNotice(known: Known, now: number): number {
  const { records, settings, notified } = known;
  const quiet = { ...settings.quiet, on: false };
  if (whatToTell({ ...known, settings: { ...settings, quiet } }, now).notified !== notified)
    return now;
  const crowded = leftOut(records, now);
  const ends = records.filter(
    (record) =>
      settings.ends && (whatHelps(record, records, now) !== null || crowded.includes(record)),
  );
  const kept = settings.ready && records.some(({ pausedAt }) => pausedAt === null);
  return Math.min(
    ...ends.flatMap(warnings).filter((at) => at > now),
    kept ? nextCheck(now, settings.starts) : Infinity,
    weekend(known, now) ?? Infinity,
  );
}

/** What is new of each login. */
function ofLogins({ records, notified }: Known, aloud: boolean, now: number) {
  const logins: Record<string, NotifiedOfLogin> = {};
  const news: { record: LoginRecord; stage: Stage; help: Help }[] = [];
  const back: Recovery[] = [];
  const crowded = leftOut(records, now);
  for (const record of records) {
    const before = notified.logins[record.id];
    const needed = helpNeeded(record, records, crowded, now);
    if (aloud && needed !== null && needed.stage > (before?.stage ?? 0)) {
      const { stage } = needed;
      // Nothing is suggested then: the popup says why.
      const silent = stage === 3 && (record.yield !== null || isTugOfWar(record, now));
      const at = record.end?.at ?? Math.min(now, record.session?.expiresAt ?? now);
      logins[record.id] = { stage, lostAt: stage === 3 && !silent ? at : null };
      if (!silent) news.push({ record, ...needed });
    } else if (before && !isWell(record, before, now)) {
      logins[record.id] = before;
    } else if (aloud && before?.lostAt) {
      back.push({ loginId: record.id, label: record.label, downMs: now - before.lostAt });
    }
  }
  const journal = news.map(({ record, stage }): JournalLine => ({
    at: now,
    loginId: record.id,
    what: stage === 3 ? 'loss told' : 'warned',
  }));
  const ended = news.map(({ record, stage, help }) => ending(record, stage, help, now));
  const notices: NoticeData[] = [];
  if (ended.length > 0) notices.push({ about: 'endings', logins: ended });
  if (back.length > 0) notices.push({ about: 'recoveries', logins: back });
  return { logins, journal, notices };
}

/** Proven again; and after a mere warning also far from its end, or the same end would be told twice. */
function isWell(record: LoginRecord, { stage }: NotifiedOfLogin, now: number): boolean {
  return stateOf(record, now) === 'connected' && (stage === 3 || now < warnings(record)[0]);
}

function ending(record: LoginRecord, stage: Stage, help: Help, now: number): Ending {
  const { id, label, session, end } = record;
  const ranOut = end === null || end.cause === 'expired';
  return {
    loginId: id,
    label,
    leftMs: stage < 3 ? (session?.expiresAt ?? now) - now : null,
    why: stage < 3 ? 'not-renewable' : (closedBy(record) ?? (ranOut ? 'ran-out' : 'rejected')),
    help,
  };
}

/** The sign-in that cost the session, or most likely did. */
function closedBy(record: LoginRecord): ClosedBy | null {
  const { lastWebLogin: web, end } = record;
  if (web === null || !(end?.cause === 'evicted' || likelyEvicted(record))) return null;
  return { host: web.host === BY_HOLDFAST ? null : web.host };
}

/** Adds what there is to say of the check before trading, and gives the check that has been looked at. */
function ofCheck(
  { records, settings, notified, awake }: Known,
  now: number,
  to: NoticeData[],
): number {
  const { starts, ready } = settings;
  const check = ready ? readiness(records, now, starts) : null;
  if (check === null || check.checkAt <= notified.checkAt) return notified.checkAt;
  // Not before every login has been asked.
  if (whatIsDue(records, now, starts).length > 0) return notified.checkAt;
  const { checkAt, needs } = check;
  const { from, until } = awake?.sleep ?? { from: now, until: now };
  const late = from < checkAt && until > checkAt + CHECKED_LATE_MS;
  if (needs.length > 0) {
    const [ready, kept] = [check.ready.length, check.kept.length];
    to.push({ about: 'check', ready, kept, needs, late });
  }
  return checkAt;
}

/** When to warn of the weekend, epoch ms; null when nobody has to be. */
function weekend({ records, settings, notified, awake }: Known, now: number): number | null {
  const at = nextOf(now - 30 * MINUTE, [BEFORE_WEEKEND], [0]);
  const { from, until } = awake?.sleep ?? { from: 0, until: 0 };
  const bitten = notified.idleAt === 0 || (until > notified.idleAt && until - from > DAY);
  const held = records.some((record) => record.pausedAt === null && hasLiveSession(record, now));
  return settings.idle && held && bitten && at > notified.idleAt ? at : null;
}
