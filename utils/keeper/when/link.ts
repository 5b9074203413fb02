/**
 * When a live link is to be opened, when it needs the keeper, and how long it may be silent. What
 * follows from what was heard on it is in decide/link.ts, how it is shown in status/link-state.ts.
 */
import { MINUTE, SECOND } from '../../durations.ts';
import type { Link } from '../../records/link.ts';
import { hasLiveSession, isCutOff, type LoginRecord } from '../../records/login.ts';

/** Down for longer than this it is called down, and no longer reconnecting (RULES.md live link). */
export const DOWN_AFTER_MS = 5 * MINUTE;
/** How often it is noted that the broker is heard. */
export const NOTED_EVERY_MS = MINUTE;
/** Without a note for so long the worker has died, and is to be woken. */
export const NOTE_MISSED_MS = 90 * SECOND;
/** So long after its time an attempt has been made, or there is no worker to make it. */
const OVERDUE_MS = 20 * SECOND;
/** Where no socket can be held. */
export const CHECK_EVERY_MS = 5 * MINUTE;

/** Opened again by itself it would close another connection of the same person, and that one this. */
export const isHeld = ({ up, why }: Link) =>
  !up && (why === 'connection-quota' || why === 'ip-quota');

/** When its socket is to be opened, where there is none, epoch ms; null when there is to be none. */
export function openAt(record: LoginRecord, now: number): number | null {
  const { link, pausedAt, quietUntil } = record;
  if (link?.by !== 'socket' || isHeld(link) || pausedAt !== null) return null;
  if (!hasLiveSession(record, now) || isCutOff(record)) return null;
  // A limit holds for it as well (FACTS.md row 16).
  return Math.max(link.retryAt, quietUntil ?? 0);
}

/** When the link needs the keeper next; null when it does not. */
export function linkDeadline(record: LoginRecord, now: number): number | null {
  const { link } = record;
  const at = openAt(record, now);
  if (at === null || link === null) return null;
  if (link.up) return link.heardAt + NOTE_MISSED_MS;
  const down = link.since + DOWN_AFTER_MS;
  return Math.min(at + OVERDUE_MS, now < down ? down : Infinity);
}

/** When the session is checked in place of a link, epoch ms; never where nobody asked for that. */
export function checkInstead({ link, proof }: LoginRecord): number {
  return link?.by === 'checks' ? (proof?.at ?? 0) + CHECK_EVERY_MS : Infinity;
}
