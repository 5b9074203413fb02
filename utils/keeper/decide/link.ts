/**
 * The live link of a login, where its owner has asked for one: a socket that tells within seconds
 * when the broker closes the session or stops for maintenance. Here is what follows from what was
 * heard. run/links.ts holds the sockets themselves, when/link.ts says when they are opened.
 *
 *   off ──switched──► down ──up──► up ──lost──► down ──up──► …
 *                      │ after too many connections: not opened again before a person asks
 *
 * What a link comes to is evidence about a session, never a proof against it: a loss makes a check
 * due, which decides. An accepted link is a proof for it (RULES.md 8).
 */
import { MINUTE, SECOND } from '../../durations.ts';
import { newLink, type Link } from '../../records/link.ts';
import type { LoginRecord } from '../../records/login.ts';
import type { Counts, Loss } from '../../tradovate/socket.ts';
import { DOWN_AFTER_MS } from '../when/link.ts';
import { CHECK_PAUSE_MS, LOCK_OUT_MS } from '../when/retries.ts';
import { line, step, type Context, type Step } from './step.ts';
import { proven } from './success.ts';

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
  // The broker is not back sooner.
  maintenance: 30 * SECOND,
  // A 429 or a captcha; a penalty would be shorter (FACTS.md §2), but nothing here is urgent.
  limited: LOCK_OUT_MS,
};

/**
 * 1 to 2 s, then twice as long each time, up to a minute; up to 5 where it is called down
 * (RULES.md live link).
 */
function pause(tries: number, downFor: number, random: () => number): number {
  const longest = downFor < DOWN_AFTER_MS ? MINUTE : 5 * MINUTE;
  return Math.min(SECOND * 2 ** tries, longest / 2) * (1 + random());
}
/**
 * What came of the live link. One that is up has read positions and orders anew, and proves the
 * session; one that was lost makes a check due, which tells what became of the session.
 */
export function linkNews(before: LoginRecord, news: LinkNews, { now, random }: Context): Step {
  const was = before.link;
  if (was === null && news.type !== 'switched') return step(before);
  const record: LoginRecord = { ...before, link: withNews(was, news, now, random) };
  switch (news.type) {
    case 'switched':
      return step(record, line(before, now, news.to ? 'link on' : 'link off'));
    case 'heard':
      return was?.up ? step(record) : proven(record, 'link', now);
    case 'lost': {
      const closedHere = news.why === 'idle';
      if (closedHere || (!was?.up && news.why !== 'refused')) return step(record);
      const at = Math.max(now, (before.proof?.at ?? 0) + CHECK_PAUSE_MS, before.quietUntil ?? 0);
      record.check ??= { reason: 'link', since: now, at, tries: 0 };
      return step(record, was?.up ? line(before, now, 'link lost', { loss: news.why }) : []);
    }
  }
}
