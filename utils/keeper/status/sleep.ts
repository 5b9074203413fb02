/**
 * Time in which Holdfast did not run: the computer slept, or the browser was closed. Told from a
 * deadline that nobody kept, as no browser says it.
 *
 * Only what is known is claimed. That Holdfast was asleep is known from the missed deadline on;
 * before that it may have been awake with nothing to do. A clock that is set forward looks the same
 * until the broker's clock is seen again.
 */
import { HOUR, MINUTE, SECOND } from '../../durations.ts';
import { earliestDeadline } from '../when/deadlines.ts';
import type { Awake, Sleep } from '../../records/awake.ts';
import type { JournalLine } from '../../records/journal.ts';
import { hasLiveSession, type LoginRecord } from '../../records/login.ts';
import { MISSED_MS } from '../when/margins.ts';
import { CLOCK_SLACK_MS } from '../when/proof.ts';
import { standing } from './standing.ts';
import type { Times } from '../../records/settings.ts';

/** Shorter ones are not worth a word. */
const SHORTEST_MS = 5 * MINUTE;
/** A deadline this soon after the last sign of life makes no difference to what is said. */
const SOON_MS = 5 * MINUTE;
/** That it is awake is not written more often. */
const WRITTEN_EVERY_MS = 30 * SECOND;
const TOLD_FOR_MS = 2 * HOUR;

/**
 * Whenever the keeper runs, before anything is done about `records`, or changed of them or of when
 * trading begins: what is to be kept of `before`. The same object when nothing needs to be written.
 */
export function wokenUp(
  before: Awake | null,
  records: readonly LoginRecord[],
  now: number,
  starts?: Times,
): { awake: Awake; journal: JournalLine[] } {
  if (before !== null && now >= before.at && now - before.at < WRITTEN_EVERY_MS) {
    // A deadline that is kept is noted at once, lest the next wake-up takes it for missed.
    const due = earliestDeadline(records, before.at, starts);
    if (due === null || due > now) return { awake: before, journal: [] };
  }
  const sleep = before && missed(before.at, records, now, starts);
  return {
    awake: { at: now, sleep: sleep ?? before?.sleep ?? null },
    journal: (sleep?.held ?? []).map(({ id }) => ({
      at: now,
      loginId: id,
      what: 'asleep',
      since: sleep?.from ?? now,
    })),
  };
}

function missed(
  from: number,
  records: readonly LoginRecord[],
  now: number,
  starts?: Times,
): Sleep | null {
  const due = earliestDeadline(records, from, starts);
  if (due === null) return null;
  const held = records
    .filter((record) => record.pausedAt === null && hasLiveSession(record, from))
    .map(({ id, skewMs }) => ({ id, skewMs }));
  const sleep = { from, due, until: now, held };
  if (held.length === 0 || now - due <= MISSED_MS) return null;
  return now - since(sleep) < SHORTEST_MS ? null : sleep;
}

function since({ from, due }: Sleep): number {
  return due - from <= SOON_MS ? from : due;
}

/** What is said of the last sleep names the logins that slept: a removed one is no longer among them. */
export function withoutSleeper(awake: Awake, loginId: string): Awake {
  const { sleep } = awake;
  if (sleep === null) return awake;
  return { ...awake, sleep: { ...sleep, held: sleep.held.filter(({ id }) => id !== loginId) } };
}

/** What can be said of the last sleep. */
export interface SleepSummary {
  /** Since when it did not run, epoch ms; `atLeast` when it may have been longer. */
  since: number;
  atLeast: boolean;
  until: number;
  /** How many sessions it held; of those the ones that live, and the ones of which that is not known yet. */
  sessions: number;
  survived: number;
  unknown: number;
  /** Those whose session is gone, and that have not been signed in again. */
  lost: LoginRecord[];
}

/** What to say at `now` of the last sleep, by the `records` as they are; null when there is nothing to say. */
export function sleepSummary(
  awake: Awake | null,
  records: readonly LoginRecord[],
  now: number,
): SleepSummary | null {
  const sleep = awake?.sleep ?? null;
  if (sleep === null) return null;
  const ago = now - sleep.until;
  if (ago < -CLOCK_SLACK_MS || ago > TOLD_FOR_MS || wasClock(sleep, records)) return null;
  const fates = sleep.held.flatMap(({ id }) => {
    const record = records.find((login) => login.id === id);
    return record ? [{ record, fate: fateOf(record, sleep, now) }] : [];
  });
  if (fates.length === 0) return null;
  const count = (what: Fate) => fates.filter(({ fate }) => fate === what).length;
  return {
    since: since(sleep),
    atLeast: since(sleep) !== sleep.from,
    until: sleep.until,
    sessions: fates.length,
    survived: count('survived'),
    unknown: count('unknown'),
    lost: fates.filter(({ fate }) => fate === 'lost').map(({ record }) => record),
  };
}

type Fate = 'survived' | 'unknown' | 'lost' | 'replaced';

function fateOf(record: LoginRecord, { until }: Sleep, now: number): Fate {
  if (record.session !== null && record.session.openedAt >= until) return 'replaced';
  if (isHeardSince(record, until)) return 'survived';
  if (record.session === null || record.end !== null) return 'lost';
  // Proven within the hour, and nothing of it was due: the sleep has not touched it.
  return standing(record, now).state === 'connected' ? 'survived' : 'unknown';
}

/** The broker has accepted the token since `until`. */
function isHeardSince({ contactAt }: LoginRecord, until: number): boolean {
  return contactAt !== null && contactAt >= until;
}

/** The broker's clock has moved against this one by about as much: it was set, and nobody slept. */
function wasClock(sleep: Sleep, records: readonly LoginRecord[]): boolean {
  const length = sleep.until - since(sleep);
  return sleep.held.some(({ id, skewMs }) => {
    const record = records.find((login) => login.id === id);
    return record !== undefined && Math.abs(record.skewMs - skewMs) > length / 2;
  });
}
