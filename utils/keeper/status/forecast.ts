/**
 * What one more sign-in would close: computed from the ledger and the allowance, never from what
 * is typed. The oldest goes (FACTS.md §3); what the broker counts is not known for certain, so
 * nothing here says "will" (FACTS.md row 5).
 */
import type { LoginRecord } from '../../records/login.ts';
import { isProven } from '../when/proof.ts';
import { renewalAt } from '../when/renewals.ts';
import { allowance, isSameUser, knownSessions, type KnownSession } from './sessions.ts';

/**
 * `known`: every counted session is there and of known age. `likely`: one of them may have ended or
 * be of another login. `unknown`: the ages do not tell which is the oldest.
 */
export type Sure = 'known' | 'likely' | 'unknown';

/** What else could be done. */
export type Alternative =
  /** Use the trader tab that is signed in. */
  | { what: 'open-tab'; host: string; tabId: number }
  /** By then one of the sessions has run out, or it is known whether ours is still there. */
  | { what: 'wait'; until: number; why: 'room' | 'proof' }
  /** Pause keeping, and let our session go. */
  | { what: 'let-go' }
  | { what: 'anyway' };

export interface Forecast {
  /** The login whose session is at risk, or one of that user. */
  loginId: string;
  label: string;
  allowed: number;
  /** Oldest first, those of unknown age last. */
  sessions: (KnownSession & { atRisk: boolean })[];
  sure: Sure;
  /** The least harmful first. */
  alternatives: Alternative[];
}

/** What one more sign-in of the user of `record` would close; null while there is room for it. */
export function forecast(
  record: LoginRecord,
  now: number,
  records: readonly LoginRecord[] = [record],
): Forecast | null {
  const known = knownSessions(record, now, records);
  const allowed = allowance(record, records);
  if (known.length < allowed) return null;
  const ageless = known.filter(({ openedAt }) => openedAt === null);
  const oldest = known.find(({ openedAt }) => openedAt !== null);
  const atRisk = oldest === undefined ? ageless : [oldest, ...ageless];
  const own = records.find(({ id }) => id === oldest?.loginId);
  return {
    loginId: own?.id ?? record.id,
    label: own?.label ?? record.label,
    allowed,
    sessions: known.map((session) => ({ ...session, atRisk: atRisk.includes(session) })),
    sure: atRisk.length > 1 ? 'unknown' : known.every(({ firm }) => firm) ? 'known' : 'likely',
    alternatives: alternatives(known, allowed, own, now, records),
  };
}

function alternatives(
  known: readonly KnownSession[],
  allowed: number,
  own: LoginRecord | undefined,
  now: number,
  records: readonly LoginRecord[],
): Alternative[] {
  const found: Alternative[] = [];
  const tab = known.findLast(({ tabId }) => tabId !== undefined);
  if (tab?.tabId !== undefined) found.push({ what: 'open-tab', host: tab.name, tabId: tab.tabId });
  const wait = waiting(known, allowed, own, now, records);
  if (wait !== null) found.push(wait);
  if (own !== undefined) found.push({ what: 'let-go' });
  return [...found, { what: 'anyway' }];
}

function waiting(
  known: readonly KnownSession[],
  allowed: number,
  own: LoginRecord | undefined,
  now: number,
  records: readonly LoginRecord[],
): Alternative | null {
  // A session whose tab is still open is extended in time.
  const ends = known
    .filter(({ tabId, endsAt }) => tabId === undefined && endsAt !== null)
    .map(({ endsAt }) => endsAt ?? now)
    .sort((one, other) => one - other);
  const room = ends[known.length - allowed];
  if (room !== undefined) return { what: 'wait', until: room, why: 'room' };
  if (own === undefined || own.pausedAt !== null) return null;
  if (isProven(own, now) && own.check === null && own.failure === null) return null;
  const others = records.filter(({ id }) => id !== own.id);
  const until = own.check?.at ?? renewalAt(own, now, others);
  return until === null || until <= now ? null : { what: 'wait', until, why: 'proof' };
}

/**
 * What to say at a sign-in form of `host`: one forecast for each user that may lose more than a
 * web session of this browser. Only of the login that the person uses on that host, if they said so.
 */
export function forecastsAt(
  host: string,
  records: readonly LoginRecord[],
  now: number,
): Forecast[] {
  const picked = pickedAt(host, records);
  const users = records.filter(
    (record, index) =>
      (picked === undefined || isSameUser(record, picked)) &&
      records.findIndex((other) => isSameUser(other, record)) === index,
  );
  return users
    .map((record) => forecast(record, now, records))
    .filter((found) => found !== null)
    .filter(({ sessions }) => sessions.some(({ atRisk, whose }) => atRisk && whose !== 'web'));
}

/**
 * The logins in the order in which a web login at `host` is likely to have cost them their session:
 * that of the person's word first, then who has no place free and the oldest session.
 */
export function likelyFirst(
  host: string,
  records: readonly LoginRecord[],
  now: number,
): LoginRecord[] {
  const picked = pickedAt(host, records);
  const rank = (record: LoginRecord): number => {
    if (picked !== undefined && isSameUser(record, picked)) return 0;
    const full = forecast(record, now, records);
    if (full === null) return 3;
    return full.sessions.some(({ atRisk, loginId }) => atRisk && loginId === record.id) ? 1 : 2;
  };
  return [...records].sort((one, other) => rank(one) - rank(other));
}

/** The login that the person uses at `host`, by their word. */
export function pickedAt(host: string, records: readonly LoginRecord[]): LoginRecord | undefined {
  return records.find(({ ledger }) => ledger.hosts.includes(host));
}

/** The tab that a forecast at `host` names for use instead of a sign-in. */
export function openTab(host: string, records: readonly LoginRecord[], now: number): number | null {
  const tab = forecastsAt(host, records, now)
    .flatMap(({ alternatives }) => alternatives)
    .find(({ what }) => what === 'open-tab');
  return tab?.what === 'open-tab' ? tab.tabId : null;
}
