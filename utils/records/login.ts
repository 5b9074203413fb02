/**
 * What is known of one login, as it stands on disk. No secret is in here: tokens, and the API
 * secret if the person asked to keep it, are sealed in the vault under the same id.
 *
 * Times are epoch milliseconds on this computer's clock unless a name says otherwise; a broker
 * time is brought over with `skewMs` before it is stored.
 */
import { FAILURE_KINDS, type Failure } from '../tradovate/failure.ts';
import { BRANDS, isBrand, type Brand } from '../tradovate/front-doors.ts';
import { hostsFor, type ApiHosts, type Environment } from '../tradovate/hosts.ts';
import {
  areTexts,
  ifAny,
  isFlag,
  isNumber,
  isOneOf,
  isText,
  listOf,
  moves,
  orNone,
  orNull,
  parts,
  plain,
  stays,
  time,
  toNow,
  withNumbers,
  withParts,
  type Fields,
  type SetBack,
} from './field.ts';
import { isLink, type Link } from './link.ts';

const CALL_KINDS = ['sign-in', 'renewal', 'probe', 'refresh'] as const;

export type CallKind = (typeof CALL_KINDS)[number];

/** What can prove a session: a call, or a live link that the broker accepted. */
export type ProofBy = CallKind | 'link';

/** A broker call that is under way, written before it is made: after a worker death this is all there is. */
export interface Call {
  kind: CallKind;
  since: number;
  /** Nobody waits for its answer any longer than this. */
  until: number;
  /** A probe in place of a renewal: is the broker back? */
  scouts?: true;
}

export interface Session {
  openedAt: number;
  renewedAt: number | null;
  expiresAt: number;
  /** Life of the present token when it was issued: margins are shares of it. */
  lifeMs: number;
  renewals: number;
}

const END_CAUSES = ['expired', 'evicted', 'rejected', 'renewal-lost', 'damaged'] as const;

/** Why there is no session to keep any more. Proven, not guessed: see decide.ts. */
export type EndCause = (typeof END_CAUSES)[number];

export interface End {
  at: number;
  cause: EndCause;
}

/** What a page of the broker's was seen to do; `refused`: the sign-in that was seen came to nothing. */
export type WebCall = 'sign-in' | 'renewal' | 'refused';

/** A web login that this browser's content script saw. Which login it was is unknown: fields are never read. */
export interface WebSession {
  tabId: number;
  host: string;
  openedAt: number;
  /** Last sign-in or renewal call seen from that tab. */
  seenAt: number;
  /** Its tab is closed or shows the sign-in form again: nobody extends it any more. */
  left?: true;
  /** Whether it is of this login, by the person's word for that page. */
  meant?: boolean;
}

/** A session that the person says is there: another program, a phone. */
export interface Declared {
  name: string;
  on: boolean;
}

/** What is known of this login's sessions besides ours and the web logins seen here. */
export interface Ledger {
  declared: Declared[];
  /** Sign-ins that only the broker's statistics told of, the latest last. */
  unseen: number[];
  /** The last look into those statistics, and whether they may not be read. */
  look: { at: number; refused: boolean } | null;
  /** Pages of the broker at which the person signs in as this login, by their word. */
  hosts: string[];
}

/** The broker has accepted the token. */
export interface Proof {
  at: number;
  by: ProofBy;
}

/** In the place of a host: it was Holdfast that signed in, for the other environment. */
export const BY_HOLDFAST = 'Holdfast';

/** A web login, and whether the session was still there after it; null: not known yet. */
export interface WebLogin {
  at: number;
  host: string;
  survived: boolean | null;
}

/** Until when the keeping is paused for a web login: a time, or as long as its tab is open. */
export interface Yield {
  until: number | null;
  tabId: number | null;
}

const CHECK_REASONS = [
  'signed-in',
  'web-login',
  'unauthorized',
  'resumed',
  'idle',
  'host-allowed',
  'link',
] as const;

/** A proof that is owed since `since`, because something happened that may have closed the session. */
export interface Check {
  reason: (typeof CHECK_REASONS)[number];
  since: number;
  at: number;
  tries: number;
}

/**
 * How a login was brought here: signed in with an API key, or on the broker's page, or by the token of
 * another program. Unknown: in a way that only a later version of Holdfast has.
 */
export type WayIn = 'api-key' | 'oauth' | 'token' | 'unknown';

/** What a person says of a login. */
export interface NewLogin {
  id: string;
  way: WayIn;
  label: string;
  brand: Brand;
  environment: Environment;
  userName: string;
  /** What it was signed in with; `cid` is the client ID of the API key or of the OAuth app. */
  app: { appId: string; appVersion: string; cid: string };
  /** True when the secret that goes with it is kept sealed, so that a reconnect need not ask for it. */
  keepsSecret: boolean;
  /** The OAuth app is a public client: there is no secret. */
  secretless?: true;
  /** It is on the broker's development twin, not on the real system. */
  twin?: true;
}

export interface LoginRecord extends NewLogin {
  /** Of the shape in which it was written; a later version's is left as it is. */
  version: number;
  /** Order in lists. */
  addedAt: number;
  /** Sessions this login may hold at once (FACTS.md §3: 2, or more by add-on). */
  slots: number;
  pausedAt: number | null;

  userId: number | null;
  /**
   * Names of its trading accounts, as they were listed last: they may vanish for a week-end
   * (FACTS.md §5).
   */
  accounts: string[];
  /** What the broker says of this user, in its own word; null: nothing yet. */
  userStatus: string | null;
  /** When the password ends; null: not known to. */
  passwordExpiresAt: number | null;
  /** The firm it trades for, as the broker names it; empty or null: none. */
  organisation: string | null;
  /** Hosts as the broker named them last; a failed reply names none (FACTS.md §2). */
  hosts: ApiHosts;
  /** The host that issued the present token (FACTS.md row 21). */
  issuedBy: string | null;
  /** The host that has just turned out not to be the one: it is asked last. */
  wrongHost: string | null;
  /** Of the hosts that may serve this login, those that the browser does not let Holdfast call. */
  deniedHosts: string[];
  /** Broker clock minus this clock, ms, from the `Date` of the last auth reply. */
  skewMs: number;

  session: Session | null;
  end: End | null;
  /** A refresh token is held: until when it can be redeemed, and when to try next after a refusal. */
  refresh: { until: number; retryAt: number | null } | null;
  /** The last sign-in that failed, since there was one that did not. */
  signInFailed: (Failure & { at: number }) | null;
  call: Call | null;
  check: Check | null;
  proof: Proof | null;
  /** Last time the broker accepted this token: idle expiry counts from here. */
  contactAt: number | null;
  /** The last failure since the last proof, and how many there were in a row. */
  failure: (Failure & { at: number; during: CallKind }) | null;
  failures: number;
  /** How often in a row the broker refused the token (401, 403); two are a proof. */
  refusals: number;
  /** Earliest time of the next renewal attempt while there are failures. */
  retryAt: number | null;
  /** Until when the broker asked for quiet (429, captcha, 423, `p-time`). */
  quietUntil: number | null;
  /** Since when the answer to a renewal is missing: the broker may hold the held token for replaced. */
  renewalLostAt: number | null;
  /** When renewals were tried in the last hour that the broker may have counted. */
  renewalCalls: number[];
  webSessions: WebSession[];
  ledger: Ledger;
  /** When the last checks after web logins were due, to bound what a page can cause. */
  webChecks: number[];
  /** What the last check after a web login showed, for the popup. */
  lastWebLogin: WebLogin | null;
  /** When web logins cost this login its session, the last few. */
  losses: number[];
  /** When the journal last noted that the card warned of a sign-in that may cost this login its session. */
  warnedAt: number | null;
  /** The pause ends by itself: at a time, or when the tab of a web login is left. */
  yield: Yield | null;
  /** The live link; null where nobody has asked for one. */
  link: Link | null;
}

/** A login that has never been signed in. */
export function newLogin(login: NewLogin, now: number): LoginRecord {
  return {
    ...login,
    version: RECORD_VERSION,
    addedAt: now,
    slots: 2,
    pausedAt: null,
    userId: null,
    accounts: [],
    userStatus: null,
    passwordExpiresAt: null,
    organisation: null,
    hosts: {},
    issuedBy: null,
    wrongHost: null,
    deniedHosts: [],
    skewMs: 0,
    session: null,
    end: null,
    refresh: null,
    signInFailed: null,
    call: null,
    check: null,
    proof: null,
    contactAt: null,
    failure: null,
    failures: 0,
    refusals: 0,
    retryAt: null,
    quietUntil: null,
    renewalLostAt: null,
    renewalCalls: [],
    webSessions: [],
    ledger: { declared: [], unseen: [], look: null, hosts: [] },
    webChecks: [],
    lastWebLogin: null,
    losses: [],
    warnedAt: null,
    yield: null,
    link: null,
  };
}

const isCall = isOneOf(...CALL_KINDS);

/**
 * Every field: what it must be to be used, and what it is after the computer's clock has been set
 * back. How long ago that was nobody knows: the record is moved as if the broker had been heard just
 * now, and what tells more is due at once.
 */
const FIELDS: Fields<LoginRecord> = {
  id: plain(isText),
  way: plain(isOneOf('api-key', 'oauth', 'token', 'unknown')),
  label: plain(isText),
  brand: plain(isBrand),
  environment: plain(isOneOf('live', 'demo')),
  userName: plain(isText),
  app: plain(areTexts),
  keepsSecret: plain(isFlag),
  secretless: plain(orNone(isFlag)),
  twin: plain(orNone(isFlag)),
  version: plain(isNumber),
  addedAt: time(isNumber, stays),
  slots: plain(isNumber),
  pausedAt: time(orNull(isNumber), stays),
  userId: plain(orNull(isNumber)),
  accounts: plain(listOf(isText)),
  userStatus: plain(orNull(isText)),
  passwordExpiresAt: time(orNull(isNumber), ifAny(moves)),
  organisation: plain(orNull(isText)),
  hosts: plain(areTexts),
  issuedBy: plain(orNull(isText)),
  wrongHost: plain(orNull(isText)),
  deniedHosts: plain(listOf(isText)),
  skewMs: plain(isNumber),
  session: {
    reads: orNull(withNumbers('openedAt', 'expiresAt', 'lifeMs', 'renewals')),
    setBack: ifAny(
      parts<Session>({
        openedAt: moves,
        renewedAt: ifAny(moves),
        expiresAt: moves,
        lifeMs: stays,
        renewals: stays,
      }),
    ),
  },
  end: plain(orNull(withParts({ at: isNumber, cause: isOneOf(...END_CAUSES) }))),
  refresh: plain(orNull(withNumbers('until'))),
  signInFailed: plain(orNull(withParts({ at: isNumber, kind: isOneOf(...FAILURE_KINDS) }))),
  call: {
    reads: orNull(withParts({ kind: isCall, since: isNumber, until: isNumber })),
    setBack: ifAny(parts<Call>({ kind: stays, since: moves, until: moves, scouts: stays })),
  },
  check: {
    reads: orNull(
      withParts({
        reason: isOneOf(...CHECK_REASONS),
        since: isNumber,
        at: isNumber,
        tries: isNumber,
      }),
    ),
    setBack: ifAny(parts<Check>({ reason: stays, since: stays, at: toNow, tries: stays })),
  },
  proof: {
    reads: orNull(withParts({ at: isNumber, by: isOneOf(...CALL_KINDS, 'link') })),
    setBack: ifAny(parts<Proof>({ at: moves, by: stays })),
  },
  contactAt: time<number | null>(orNull(isNumber), toNow),
  failure: {
    reads: orNull(withParts({ at: isNumber, kind: isOneOf(...FAILURE_KINDS), during: isCall })),
    setBack: (failure, by) => failure && { ...failure, at: failure.at - by },
  },
  failures: plain(isNumber),
  refusals: plain(isNumber),
  retryAt: time<number | null>(orNull(isNumber), toNow),
  quietUntil: time(orNull(isNumber), ifAny(moves)),
  renewalLostAt: time(orNull(isNumber), stays),
  renewalCalls: { reads: listOf(isNumber), setBack: (all, by) => all.map((at) => at - by) },
  webSessions: plain(listOf(withNumbers('tabId', 'openedAt', 'seenAt'))),
  ledger: plain(
    withParts({
      declared: listOf(withParts({ name: isText })),
      unseen: listOf(isNumber),
      look: orNull(withNumbers('at')),
      hosts: listOf(isText),
    }),
  ),
  // The hour they are counted in has lost its beginning.
  webChecks: { reads: listOf(isNumber), setBack: () => [] },
  lastWebLogin: {
    reads: orNull(withNumbers('at')),
    setBack: ifAny(parts<WebLogin>({ at: moves, host: stays, survived: stays })),
  },
  losses: plain(listOf(isNumber)),
  warnedAt: time(orNull(isNumber), stays),
  yield: {
    reads: orNull(withParts({ until: orNull(isNumber), tabId: orNull(isNumber) })),
    setBack: ifAny(parts<Yield>({ until: ifAny(moves), tabId: stays })),
  },
  link: {
    reads: orNull(isLink),
    setBack: (link, _, now) => link && { ...link, retryAt: now },
  },
};

/** The names of all fields, for those who go through them. */
const NAMES = Object.keys(FIELDS) as (keyof LoginRecord)[];

/** The record after the computer's clock was set back by `by` ms to `now`, epoch ms. */
export function clockSetBack(record: LoginRecord, by: number, now: number): LoginRecord {
  const moved: Record<string, unknown> = { ...record };
  for (const name of NAMES) {
    if (record[name] === undefined) continue;
    moved[name] = (FIELDS[name].setBack as SetBack<unknown>)(record[name], by, now);
  }
  return moved as unknown as LoginRecord;
}

/** What each version stored, brought to the shape of the next one; the first is of version 1, which did not say so. */
const MIGRATIONS: readonly ((stored: Partial<LoginRecord>) => Partial<LoginRecord>)[] = [
  // The API key was the only way in before there was this field.
  (stored) => ('way' in stored ? stored : { ...stored, way: 'api-key' }),
];

/** The version of the records that are written now. */
const RECORD_VERSION = MIGRATIONS.length + 1;

/** What may have gone wrong with the session, or been proven of it, when one of these cannot be read. */
const TELLING: readonly (keyof LoginRecord)[] = ['call', 'check', 'proof', 'failure'];

/**
 * A record as it was found on disk, written by this version, an earlier or a later one, or a failing
 * disk. What is missing or cannot be read is as in a new login; a login whose session is among it asks
 * for a sign-in, and one of which only the news are is asked about. Null when not even the login can
 * be told.
 */
export function readRecord(found: unknown): LoginRecord | null {
  const { id, userName } = (found ?? {}) as Partial<LoginRecord>;
  if (typeof id !== 'string' || typeof userName !== 'string') return null;
  const { version: said } = found as Partial<LoginRecord>;
  const version = typeof said === 'number' && said >= 1 ? said : 1;
  const newer = MIGRATIONS.slice(version - 1);
  const stored = newer.reduce((older, migrate) => migrate(older), found as object);
  const blank = newLogin(
    {
      id,
      way: 'unknown',
      label: userName,
      brand: BRANDS[0],
      environment: 'live',
      userName,
      app: { appId: '', appVersion: '', cid: '' },
      keepsSecret: false,
    },
    0,
  );
  const record: LoginRecord = {
    ...blank,
    ...stored,
    version: Math.max(version, RECORD_VERSION),
  };
  const damaged = NAMES.filter((name) => !FIELDS[name].reads(record[name]));
  for (const name of damaged) Object.assign(record, { [name]: blank[name] });
  // Without its environment nobody knows where the token belongs.
  if (damaged.some((name) => ['session', 'end', 'environment'].includes(name))) {
    record.session = null;
    record.failure = { kind: 'damaged', at: record.addedAt, during: 'probe' };
  } else if (damaged.some((name) => TELLING.includes(name))) {
    const since = record.contactAt ?? record.addedAt;
    record.check ??= { reason: 'idle', since, at: since, tries: 0 };
  }
  return record;
}

/** There is a token that has neither run out nor been proven dead. */
export function hasLiveSession(record: LoginRecord, now: number): boolean {
  return record.session !== null && record.end === null && now < record.session.expiresAt;
}

/** The hosts that may serve this login, the likeliest first. */
export function hostsOf({ environment, hosts, issuedBy, twin }: LoginRecord): string[] {
  return hostsFor(environment, hosts, issuedBy, twin);
}

/** The host that the broker names for this login, when a person has to allow it first; else null. */
export function hostNeeded(record: LoginRecord): string | null {
  const [host] = hostsOf(record);
  return host !== undefined && record.deniedHosts.includes(host) ? host : null;
}

/** There is no host that Holdfast may ask about this login. */
export function isCutOff(record: LoginRecord): boolean {
  return hostsOf(record).every((host) => record.deniedHosts.includes(host));
}

/**
 * A web login was followed by answers that the broker gives to closed sessions as well as to
 * impatient callers (408, 429, 5xx). Not proven, so the token is kept (FACTS.md row 9).
 */
export function likelyEvicted(record: LoginRecord): boolean {
  return record.lastWebLogin?.survived === false && record.end === null && record.failure !== null;
}
