/** What the content script saw of a web login, and what that may have done to the session. */
import { HOUR } from '../../durations.ts';
import {
  hasLiveSession,
  likelyEvicted,
  type LoginRecord,
  type WebSession,
} from '../../records/login.ts';
import { CHECK_PAUSE_MS } from '../when/retries.ts';
import type { KeeperEvent } from './events.ts';
import { resume } from './person.ts';
import { turnAt } from './eviction.ts';
import { line, step, type Context, type Step } from './step.ts';

const WEB_SESSIONS_KEPT = 10;
/** A page can make it look as if it signed in again and again: so many checks an hour. */
const CHECKS_PER_HOUR = 10;

export function webSession(
  before: LoginRecord,
  { call, tabId, host, meant }: Extract<KeeperEvent, { type: 'web-session' }>,
  context: Context,
): Step {
  const { now } = context;
  // One session for each tab: a failed sign-in looks like a good one, and is tried again in the same tab.
  const known = before.webSessions.find((web) => web.tabId === tabId);
  const others = before.webSessions.filter((web) => web !== known);
  const openedAt = call === 'renewal' && known ? known.openedAt : now;
  const word = meant ?? known?.meant;
  const seen: WebSession = {
    tabId,
    host,
    openedAt,
    seenAt: now,
    ...(word === undefined ? {} : { meant: word }),
  };
  const record: LoginRecord = {
    ...before,
    webSessions: [...others, seen].slice(-WEB_SESSIONS_KEPT),
  };
  return call === 'renewal'
    ? step(record)
    : checkAfterSignIn(record, host, context, word !== false);
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
  const journal = line(before, now, 'web login seen', { host });
  // What was most likely closed already stays lost to that web login, and is asked on.
  if (!hasLiveSession(before, now) || likelyEvicted(before)) return step(before, journal);
  const lastWebLogin = ours ? { at: now, host, survived: null } : before.lastWebLogin;
  const record: LoginRecord = { ...before, lastWebLogin };
  // One check is enough for both, and the first proof after a sign-in keeps its reason.
  const owed = before.check?.reason === 'web-login' || before.check?.reason === 'signed-in';
  if (!owed) {
    const webChecks = before.webChecks.filter((at) => at > now - HOUR);
    const lastAnswer = Math.max(before.proof?.at ?? 0, before.failure?.at ?? 0);
    const at = Math.max(
      now,
      lastAnswer + CHECK_PAUSE_MS,
      (webChecks.at(-CHECKS_PER_HOUR) ?? -Infinity) + HOUR,
      before.quietUntil ?? 0,
    );
    record.check = {
      reason: ours ? 'web-login' : 'idle',
      since: now,
      at: turnAt(at, context),
      tries: 0,
    };
    record.webChecks = [...webChecks, at].slice(-CHECKS_PER_HOUR);
  }
  return step(record, journal);
}
