/**
 * The live link of a login, where its owner has asked for one: a socket that tells within seconds
 * when the broker closes the session or stops for maintenance. Pure: what is known of it, and what
 * follows from what was heard. run/links.ts holds the sockets themselves.
 *
 *   off ──switched──► down ──up──► up ──lost──► down ──up──► …
 *                      │ after too many connections: not opened again before a person asks
 *
 * What a link comes to is evidence about a session, never a proof against it: a loss makes a check
 * due, which decides (decide.ts). An accepted link is a proof for it (design, rule 7).
 */
import type { Counts, Loss } from '../../tradovate/socket.ts';
import { newLink, type Link } from '../../records/link.ts';
import { hasLiveSession, isCutOff, type LoginRecord } from '../../records/login.ts';
import { LOCK_OUT_MS } from '../when/margins.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Down for longer than this it is called down, and no longer reconnecting (mission M4). */
export const DOWN_AFTER_MS = 5 * MINUTE;
/** How often it is noted that the broker is heard. */
export const NOTED_EVERY_MS = MINUTE;
/** Without a note for so long the worker has died, and is to be woken. */
const MISSED_MS = 90 * SECOND;
/** So long after its time an attempt has been made, or there is no worker to make it. */
const OVERDUE_MS = 20 * SECOND;
/** Where no socket can be held. */
export const CHECK_EVERY_MS = 5 * MINUTE;

/** What came of a link, or was asked of it. */
export type LinkNews =
  | { type: 'switched'; to: Link['by'] | null }
  /** It has come up, or is still up: noted now and then, and when the counts have changed. */
  | { type: 'heard'; counts: Counts }
  | { type: 'lost'; why: Loss };

/** The link after the news; null where nobody asks for one. */
export function withNews(
  link: Link | null,
  news: LinkNews,
  now: number,
  random: () => number,
): Link | null {
  if (news.type === 'switched') return news.to && newLink(news.to, now);
  if (link === null) return null;
  const lost = news.type === 'lost';
  const since = link.up === lost ? now : link.since;
  if (!lost) {
    const tries = now - since < MINUTE ? link.tries : 0;
    return { ...link, ...news.counts, up: true, since, heardAt: now, tries };
  }
  const wait = Math.max(LEAST_PAUSE[news.why] ?? 0, pause(link.tries, now - since, random));
  const { why } = news;
  return {
    ...link,
    up: false,
    since,
    lostAt: now,
    why,
    tries: link.tries + 1,
    retryAt: now + wait,
  };
}

const LEAST_PAUSE: Partial<Record<Loss, number>> = {
  // Sooner the broker is not back.
  maintenance: 30 * SECOND,
  // A 429 or a captcha; a penalty would be shorter (facts §2), but nothing here is urgent.
  limited: LOCK_OUT_MS,
};

/** 1 to 2 s, then twice as long each time, up to a minute; up to 5 where it is called down (mission M4). */
function pause(tries: number, downFor: number, random: () => number): number {
  const longest = downFor < DOWN_AFTER_MS ? MINUTE : 5 * MINUTE;
  return Math.min(SECOND * 2 ** tries, longest / 2) * (1 + random());
}

/** Opened again by itself it would close another connection of the same person, and that one this. */
const isHeld = ({ up, why }: Link) => !up && (why === 'connection-quota' || why === 'ip-quota');

/** When its socket is to be opened, where there is none, epoch ms; null when there is to be none. */
export function openAt(record: LoginRecord, now: number): number | null {
  const { link, pausedAt, quietUntil } = record;
  if (link?.by !== 'socket' || isHeld(link) || pausedAt !== null) return null;
  if (!hasLiveSession(record, now) || isCutOff(record)) return null;
  // A limit holds for it as well (facts, row 16).
  return Math.max(link.retryAt, quietUntil ?? 0);
}

/**
 * - `idle`: on, but there is no session to watch, or its keeping is paused.
 * - `held`: the broker found too many connections; a person has to ask for it again.
 */
export type LinkState = 'off' | 'idle' | 'checks' | 'up' | 'opening' | 'down' | 'held';

/** How the link stands at `now`. */
export function linkState(record: LoginRecord, now: number): LinkState {
  const { link } = record;
  if (link === null) return 'off';
  if (record.pausedAt !== null || !hasLiveSession(record, now)) return 'idle';
  if (link.by === 'checks') return 'checks';
  if (isHeld(link)) return 'held';
  // One more note may be late before it is not believed any more.
  if (link.up && now - link.heardAt <= 2 * MISSED_MS) return 'up';
  return now - (link.up ? link.heardAt : link.since) < DOWN_AFTER_MS ? 'opening' : 'down';
}

/** When the link needs the keeper next; null when it does not. */
export function linkDeadline(record: LoginRecord, now: number): number | null {
  const { link } = record;
  const at = openAt(record, now);
  if (at === null || link === null) return null;
  if (link.up) return link.heardAt + MISSED_MS;
  const down = link.since + DOWN_AFTER_MS;
  return Math.min(at + OVERDUE_MS, now < down ? down : Infinity);
}

/** When the session is checked in place of a link, epoch ms; never where nobody asked for that. */
export function checkInstead({ link, proof }: LoginRecord): number {
  return link?.by === 'checks' ? (proof?.at ?? 0) + CHECK_EVERY_MS : Infinity;
}

/** A refusal after this is an eviction (facts, row 8). */
export function toldOfQuota({ link, proof }: LoginRecord): boolean {
  return link?.why === 'connection-quota' && link.lostAt >= (proof?.at ?? 0);
}
