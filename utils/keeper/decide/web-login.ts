/** What the content script saw of a web login, and what that may have done to the session. */
import { HOUR, MINUTE, SECOND } from '../../durations.ts';
import {
  hasLiveSession,
  likelyEvicted,
  type LoginRecord,
  type WebSession,
} from '../../records/login.ts';
import { CHECK_PAUSE_MS } from '../when/retries.ts';
import type { KeeperEvent } from './events.ts';
import { resume } from './person.ts';
import { toldOfQuota } from '../status/link-state.ts';
import { turnAt } from './eviction.ts';
import { line, step, type Context, type Step } from './step.ts';

const WEB_SESSIONS_KEPT = 10;
/**
 * A page can make it look as if it signed in again and again: so many sightings an hour are checked
 * and noted in the journal.
 */
const NOTED_PER_HOUR = 10;
/** What one tab shows again so soon is the same news; renewals, and all of a tab that shows too much, are news once a minute. */
const SAME_NEWS_MS = 2 * SECOND;
const OLD_NEWS_MS = MINUTE;
/** A sign-in is known to be refused seconds later, when its form is still there. */
const REFUSED_WITHIN_MS = MINUTE;

type Seen = Extract<KeeperEvent, { type: 'web-session' }>;

/** A web login or a renewal was seen in that tab, or that its sign-in came to nothing. */
export function webSession(before: LoginRecord, seen: Seen, context: Context): Step {
  const { call, tabId, host, meant } = seen;
  const { now } = context;
  // One session for each tab: what is tried again in the same tab was refused before.
  const known = before.webSessions.find((web) => web.tabId === tabId);
  if (call === 'refused') return refused(before, known, now);
  if (known !== undefined && isOldNews(before, known, seen, now)) return step(before);
  const others = before.webSessions.filter((web) => web !== known);
  const openedAt = call === 'renewal' && known ? known.openedAt : now;
  const word = meant ?? known?.meant;
  const web: WebSession = {
    tabId,
    host,
    openedAt,
    seenAt: now,
    ...(word === undefined ? {} : { meant: word }),
  };
  const record: LoginRecord = {
    ...before,
    webSessions: [...others, web].slice(-WEB_SESSIONS_KEPT),
  };
  return call === 'renewal'
    ? step(record)
    : checkAfterSignIn(record, host, context, word !== false);
}

function isOldNews(
  record: LoginRecord,
  known: WebSession,
  { call, host }: Seen,
  now: number,
): boolean {
  if (known.left === true || known.host !== host) return false;
  const often = call === 'renewal' || lately(record, now).length >= NOTED_PER_HOUR;
  return Math.abs(now - known.seenAt) < (often ? OLD_NEWS_MS : SAME_NEWS_MS);
}

/** When the sightings of the last hour were checked and noted. */
const lately = ({ webChecks }: LoginRecord, now: number): number[] =>
  webChecks.filter((at) => at > now - HOUR);

/** That sign-in has opened no session, so it has closed none either. */
function refused(before: LoginRecord, known: WebSession | undefined, now: number): Step {
  if (known === undefined) return step(before);
  const { openedAt, seenAt, host } = known;
  if (openedAt !== seenAt || now - openedAt > REFUSED_WITHIN_MS) return step(before);
  const { lastWebLogin: web, check, end } = before;
  const blamed = web?.host === host && web.at >= openedAt;
  const wrongly = blamed && end?.cause === 'evicted' && !toldOfQuota(before);
  return step({
    ...before,
    webSessions: before.webSessions.filter((one) => one !== known),
    ...(blamed ? { lastWebLogin: null } : {}),
    ...(blamed && check?.reason === 'web-login' ? { check: { ...check, reason: 'idle' } } : {}),
    ...(wrongly ? { end: { ...end, cause: 'rejected' } } : {}),
    losses: blamed ? before.losses.filter((at) => at < openedAt) : before.losses,
  });
}

type TabLeft = Extract<KeeperEvent, { type: 'tab-left' }>;

const isLeft = (web: WebSession, { tabId, host }: TabLeft): boolean =>
  web.left !== true && (tabId === null || (web.tabId === tabId && (host ?? web.host) === web.host));

/** Whether that tab matters to this record: a web login was in it. */
export function leftBy(record: LoginRecord, event: TabLeft): boolean {
  return record.webSessions.some((web) => isLeft(web, event));
}

/** The broker is not told when a tab goes: its session stays open until it runs out. */
export function tabLeft(before: LoginRecord, event: TabLeft, now: number): Step {
  if (!leftBy(before, event)) return step(before);
  const webSessions = before.webSessions.map((web) =>
    isLeft(web, event) ? { ...web, left: true as const } : web,
  );
  const record = { ...before, webSessions };
  const yielded = before.yield?.tabId ?? null;
  const over = yielded !== null && (event.tabId === null || event.tabId === yielded);
  return over ? resume(record, now) : step(record);
}

/**
 * Another session has been opened: whether this one is still there has to be asked. Not `ours`: the
 * person has said that it is of another login, so that a loss is not put down to it.
 */
export function checkAfterSignIn(
  before: LoginRecord,
  host: string,
  context: Context,
  ours = true,
): Step {
  const { now } = context;
  const noted = lately(before, now);
  const full = noted.length >= NOTED_PER_HOUR;
  const journal = full ? [] : line(before, now, 'web login seen', { host });
  const webChecks = full ? noted : [...noted, now];
  // What was most likely closed already stays lost to that web login, and is asked on.
  if (!hasLiveSession(before, now) || likelyEvicted(before))
    return step({ ...before, webChecks }, journal);
  const lastWebLogin = ours ? { at: now, host, survived: null } : before.lastWebLogin;
  const record: LoginRecord = { ...before, lastWebLogin, webChecks };
  // One check is enough for both, and the first proof after a sign-in keeps its reason.
  const owed = before.check?.reason === 'web-login' || before.check?.reason === 'signed-in';
  if (!owed) {
    const lastAnswer = Math.max(before.proof?.at ?? 0, before.failure?.at ?? 0);
    const at = Math.max(
      now,
      lastAnswer + CHECK_PAUSE_MS,
      (noted.at(-NOTED_PER_HOUR) ?? -Infinity) + HOUR,
      before.quietUntil ?? 0,
    );
    record.check = {
      reason: ours ? 'web-login' : 'idle',
      since: now,
      at: turnAt(at, context),
      tries: 0,
    };
    record.webChecks = [...noted, at].slice(-NOTED_PER_HOUR);
  }
  return step(record, journal);
}
