/**
 * Which sessions of a login are known: one ledger for live and demo together (FACTS.md row 6). What
 * one more sign-in may close is in forecast.ts.
 */
import { DAY, MINUTE } from '../../durations.ts';
import { hasLiveSession, type LoginRecord } from '../../records/login.ts';
import { isProven } from '../when/proof.ts';

/** A web session that nobody extends has run out by then (FACTS.md §6: about 80 minutes). */
const WEB_SESSION_MS = 90 * MINUTE;
/** Two tellings of one sign-in are no further apart: the broker's clock, a slow page, a slow answer. */
const SAME_MS = MINUTE;
/**
 * The statistics are looked at no more often, and after a refusal not for a day (FACTS.md row 27).
 */
const LOOK_EVERY_MS = 5 * MINUTE;
const REFUSED_MS = DAY;
const UNSEEN_KEPT = 5;

export interface KnownSession {
  /** `unseen`: only the broker's statistics tell of it. */
  whose: 'holdfast' | 'web' | 'declared' | 'unseen';
  /** The label of the login that holds it, the host of the page, or what the person calls it. */
  name: string;
  /** Null: nobody knows. */
  openedAt: number | null;
  /** When it runs out at the latest if nobody extends it; null: unknown. */
  endsAt: number | null;
  /** It is of this user, as far as that can be known: a web login may be of another one held here. */
  ofThis: boolean;
  /** It is there and of this login, as far as that can be known. */
  firm: boolean;
  /** The login here that holds it. */
  loginId?: string;
  /** The tab it is in, while that is open. */
  tabId?: number;
}

/**
 * The sessions known to be open for the user of `record`, oldest first, those of unknown age last.
 * Web logins can belong to any login held here, as the sign-in fields are never read: they count
 * for every one unless the person said which login they use there. Of more than the allowance only
 * the newest can still be open (FACTS.md §3: the oldest is closed); ours stay until they are proven
 * dead.
 */
export function knownSessions(
  record: LoginRecord,
  now: number,
  records: readonly LoginRecord[] = [record],
): KnownSession[] {
  const own = ownSessions(record, now, records);
  const others = [...webSessions(record, now, records), ...unseenSessions(record, now, records)];
  const room = allowance(record, records) - own.length;
  const newest = room > 0 ? others.sort(byAge).slice(-room) : [];
  return [...[...own, ...newest].sort(byAge), ...declaredSessions(record, records)];
}

/** Sessions that the user of `record` may hold at once; the least, if its logins were given different numbers. */
export function allowance(record: LoginRecord, records: readonly LoginRecord[]): number {
  return Math.min(record.slots, ...ofUser(record, records).map(({ slots }) => slots));
}

const ofUser = (record: LoginRecord, records: readonly LoginRecord[]): LoginRecord[] =>
  records.filter((login) => isSameUser(login, record));

const byAge = (one: KnownSession, other: KnownSession): number =>
  (one.openedAt ?? 0) - (other.openedAt ?? 0);

function ownSessions(
  record: LoginRecord,
  now: number,
  records: readonly LoginRecord[],
): KnownSession[] {
  const own: KnownSession[] = [];
  for (const login of ofUser(record, records)) {
    const { id, label, session } = login;
    if (session === null || !hasLiveSession(login, now)) continue;
    own.push({
      whose: 'holdfast',
      name: label,
      openedAt: session.openedAt,
      endsAt: null,
      ofThis: true,
      firm: isProven(login, now) && login.failure === null && login.check === null,
      loginId: id,
    });
  }
  return own.sort(byAge);
}

function webSessions(
  record: LoginRecord,
  now: number,
  records: readonly LoginRecord[],
): KnownSession[] {
  const alone = records.every((login) => isSameUser(login, record));
  return record.webSessions
    .filter(({ seenAt, meant }) => now < seenAt + WEB_SESSION_MS && meant !== false)
    .map(({ tabId, host, openedAt, seenAt, left, meant }) => ({
      whose: 'web',
      name: host,
      openedAt,
      endsAt: seenAt + WEB_SESSION_MS,
      ofThis: alone || meant === true,
      firm: left !== true && (alone || meant === true),
      ...(left === true ? {} : { tabId }),
    }));
}

function unseenSessions(
  record: LoginRecord,
  now: number,
  records: readonly LoginRecord[],
): KnownSession[] {
  return record.ledger.unseen
    .filter((at) => now < at + WEB_SESSION_MS && isUnseen(record, records, at))
    .map((at) => ({
      whose: 'unseen',
      name: '',
      openedAt: at,
      endsAt: at + WEB_SESSION_MS,
      ofThis: true,
      firm: false,
    }));
}

function declaredSessions(record: LoginRecord, records: readonly LoginRecord[]): KnownSession[] {
  const names = ofUser(record, records)
    .flatMap(({ ledger }) => ledger.declared)
    .filter(({ on }) => on)
    .map(({ name }) => name);
  return [...new Set(names)].map((name) => ({
    whose: 'declared',
    name,
    openedAt: null,
    endsAt: null,
    ofThis: true,
    firm: true,
  }));
}

/** A sign-in at that time is none that was made or seen here. A renewal might count as one, too. */
function isUnseen(record: LoginRecord, records: readonly LoginRecord[], at: number): boolean {
  const moments = ofUser(record, records).flatMap(({ session, webSessions }) => [
    session?.openedAt ?? 0,
    session?.renewedAt ?? 0,
    ...webSessions.flatMap(({ openedAt, seenAt }) => [openedAt, seenAt]),
  ]);
  return moments.every((moment) => Math.abs(at - moment) > SAME_MS);
}

type User = Pick<LoginRecord, 'userName' | 'twin'>;

/** The broker's user: one pool of sessions, whatever the environment. The development twin has its own. */
export function isSameUser(one: User, other: User): boolean {
  return one.userName.toLowerCase() === other.userName.toLowerCase() && one.twin === other.twin;
}

/** The same user in the same environment: one login. */
export function isSame(
  one: User & Pick<LoginRecord, 'environment'>,
  other: User & Pick<LoginRecord, 'environment'>,
): boolean {
  return one.environment === other.environment && isSameUser(one, other);
}

/**
 * Whether the broker's statistics of this login may be looked at now, as somebody seems about to sign
 * in, which a page can pretend: never while anything is amiss, and rarely.
 */
export function mayLook(record: LoginRecord, now: number): boolean {
  const { look } = record.ledger;
  const pause = look?.refused === true ? REFUSED_MS : LOOK_EVERY_MS;
  return (
    hasLiveSession(record, now) &&
    record.userId !== null &&
    record.pausedAt === null &&
    [record.call, record.check, record.failure].every((trouble) => trouble === null) &&
    (record.quietUntil ?? 0) <= now &&
    (look === null || now >= look.at + pause)
  );
}

/** `record` after a look: `last` is when the user's last session was opened, on the broker's clock. */
export function withLook(
  record: LoginRecord,
  last: number | null,
  now: number,
  records: readonly LoginRecord[],
): LoginRecord {
  const look = { at: now, refused: last === null };
  const at = (last ?? 0) - record.skewMs;
  const { unseen } = record.ledger;
  const isNew =
    last !== null &&
    at > Math.max(record.session?.openedAt ?? 0, ...unseen) &&
    isUnseen(record, records, at);
  return {
    ...record,
    ledger: {
      ...record.ledger,
      look,
      unseen: isNew ? [...unseen, at].slice(-UNSEEN_KEPT) : unseen,
    },
  };
}
