// The vocabulary of the local Tradovate: what goes in, what comes out, and every switch with its default.
// What is known about the real service is in utils/tradovate/FACTS.md; "invented" marks what is
// not.

/** Time in epoch milliseconds. Everything in the broker asks this and nothing else for the time. */
export interface Clock {
  now(): number;
}

/** One HTTP request as the broker sees it. */
export interface BrokerRequest {
  method: string;
  /** Host name without port. */
  host: string;
  /** Path with query, e.g. `/v1/account/list?userId=7`. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
  ip: string;
  /** It came over a connection that had served a call before. */
  reusedConnection?: boolean;
}

/**
 * How a reply gets lost. `cut-off`: the full Content-Length is announced, half the body sent, the
 * connection closed. `dropped`: the connection is closed before the first byte. `silence`: nothing,
 * ever.
 */
export type Delivery = 'cut-off' | 'dropped' | 'silence';

/** What to send back, and how. */
export interface BrokerReply {
  /** HTTP status; 0 together with `delivery: 'silence'`. */
  status: number;
  headers: Record<string, string>;
  body: string;
  delivery?: Delivery;
  /** Milliseconds to wait before sending. */
  delayMs?: number;
  /** The line this call left in the journal (absent for a CORS preflight). */
  entry?: JournalEntry;
}

export type Environment = 'live' | 'demo';
export type Brand = 'tradovate' | 'ninjatrader';
export type UserStatus = 'Active' | 'Closed' | 'Initiated' | 'TemporaryLocked' | 'UnconfirmedEmail';

/** What the token of a closed session may be answered (FACTS.md §3, row 8). */
export const closedSessionAnswers = [
  'timeout-408',
  'empty-429',
  'server-error-500',
  'bad-gateway-502',
  'unauthorized-401',
  'forbidden-403',
  'silence',
  'mixture',
  'shutdown',
] as const;
export type ClosedSessionAnswer = (typeof closedSessionAnswers)[number];

/**
 * For tests that are not about how a closed session looks: it is refused plainly. Nobody documents
 * that; `evictions.test.ts` has every shape.
 */
export const plainlyClosed = { closedSessionAnswers: 'unauthorized-401' } as const;

/**
 * How many connections a user may have (FACTS.md §4, row 5). `counted`: single sockets, or the
 * clients that have any, which are sessions here. `beyond`: the oldest is closed, and with
 * `revokes` its token is dead as well.
 */
export interface ConnectionLimit {
  counted: 'sockets' | 'clients';
  most: number;
  beyond: 'closes' | 'revokes';
}

/** As the documents of 2026 have it. */
export const connectionsOf2026: ConnectionLimit = {
  counted: 'sockets',
  most: 50,
  beyond: 'revokes',
};
/** As the documents of 2024 have it: one for each customer. */
export const connectionsOf2024: ConnectionLimit = { counted: 'clients', most: 1, beyond: 'closes' };

/** Per login, switchable at run time: `broker.user('sam').settings.slots = 3`. */
export interface UserSettings {
  /** Life of an access token from its sign-in or renewal, ms. 80 minutes (FACTS.md §0). */
  lifetimeMs: number;
  /** Sessions that may be open at once. Two, the third closes the oldest (FACTS.md §3). */
  slots: number;
  /** Whether live and demo share the slots (FACTS.md row 6: unknown, treat as shared). */
  slotsPer: 'user' | 'environment';
  /**
   * What the token of an evicted or closed session is answered. 401, 408, 429 and 5xx are all
   * reported (FACTS.md §3); `mixture` gives one after the other. `shutdown` is a 401 over REST and
   * a `shutdown` event with a close on sockets; with the others sockets just break.
   */
  closedSessionAnswers: ClosedSessionAnswer;
  /** Undocumented, so the unkind answer is the default (FACTS.md row 3). */
  oldTokenAfterRenewal: 'valid' | 'dead';
  /** Where it is dead, how long after the renewal it still works, ms. */
  oldTokenGraceMs: number;
  /** A session that is idle for longer than this ends, ms; null = never (FACTS.md row 2: 60 minutes). */
  inactivityMs: number | null;
  /** What ends idleness: any call, or a renewal alone. */
  idleUntil: 'any-call' | 'renewal';
  connections: ConnectionLimit;
  /** Different devices, and addresses, that may be connected at once; null = any number (FACTS.md §4). */
  devices: number | null;
  addresses: number | null;
  /** A `user/syncrequest` without `splitResponses` breaks the socket (FACTS.md §4: for some organisations). */
  splitResponsesDemanded: boolean;
  /** Anything but `Active` refuses sign-ins and renewals with HTTP 200, `errorText` and `userStatus`. */
  status: UserStatus;
  /** Given back, with a refusal, when the request says `hibpCheck: true`. */
  hibpHint: null | 'EmailAndPasswordCompromised' | 'PasswordCompromised';
  passwordExpired: boolean;
  /** ISO time in successful replies; null = left out. */
  passwordExpirationTime: string | null;
  /** `orgName` in successful replies; null = the front door's, as far as it has one. */
  orgName: string | null;
  /** Laid over successful replies: odd values, or what nobody has documented. */
  alsoSaid: Record<string, unknown>;
  /**
   * Laid over the broker's own `apiHosts`: names a dedicated host, or something odd (FACTS.md §7).
   */
  apiHosts: Record<string, unknown> | null;
  /** Where this user's calls belong, when that is not what `apiHosts` names: not said yet, or said wrongly. */
  servedAt: Partial<Record<Environment, string>> | null;
  /**
   * What a host does for a user who has moved away: all, `auth/*` alone (FACTS.md row 18), or
   * nothing.
   */
  oldHost: 'still-serves' | 'renews' | 'sends-away';
  /**
   * How it sends them away. A 307; 421 is for sockets there (FACTS.md §0); the words are one
   * program's (FACTS.md §1).
   */
  sentAwayBy: 'redirect-307' | 'misdirected-421' | 'error-text';
  omitApiHosts: boolean;
  omitExpirationTime: boolean;
  /** ISO with `Z` as a rule, one client also saw a number of milliseconds (FACTS.md §3). */
  expirationAs: 'iso' | 'ms';
  omitMdToken: boolean;
  /** With `2021` a sign-in and a renewal tell no more than they did then: no market-data token, no hosts. */
  replyShape: '2026' | '2021';
  /**
   * Which host takes this user's sign-in; the other answers HTTP 200 and names the right one
   * (FACTS.md §1).
   */
  signInAt: 'any' | Environment;
  /**
   * A token used on the host of the other environment (FACTS.md row 21: contradicted), or not on
   * the one it came from.
   */
  otherHostToken: 'valid' | 'refused' | 'only-its-issuer';
  /**
   * Whether `userSessionStats` may be read (FACTS.md row 27: unknown). A refusal is a 401 on a live
   * token.
   */
  mayReadSessionStats: boolean;
  /**
   * Endpoints that answer 401 "Access is denied" although the token is fine: permission not granted
   * (FACTS.md §2).
   */
  deniedEndpoints: string[];
  /** Two-factor: data calls on live answer 401 until `approveDevice` (FACTS.md §2). */
  deviceApproval: boolean;
  /** The account list is empty although the token works (FACTS.md §5: weekend maintenance). */
  hideAccounts: boolean;
  /** The plain account list is empty and only `?userId=` fills it (FACTS.md §5). */
  accountListNeedsUserId: boolean;
  /** `/auth/me` leaves out `userId` for this long after a sign-in, ms (FACTS.md §5). */
  meUserIdAfterMs: number;
  /**
   * Whether an OAuth code exchange, and a refresh grant, take a slot (FACTS.md row 10: assume yes).
   */
  oauthOpensSession: boolean;
  refreshOpensSession: boolean;
  /** A refresh grant goes on in the session it belongs to, and is refused where that was closed. */
  refreshStaysInSession: boolean;
  /** Whether signing in on the `/oauth` page opens a web session of its own (FACTS.md row 28). */
  oauthPageOpensSession: boolean;
  /**
   * Whether the server closes an authorised socket when its session expires (FACTS.md row 19:
   * contradicted).
   */
  socketAtExpiry: 'closes' | 'stays';
}

export const defaultUserSettings = (): UserSettings => ({
  lifetimeMs: 80 * 60_000,
  slots: 2,
  slotsPer: 'user',
  closedSessionAnswers: 'timeout-408',
  oldTokenAfterRenewal: 'dead',
  oldTokenGraceMs: 0,
  inactivityMs: null,
  idleUntil: 'any-call',
  connections: { ...connectionsOf2026 },
  devices: null,
  addresses: null,
  splitResponsesDemanded: false,
  status: 'Active',
  hibpHint: null,
  passwordExpired: false,
  passwordExpirationTime: null,
  orgName: null,
  alsoSaid: {},
  apiHosts: null,
  servedAt: null,
  oldHost: 'renews',
  sentAwayBy: 'redirect-307',
  omitApiHosts: false,
  omitExpirationTime: false,
  expirationAs: 'iso',
  omitMdToken: false,
  replyShape: '2026',
  signInAt: 'any',
  otherHostToken: 'valid',
  mayReadSessionStats: false,
  deniedEndpoints: [],
  deviceApproval: false,
  hideAccounts: false,
  accountListNeedsUserId: false,
  meUserIdAfterMs: 0,
  oauthOpensSession: true,
  refreshOpensSession: true,
  refreshStaysInSession: false,
  oauthPageOpensSession: false,
  socketAtExpiry: 'closes',
});

/**
 * An API key. `appId` is only its name here: the `appId` of a request is free text (FACTS.md §3).
 */
export interface RegisteredApp {
  appId: string;
  cid: number;
  sec: string;
}

/** An OAuth registration. Confidential, the redirect is compared byte for byte (FACTS.md §1). */
export interface OAuthApp {
  name: string;
  clientId: string;
  clientSecret: string;
  redirectUris: string[];
  /** May exchange with PKCE (S256) and no secret, like the MCP client (FACTS.md §1). */
  publicClient: boolean;
  /**
   * Registered on the development twin, which knows no app of the real system, nor the other way
   * round (FACTS.md §1).
   */
  twin?: boolean;
}

/** Rolling hour per caller address (FACTS.md §2, the stricter copy of the vendor's page). */
export interface Budgets {
  renewals: boolean;
  /** Successes are counted. */
  renewalsPerHour: number;
  failedSignIns: boolean;
  failedSignInsPerHour: number;
  failedMe: boolean;
  failedMePerHour: number;
  /** Sign-ins, renewals and token requests together, in a rolling minute (FACTS.md §2, the older copy). */
  authentications: boolean;
  authenticationsPerMinute: number;
  /** A 15 s back-off is documented (FACTS.md §2); each further violation doubles it. */
  answer: 'penalty' | 'rate-429' | 'ticket-429';
}

/** Broker-wide, switchable at run time. Assigning a top-level field is announced to listeners. */
export interface BrokerSettings {
  maintenance: boolean;
  maintenanceAnswer: 'unavailable-503' | 'silence';
  /** Error of the `Date` header, ms: positive = the broker's clock is ahead. */
  dateSkewMs: number;
  omitDate: boolean;
  apps: RegisteredApp[];
  oauthApps: OAuthApp[];
  /** Off: a sign-in without cid and sec is accepted too. */
  requireApp: boolean;
  budgets: Budgets;
  /** Keys nobody documented are to be ignored by clients (FACTS.md §7). */
  apiHosts: Record<string, string>;
  /** Sockets on these hosts are refused with 421 for everybody. */
  misdirectedHosts: string[];
  /** How wrong credentials are refused (FACTS.md §2: contradicted); a 401 carries the same words. */
  wrongPassword: 'error-text-200' | 'unauthorized-401';
  /** A 401 is often empty (FACTS.md §2). */
  unauthorizedBody: 'empty' | 'access-denied';
  /** A call with no token at all (FACTS.md §2: one client saw 404). */
  anonymousAnswer: 401 | 404;
  /** A gateway that answers 403 to `Origin: chrome-extension://` or `moz-extension://`. */
  refuseExtensionOrigins: boolean;
  /** Storable on purpose: a client that wants nothing in the HTTP cache has to say so itself. */
  cacheControl: string;
  /** `p-time` of penalties that do not say otherwise, seconds. 15-19 seen (FACTS.md §2). */
  penaltySeconds: number;
  /** How long a captcha or a lock-out lasts, ms. About one hour (FACTS.md §2). */
  lockoutMs: number;
  /** After so many failures right credentials are called wrong too (FACTS.md §2); null = never. */
  distrustAfterFailures: number | null;
  distrustMs: number;
  oauthCodeMs: number;
  /** The user whom the authorize page still knows in every browser, and lets through without a question; null = nobody. Invented. */
  oauthKnows: string | null;
  /** Nobody documents that the redirect carries `state` back. */
  oauthEchoesState: boolean;
  /** Whose session "Continue with Google" and "with Apple" on the page begin; null = those buttons fail. */
  socialKnows: string | null;
  /** About 26 hours, anew at each refresh (FACTS.md §1). */
  refreshTokenMs: number;
  /** Server heartbeat on sockets, ms. 2.5 s (FACTS.md §4). */
  heartbeatMs: number;
  /** Sockets stay open and nothing comes over them any more, as when a router has forgotten a connection. */
  silentSockets: boolean;
  /** Whoever says nothing for longer than this is cut off, ms; null = never. Clients beat every 2.5 s (FACTS.md §4). */
  silentClientMs: number | null;
}

export const sampleApp: RegisteredApp = {
  appId: 'Sample App',
  cid: 8,
  sec: 'not-a-real-secret-0000-0000',
};

export const sampleOAuthApp: OAuthApp = {
  name: 'Sample OAuth App',
  clientId: '1001',
  clientSecret: 'not-a-real-oauth-secret',
  redirectUris: ['https://example.com/oauth/callback', 'http://localhost:8123/callback'],
  publicClient: false,
};

export const defaultBrokerSettings = (): BrokerSettings => ({
  maintenance: false,
  maintenanceAnswer: 'unavailable-503',
  dateSkewMs: 0,
  omitDate: false,
  apps: [{ ...sampleApp }],
  oauthApps: [{ ...sampleOAuthApp, redirectUris: [...sampleOAuthApp.redirectUris] }],
  requireApp: true,
  // All off by default: most tests sign in wrongly or renew often on purpose. The numbers are those
  // of FACTS.md §2.
  budgets: {
    renewals: false,
    renewalsPerHour: 15,
    failedSignIns: false,
    failedSignInsPerHour: 5,
    failedMe: false,
    failedMePerHour: 10,
    authentications: false,
    authenticationsPerMinute: 10,
    answer: 'penalty',
  },
  apiHosts: {
    live: 'live.tradovateapi.com',
    demo: 'demo.tradovateapi.com',
    mdLive: 'md.tradovateapi.com',
    mdDemo: 'md-demo.tradovateapi.com',
    replay: 'replay.tradovateapi.com',
    reportingLive: 'rpt-live.tradovateapi.com',
    reportingDemo: 'rpt-demo.tradovateapi.com',
    riskMonitorLive: 'risk-monitor-api.ninjatrader.com',
    riskMonitorDemo: 'risk-monitor-api-demo.ninjatrader.com',
  },
  misdirectedHosts: [],
  wrongPassword: 'error-text-200',
  unauthorizedBody: 'empty',
  anonymousAnswer: 401,
  refuseExtensionOrigins: false,
  cacheControl: 'private, no-cache',
  penaltySeconds: 15,
  lockoutMs: 60 * 60_000,
  distrustAfterFailures: null,
  distrustMs: 5 * 60_000,
  oauthCodeMs: 5 * 60_000,
  oauthKnows: null,
  oauthEchoesState: true,
  socialKnows: null,
  refreshTokenMs: 26 * 60 * 60_000,
  heartbeatMs: 2_500,
  silentSockets: false,
  silentClientMs: 15_000,
});

export interface Account {
  id: number;
  name: string;
  /** For a prop-firm login this is the firm, not the trader (FACTS.md §3). */
  userId: number;
  environment: Environment;
  active: boolean;
}

export interface NewUser {
  name: string;
  password: string;
  userId?: number;
  brand?: Brand;
  settings?: Partial<UserSettings>;
  /** Default: one live and one demo account. */
  accounts?: { name: string; environment?: Environment; id?: number; userId?: number }[];
}

export interface User {
  readonly id: number;
  readonly name: string;
  readonly brand: Brand;
  password: string;
  readonly settings: UserSettings;
  accounts: Account[];
  /** Served as they are by `position/list` and `order/list`; `environment` is stripped. */
  positions: Record<string, unknown>[];
  orders: Record<string, unknown>[];
  approvedDevices: Set<string>;
  lastSessionTime: number | null;
  failedPasswords: number;
}

export type SessionState = 'open' | 'evicted' | 'closed' | 'expired' | 'inactive';

export interface Session {
  readonly id: string;
  readonly user: string;
  readonly appId: string;
  readonly environment: Environment;
  readonly deviceId: string | null;
  readonly via: 'password' | 'social' | 'oauth' | 'program';
  readonly openedAt: number;
  /** False for OAuth sessions when the user's settings say they take no slot. */
  readonly counted: boolean;
  accessToken: string;
  mdAccessToken: string;
  expiresAt: number;
  lastContactAt: number;
  renewals: number;
  state: SessionState;
}

export type Fault =
  | 'penalty'
  | 'captcha'
  | 'ticket-429'
  | 'locked-423'
  | 'rate-429'
  | 'unauthorized-401'
  | 'forbidden-403'
  | 'error-500'
  | 'bad-gateway-502'
  | 'unavailable-503'
  | 'status'
  | 'html'
  | 'cut-off'
  | 'dropped'
  | 'silence'
  | 'slow'
  | 'redirect-307'
  | 'error-text'
  | 'error-200';

/** What goes wrong, for whom, how often. Absent conditions match everything. */
export interface FaultRule {
  /**
   * As in the journal: `accesstokenrequest`, `renewaccesstoken`, `me`, `account/list`, `oauthtoken`,
   * `websocket` for the opening of one; and what is said on one: `authorize`, `user/syncrequest`...
   */
  endpoint?: string;
  user?: string;
  /** A host name, or `live` / `demo` for the shared hosts. */
  host?: string;
  /** Default 1; Infinity for lasting. */
  times?: number;
  fault: Fault;
  /** Only over a connection that has served a call before. */
  reusedConnection?: boolean;
  /** Seconds, for `penalty`, `captcha` and `ticket-429`. */
  pTime?: number;
  /**
   * For how long this user is refused with 429 afterwards, ms, for `rate-429` and `locked-423`;
   * default `lockoutMs`, the hour. Zero is a gateway's passing 429.
   */
  lockMs?: number;
  /** A `Retry-After` on the reply: seconds as a number, or as a date. */
  retryAfter?: { seconds: number; as: 'seconds' | 'date' };
  /** For `status`, with `text` as the body. */
  status?: number;
  /** Milliseconds, for `slow` (default 5000). */
  delayMs?: number;
  /** For `redirect-307`; default: the same path on a dedicated host. */
  location?: string;
  /** For `error-text`, `error-200`, `html`, `status`, and the page of `forbidden-403` and `bad-gateway-502`. */
  text?: string;
  /** Whether the broker acts before the reply is lost. Default: `cut-off` yes, the others no. */
  executes?: boolean;
}

export interface JournalEntry {
  readonly at: number;
  readonly method: string;
  readonly host: string;
  /** Without the query. */
  readonly path: string;
  readonly endpoint: string;
  user?: string;
  sessionId?: string;
  appId?: string;
  status: number;
  /**
   * One short word: `token`, `renewed`, `ok`, `errorText`, `error`, a fault's name, `401-closed`, `408-closed`,
   * `401-expired`, `401-inactive`, `401-replaced`, `401-unknown`, `401-anonymous`, `401-denied`, `401-host`, `moved`,
   * `maintenance`, `404`...
   */
  outcome: string;
  readonly from: 'web' | 'program';
  /** What the caller gave away: cookies should not go along with a token call, and a renewal needs no Origin. */
  readonly sentCookie: boolean;
  readonly origin?: string;
  /** Set by the server when the reply is written completely or the client is gone, epoch ms. */
  finishedAt?: number;
}

export interface IssuedToken {
  token: string;
  user: string;
  appId: string;
  sessionId: string;
}

export type BrokerEvent =
  | { type: 'session-opened'; at: number; session: Session }
  | {
      type: 'session-closed';
      at: number;
      session: Session;
      reason: Exclude<SessionState, 'open'>;
    }
  | { type: 'session-renewed'; at: number; session: Session }
  | { type: 'call'; at: number; entry: JournalEntry }
  | { type: 'settings'; at: number }
  | { type: 'shutdown'; at: number; user: string; reasonCode: string }
  | { type: 'props'; at: number; user: string; data: Record<string, unknown> };

/** Hosts that serve the web trader (FACTS.md §6). */
export const traderHosts = [
  'trader-d.tradovate.com',
  'trader.devel.ninjatrader.dev',
  'trader.staging.ninjatrader.dev',
  'trader.tradovate.com',
  'topstep.tradovate.com',
  'apex.tradovate.com',
  'web.ninjatrader.com',
] as const;
