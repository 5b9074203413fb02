// The pure core of the local Tradovate: sessions, slots, tokens and every answer. No socket, no timer, no clock of its
// own, so that whole days pass inside a unit test. The server (server.ts) only carries bytes to and from `handle`.
import { defaultBrokerSettings, defaultUserSettings, traderHosts } from './broker-types.ts';
import type {
  BrokerEvent,
  BrokerReply,
  BrokerRequest,
  BrokerSettings,
  Clock,
  ClosedSessionAnswer,
  Delivery,
  Environment,
  FaultRule,
  IssuedToken,
  JournalEntry,
  NewUser,
  Session,
  SessionState,
  User,
  UserSettings,
} from './broker-types.ts';
import { endpointName, FaultDesk, networkOf } from './faults.ts';
import type { CallContext, Verdict } from './faults.ts';
import { OAuthDesk } from './oauth.ts';
import type { AuthorizeRequest } from './oauth.ts';
import { makeBytes, mintToken } from './tokens.ts';

export * from './broker-types.ts';
export { endpointName } from './faults.ts';
export type { AuthorizeRequest } from './oauth.ts';

const minute = 60_000;
const hour = 60 * minute;

/** What counts as an authentication. */
const authentications: readonly string[] = [
  'accesstokenrequest',
  'socialtokenrequest',
  'renewaccesstoken',
  'oauthtoken',
];

/**
 * Word for word as they were seen (FACTS.md §2). The other refusals have no documented wording;
 * their fields are documented.
 */
const wrongPassword =
  'Incorrect username or password. Please try again, noting that passwords are case-sensitive.';

type PlainAnswer = Exclude<ClosedSessionAnswer, 'mixture'>;

/** Zero is silence. */
const closedStatus: Record<PlainAnswer, number> = {
  'unauthorized-401': 401,
  'forbidden-403': 403,
  'timeout-408': 408,
  'empty-429': 429,
  'server-error-500': 500,
  'bad-gateway-502': 502,
  silence: 0,
  shutdown: 401,
};

/** What a `mixture` says, one after the other. */
const mixture: readonly PlainAnswer[] = [
  'server-error-500',
  'timeout-408',
  'unauthorized-401',
  'silence',
  'empty-429',
  'bad-gateway-502',
  'forbidden-403',
];

/** What a token is found to be. */
export type TokenCheck =
  | { ok: true; session: Session; user: User }
  | {
      ok: false;
      /** Zero when nothing is said at all. */
      status: number;
      outcome: string;
      session?: Session;
      user?: User;
      location?: string;
    };

const twinHost =
  /^(live|demo|md)(?:(?:-api)?-d\.tradovate(?:api)?\.com|-api\.(?:staging|devel)\.ninjatrader\.dev)$/;

/** Development and staging twins of the production hosts (FACTS.md §1), which serve the same logins here. */
export const isTwin = (host: string): boolean => twinHost.test(host);

/** Whom a call is about, as far as it can be told. */
export interface Identity {
  user?: string;
  sessionId?: string;
  appId?: string;
}

interface TokenRecord {
  session: Session;
  kind: 'access' | 'md';
  /** The host that issued it. */
  host: string;
  expiresAt: number;
  replacedAt: number | null;
}

/** A socket that has authorised. */
interface Connection {
  session: Session;
  ip: string;
  shut: (reasonCode: string) => void;
}

interface Answer {
  status: number;
  body: string;
  outcome: string;
  headers?: Record<string, string>;
  delivery?: Delivery;
}

interface Call {
  request: BrokerRequest;
  endpoint: string;
  query: URLSearchParams;
  environment: Environment | 'other' | null;
  fields: Record<string, unknown> | undefined;
  bearer: string | undefined;
  now: number;
  context: CallContext;
  /** This call served its penalty just now. */
  redeemed: boolean;
}

const json = (value: unknown, outcome: string): Answer => ({
  status: 200,
  body: JSON.stringify(value),
  outcome,
  headers: { 'content-type': 'application/json; charset=utf-8' },
});

const empty = (status: number, outcome = String(status)): Answer => ({ status, body: '', outcome });

function parseBody(request: BrokerRequest): Record<string, unknown> | undefined | 'malformed' {
  if (request.body === '') return undefined;
  const type = request.headers['content-type'] ?? '';
  if (type.includes('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(request.body));
  }
  try {
    const value: unknown = JSON.parse(request.body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : 'malformed';
  } catch {
    return 'malformed';
  }
}

/** The local Tradovate. Times are epoch milliseconds of the injected clock. */
export class Broker {
  /** Broker-wide, mutable at run time; assigning a top-level field emits a `settings` event. */
  readonly settings: BrokerSettings;
  /** Every call in order of arrival, except CORS preflights. */
  readonly journal: JournalEntry[] = [];
  /** Every token ever issued, so that a test can search a browser profile for them. */
  readonly issued: {
    accessTokens: IssuedToken[];
    mdAccessTokens: IssuedToken[];
    refreshTokens: { token: string; user: string }[];
  } = { accessTokens: [], mdAccessTokens: [], refreshTokens: [] };

  readonly #clock: Clock;
  readonly #bytes: (count: number) => Buffer;
  readonly #users = new Map<string, User>();
  readonly #sessions: Session[] = [];
  /** Those of them that are open, so that a month of closed ones costs nothing. */
  readonly #openSessions = new Set<Session>();
  readonly #tokens = new Map<string, TokenRecord>();
  readonly #faults: FaultDesk;
  readonly #oauth: OAuthDesk;
  readonly #listeners = new Set<(event: BrokerEvent) => void>();
  /** By `kind ip`: times of what the rolling-hour budgets count. */
  readonly #spent = new Map<string, number[]>();
  readonly #violations = new Map<string, number>();
  /** The session that a refresh token came with. */
  readonly #refreshes = new Map<string, Session>();
  /** Oldest first. */
  readonly #connections = new Set<Connection>();
  /** How often a `mixture` has been given. */
  #mixed = 0;
  #serial = 0;

  constructor(options: {
    clock: Clock;
    random?: () => number;
    settings?: Partial<BrokerSettings>;
  }) {
    this.#clock = options.clock;
    this.#bytes = makeBytes(options.random);
    const settings: BrokerSettings = { ...defaultBrokerSettings(), ...options.settings };
    this.settings = new Proxy(settings, {
      set: (target, key, value) => {
        const done = Reflect.set(target, key, value);
        this.#emit({ type: 'settings', at: this.#clock.now() });
        return done;
      },
    });
    this.#faults = new FaultDesk(settings, () => this.#bytes(24).toString('base64url'));
    this.#oauth = new OAuthDesk(settings, (name, kind, expiresAt) => {
      const user = this.user(name);
      if (kind === 'code') return this.#bytes(32).toString('base64url');
      const token = this.#mint(user, 'refresh', expiresAt);
      this.issued.refreshTokens.push({ token, user: name });
      return token;
    });
  }

  /** Adds a login. Throws when the name is taken. */
  addUser(user: NewUser): User {
    if (this.#users.has(user.name)) throw new Error(`User ${user.name} exists already`);
    const id = user.userId ?? 20_001 + this.#users.size;
    const accounts = user.accounts ?? [
      { name: `${user.name.toUpperCase()}-LIVE`, environment: 'live' as const },
      { name: `${user.name.toUpperCase()}-DEMO`, environment: 'demo' as const },
    ];
    const added: User = {
      id,
      name: user.name,
      brand: user.brand ?? 'tradovate',
      password: user.password,
      settings: { ...defaultUserSettings(), ...user.settings },
      accounts: accounts.map((account, index) => ({
        id: account.id ?? id * 100 + index,
        name: account.name,
        userId: account.userId ?? id,
        environment: account.environment ?? 'live',
        active: true,
      })),
      positions: [],
      orders: [],
      approvedDevices: new Set(),
      lastSessionTime: null,
      failedPasswords: 0,
    };
    for (const account of added.accounts) {
      const own = {
        accountId: account.id,
        contractId: 3_570_918,
        environment: account.environment,
      };
      const timestamp = '2026-11-20T15:45:00.000Z';
      added.positions.push({
        ...own,
        id: account.id * 10 + 1,
        timestamp,
        tradeDate: { year: 2026, month: 11, day: 20 },
        netPos: 1,
        netPrice: 20_150.25,
      });
      added.orders.push({
        ...own,
        id: account.id * 10 + 2,
        timestamp,
        action: 'Sell',
        ordStatus: 'Working',
      });
    }
    this.#users.set(user.name, added);
    return added;
  }

  /** The login of that name. Throws when there is none. */
  user(name: string): User {
    const user = this.#users.get(name);
    if (!user) throw new Error(`No user ${name}`);
    return user;
  }

  /** All logins in the order they were added. */
  users(): User[] {
    return [...this.#users.values()];
  }

  /**
   * As if another program signed in: takes a slot and closes the oldest session like any sign-in
   * (FACTS.md §3).
   */
  openSession(
    userName: string,
    appId = 'Other Program',
    environment: Environment = 'live',
  ): Session {
    const user = this.user(userName);
    return this.#open(user, this.hostOf(user, environment), {
      appId,
      environment,
      via: 'program',
      deviceId: null,
      counted: true,
    });
  }

  /** Closes one session, as the broker would. Throws when there is none with that id. */
  closeSession(sessionId: string): void {
    const session = this.#sessions.find(({ id }) => id === sessionId);
    if (!session) throw new Error(`No session ${sessionId}`);
    if (session.state === 'open') this.#end(session, 'closed');
  }

  /** The sessions that are open now, oldest first. Throws when there is no such user. */
  sessionsOf(userName: string): Session[] {
    const { name } = this.user(userName);
    this.sweep();
    return [...this.#openSessions].filter(({ user }) => user === name);
  }

  /** Every session there ever was, oldest first. */
  allSessions(): readonly Session[] {
    this.sweep();
    return this.#sessions;
  }

  /** Ends what has expired or sat idle too long by now. Called by everything else; the server also calls it on time. */
  sweep(): void {
    const now = this.#clock.now();
    for (const session of this.#openSessions) {
      const { inactivityMs } = this.user(session.user).settings;
      if (now >= session.expiresAt) this.#end(session, 'expired');
      else if (inactivityMs !== null && now - session.lastContactAt > inactivityMs) {
        this.#end(session, 'inactive');
      }
    }
  }

  /** Adds something that goes wrong; the first matching rule with times left fires. */
  fault(rule: FaultRule): void {
    this.#faults.add(rule);
  }

  /** Removes fault rules, outstanding penalties and lock-outs. */
  clearFaults(): void {
    this.#faults.clear();
  }

  /** Rules that have not fired often enough yet. */
  pendingFaults(): { rule: FaultRule; left: number }[] {
    return this.#faults.pending();
  }

  /**
   * The answer to "was this you?" by e-mail (FACTS.md §2): data calls from that device work
   * afterwards.
   */
  approveDevice(userName: string, deviceId: string): void {
    this.user(userName).approvedDevices.add(deviceId);
  }

  /** Sends a `props` event to the user's synchronised sockets (FACTS.md §4). */
  pushProps(
    userName: string,
    data: { entityType: string; eventType: string; entity: unknown },
  ): void {
    this.#emit({ type: 'props', at: this.#clock.now(), user: this.user(userName).name, data });
  }

  /** Shuts the user's sockets down with that reason, and leaves the session alone (FACTS.md §4). */
  shutDown(userName: string, reasonCode: string): void {
    const { name: user } = this.user(userName);
    this.#emit({ type: 'shutdown', at: this.#clock.now(), user, reasonCode });
  }

  /** Calls back at every event; returns the function that stops it. */
  on(listener: (event: BrokerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whom a request is about: by its token, else by the name, code or refresh token in its body. */
  identify(request: BrokerRequest): Identity {
    const bearer = bearerOf(request);
    const record = bearer === undefined ? undefined : this.#tokens.get(bearer);
    if (record) {
      const { user, id, appId } = record.session;
      return { user, sessionId: id, appId };
    }
    const fields = parseBody(request);
    if (fields === undefined || fields === 'malformed') return {};
    const name = typeof fields['name'] === 'string' ? fields['name'] : this.#oauth.owner(fields);
    return {
      ...(name !== undefined && this.#users.has(name) ? { user: name } : {}),
      ...(typeof fields['appId'] === 'string' ? { appId: fields['appId'] } : {}),
    };
  }

  /** Which environment a host name serves; `other` for market data and the like, null for a host that is not ours. */
  environmentOf(host: string): Environment | 'other' | null {
    const twin = twinHost.exec(host)?.[1];
    if (twin !== undefined) return twin === 'md' ? 'other' : (twin as Environment);
    const maps = [
      this.settings.apiHosts,
      ...this.users().flatMap(({ settings }) => [settings.apiHosts ?? {}, settings.servedAt ?? {}]),
    ];
    if (maps.some((hosts) => hosts['live'] === host)) return 'live';
    if (maps.some((hosts) => hosts['demo'] === host)) return 'demo';
    if (maps.some((hosts) => Object.values(hosts).includes(host))) return 'other';
    // The shared hosts stay there when `apiHosts` names another one for everybody.
    if (host === 'live.tradovateapi.com') return 'live';
    if (host === 'demo.tradovateapi.com') return 'demo';
    return null;
  }

  /** Where a user's calls for this environment belong; the shared host unless moved. */
  hostOf({ settings }: User, environment: Environment): string {
    const own = settings.servedAt?.[environment] ?? settings.apiHosts?.[environment];
    return typeof own === 'string' ? own : (this.settings.apiHosts[environment] ?? '');
  }

  /**
   * Judges a token as used on a host.
   * @param kinds market-data sockets also take the market-data token.
   */
  checkToken(
    token: string | undefined,
    host: string,
    kinds: ('access' | 'md')[] = ['access'],
  ): TokenCheck {
    this.sweep();
    const now = this.#clock.now();
    if (token === undefined) {
      return {
        ok: false,
        status: this.settings.anonymousAnswer,
        outcome: `${this.settings.anonymousAnswer}-anonymous`,
      };
    }
    const record = this.#tokens.get(token);
    if (!record || !kinds.includes(record.kind)) {
      return { ok: false, status: 401, outcome: '401-unknown' };
    }
    const { session } = record;
    const user = this.user(session.user);
    const refused = (status: number, outcome: string): TokenCheck => ({
      ok: false,
      status,
      outcome,
      session,
      user,
    });
    switch (session.state) {
      case 'evicted':
      case 'closed': {
        const { closedSessionAnswers: said } = user.settings;
        const plain = said === 'mixture' ? mixture[this.#mixed++ % mixture.length] : said;
        const status = closedStatus[plain ?? 'silence'];
        return refused(status, status === 0 ? 'silence-closed' : `${status}-closed`);
      }
      case 'expired':
        return refused(401, '401-expired');
      case 'inactive':
        return refused(401, '401-inactive');
      case 'open':
        break;
    }
    const { oldTokenAfterRenewal, oldTokenGraceMs } = user.settings;
    const replaced = record.replacedAt !== null && now - record.replacedAt >= oldTokenGraceMs;
    if (replaced && oldTokenAfterRenewal === 'dead') return refused(401, '401-replaced');
    if (now >= record.expiresAt) return refused(401, '401-expired');
    const environment = this.environmentOf(host);
    if (environment === 'live' || environment === 'demo') {
      const { otherHostToken } = user.settings;
      const elsewhere =
        (otherHostToken === 'refused' && environment !== session.environment) ||
        (otherHostToken === 'only-its-issuer' && host !== record.host);
      if (elsewhere) return refused(401, '401-host');
    }
    return { ok: true, session, user };
  }

  /**
   * Whether a socket may be opened on a host: 101, or the status of the refusal (FACTS.md §4: 421
   * on a wrong host, 429 for too many). The entry is the socket's line in the journal; whoever
   * authorises on it is written into it.
   */
  upgrade(request: BrokerRequest): { status: number; entry: JournalEntry } {
    const call = this.#read(request);
    const entry = this.#enter(call, {});
    const settle = (status: number, outcome: string): { status: number; entry: JournalEntry } => {
      entry.status = status;
      entry.outcome = outcome;
      this.#emit({ type: 'call', at: call.now, entry });
      return { status, entry };
    };
    if (this.settings.maintenance) return settle(503, 'maintenance');
    const verdict = this.#faults.judge(call.context);
    if (verdict.kind === 'instead') {
      return settle(verdict.status >= 400 ? verdict.status : 503, verdict.outcome);
    }
    if (call.environment === null || call.endpoint !== 'websocket') return settle(404, '404');
    // The upgrade carries no token, so it cannot be refused for one user: only when all have moved away from this host.
    const { host } = request;
    const { environment } = call;
    const users = this.users();
    const left =
      environment === 'other' ||
      isTwin(host) ||
      users.length === 0 ||
      users.some((user) => this.hostOf(user, environment) === host);
    if (this.settings.misdirectedHosts.includes(host) || !left) return settle(421, 'moved');
    return settle(101, 'ok');
  }

  /** Notes that a session was used just now, for the inactivity limit. Heartbeats do not count: nothing says they do. */
  touch(session: Session): void {
    if (this.user(session.user).settings.idleUntil === 'renewal') return;
    session.lastContactAt = this.#clock.now();
  }

  now(): number {
    return this.#clock.now();
  }

  /**
   * Notes that a socket has authorised; where that is one too many, the oldest are shut down, with
   * the reason that sockets are told.
   * @returns to be called when the socket is gone.
   */
  connect(session: Session, ip: string, shut: (reasonCode: string) => void): () => void {
    const connection = { session, ip, shut };
    this.#connections.add(connection);
    const { settings } = this.user(session.user);
    for (;;) {
      const own = [...this.#connections].filter((other) => other.session.user === session.user);
      const reasonCode = quotaReached(own, settings);
      const [oldest] = own;
      if (reasonCode === null || !oldest) break;
      const { counted, beyond } = settings.connections;
      const goes = own.filter((other) =>
        counted === 'clients' ? other.session === oldest.session : other === oldest,
      );
      for (const other of goes) {
        this.#connections.delete(other);
        other.shut(reasonCode);
      }
      if (beyond === 'revokes') this.closeSession(oldest.session.id);
    }
    return () => void this.#connections.delete(connection);
  }

  /** What a laid fault or a limit makes of an operation that only sockets have. */
  judgeOperation(
    endpoint: 'authorize' | 'user/syncrequest',
    about: { token: string; host: string; ip: string },
  ): Verdict {
    const { host, ip, token } = about;
    const record = this.#tokens.get(token);
    return this.#faults.judge(
      {
        endpoint,
        host,
        path: `/v1/${endpoint}`,
        ip,
        user: record?.session.user,
        body: undefined,
        reusedConnection: true,
        now: this.#clock.now(),
      },
      'named',
    );
  }

  /** Notes that a reply is written completely, or that its client is gone. */
  finish(entry: JournalEntry): void {
    entry.finishedAt ??= this.#clock.now();
  }

  /** What `user/syncrequest` answers first (FACTS.md §4): an object of arrays. */
  snapshot(user: User, environment: Environment): Record<string, unknown[]> {
    return {
      users: [this.#userEntity(user)],
      accounts: this.#accounts(user, environment),
      positions: this.#own(user.positions, environment),
      orders: this.#own(user.orders, environment),
      fills: [],
      cashBalances: [],
      contracts: [],
      userProperties: [],
    };
  }

  /**
   * Null when the authorize request may be shown, else the words of its error page (FACTS.md §1).
   */
  authorizeRefusal(request: AuthorizeRequest): string | null {
    return this.#oauth.refusal(request);
  }

  /**
   * Name and password typed into the authorize page, and consent given.
   * @returns the code for the redirect, or the text to show.
   */
  authorize(
    request: AuthorizeRequest,
    credentials: { name: string; password: string },
  ): { code: string } | { errorText: string } {
    const refusal = this.#oauth.refusal(request);
    if (refusal !== null) return { errorText: refusal };
    const user = this.#users.get(credentials.name);
    if (!user || user.password !== credentials.password) return { errorText: wrongPassword };
    return this.#consented(request, user);
  }

  /** The redirect's code for the user whom the authorize page still knows (`oauthKnows`); null when it has to ask. */
  authorizeKnown(request: AuthorizeRequest): string | null {
    const user = this.#users.get(this.settings.oauthKnows ?? '');
    const verdict = user && this.#consented(request, user);
    return verdict && 'code' in verdict ? verdict.code : null;
  }

  #consented(request: AuthorizeRequest, user: User): { code: string } | { errorText: string } {
    const barred = this.#barred(user, false);
    if (barred) return { errorText: barred.errorText };
    if (user.settings.oauthPageOpensSession) {
      this.#open(user, this.hostOf(user, 'live'), {
        appId: 'tradovate_trader(web)',
        environment: 'live',
        via: 'password',
        deviceId: null,
        counted: true,
      });
    }
    return { code: this.#oauth.issueCode(user.name, request, this.#clock.now()) };
  }

  /** Answers one request at the clock's present time. Never throws for what a client can send. */
  handle(request: BrokerRequest): BrokerReply {
    this.sweep();
    const call = this.#read(request);
    const cors = this.#cors(request);
    if (request.method === 'OPTIONS') {
      return { status: 204, headers: { ...this.#standard(), ...cors }, body: '' };
    }
    const entry = this.#enter(call, this.identify(request));
    const { answer, delivery, delayMs } = this.#answer(call, entry);
    entry.status = delivery === 'silence' || delivery === 'dropped' ? 0 : answer.status;
    entry.outcome = answer.outcome;
    this.#emit({ type: 'call', at: call.now, entry });
    return {
      status: entry.status,
      headers: { ...this.#standard(), ...cors, ...answer.headers },
      body: answer.body,
      ...(delivery ? { delivery } : {}),
      ...(delayMs === undefined ? {} : { delayMs }),
      entry,
    };
  }

  #answer(
    call: Call,
    entry: JournalEntry,
  ): { answer: Answer; delivery?: Delivery; delayMs?: number } {
    const { settings } = this;
    if (settings.maintenance) {
      const answer = empty(503, 'maintenance');
      return settings.maintenanceAnswer === 'silence'
        ? { answer, delivery: 'silence' }
        : { answer };
    }
    if (settings.refuseExtensionOrigins && /^(chrome|moz)-extension:/.test(entry.origin ?? '')) {
      return { answer: { ...empty(403), body: '<html><body>Forbidden</body></html>' } };
    }
    const verdict = this.#faults.judge(call.context);
    if (verdict.kind === 'instead') return instead(verdict);
    call.redeemed = verdict.kind === 'pass' && verdict.redeemed;
    const answer = this.#dispatch(call, entry);
    if (verdict.kind === 'pass') {
      return { answer, ...(answer.delivery ? { delivery: answer.delivery } : {}) };
    }
    return {
      answer: { ...answer, outcome: verdict.outcome ?? answer.outcome },
      ...(verdict.delivery ? { delivery: verdict.delivery } : {}),
      ...(verdict.delayMs === undefined ? {} : { delayMs: verdict.delayMs }),
    };
  }

  #dispatch(call: Call, entry: JournalEntry): Answer {
    const { endpoint, request } = call;
    if (endpoint === '.well-known/oauth-authorization-server') {
      return call.environment === 'demo' ? this.#metadata() : empty(404);
    }
    if (call.environment !== 'live' && call.environment !== 'demo') return empty(404);
    if (authentications.includes(endpoint) && this.settings.budgets.authentications) {
      const { authenticationsPerMinute } = this.settings.budgets;
      const over = this.#overBudget(call, 'authentication', authenticationsPerMinute, minute);
      if (over) return over;
      this.#spend('authentication', request.ip, call.now);
    }
    const known = `${request.method} ${endpoint}`;
    switch (known) {
      case 'POST accesstokenrequest':
        return this.#signIn(call, call.environment, entry);
      case 'POST socialtokenrequest':
        return this.#socialSignIn(call, call.environment, entry);
      case 'POST oauthtoken':
        return this.#oauthToken(call, call.environment, entry);
      // GET is documented, POST works too (FACTS.md row 13).
      case 'GET renewaccesstoken':
      case 'POST renewaccesstoken':
        return this.#renew(call);
      case 'GET me':
      case 'GET account/list':
      case 'GET user/list':
      case 'GET position/list':
      case 'GET order/list':
      case 'GET usersessionstats/deps':
      case 'GET usersessionstats/list':
      case 'GET userproperty/deps':
        return this.#readData(call, call.environment);
      default:
        return empty(404);
    }
  }

  #signIn(call: Call, environment: Environment, entry: JournalEntry): Answer {
    const fields = call.fields;
    if (!fields) return empty(400);
    const { ip } = call.request;
    const { budgets } = this.settings;
    if (budgets.failedSignIns) {
      const over = this.#overBudget(call, 'sign-in', budgets.failedSignInsPerHour);
      if (over) return over;
    }
    const failed = (body: Record<string, unknown>, status = 200): Answer => {
      this.#spend('sign-in', ip, call.now);
      return { ...json(body, 'errorText'), status };
    };
    const user = this.#users.get(String(fields['name']));
    if (!user || user.password !== fields['password'] || this.#distrusted(user, call.now)) {
      if (user) {
        user.failedPasswords += 1;
        this.#spend('password', user.name, call.now);
      }
      return failed(
        { errorText: wrongPassword },
        this.settings.wrongPassword === 'unauthorized-401' ? 401 : 200,
      );
    }
    if (!this.#appMayEnter(fields, entry))
      return failed({ errorText: 'The app is not registered' });
    const barred = this.#barred(user, fields['hibpCheck'] === true);
    if (barred) return failed(barred);
    const { signInAt } = user.settings;
    if (signInAt !== 'any' && signInAt !== environment) {
      return failed({
        errorText: `This operation should be called on ${this.hostOf(user, signInAt)}`,
      });
    }
    if (user.settings.oldHost === 'sends-away') {
      const moved = this.#moved(call, user, environment);
      if (moved) return moved;
    }
    user.failedPasswords = 0;
    const session = this.#open(user, call.request.host, {
      appId: typeof fields['appId'] === 'string' ? fields['appId'] : '',
      environment,
      via: 'password',
      deviceId: typeof fields['deviceId'] === 'string' ? fields['deviceId'] : null,
      counted: true,
    });
    entry.sessionId = session.id;
    const answer = json(this.#tokenReply(user, session), 'token');
    // A real cookie to leave out: a client that sends it along with a token call is seen in the journal.
    const cookie = `tv_edge=${this.#bytes(12).toString('base64url')}; Path=/; Secure; HttpOnly; SameSite=None`;
    return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie } };
  }

  /**
   * Google and Apple, on the web page alone. That it is another operation with the same answer is
   * known (FACTS.md §6), its name and fields are invented.
   */
  #socialSignIn(call: Call, environment: Environment, entry: JournalEntry): Answer {
    const user = this.#users.get(this.settings.socialKnows ?? '');
    if (entry.from !== 'web' || !user) return json({ errorText: 'Access is denied' }, 'errorText');
    const barred = this.#barred(user, false);
    if (barred) return json(barred, 'errorText');
    const session = this.#open(user, call.request.host, {
      appId: 'tradovate_trader(web)',
      environment,
      via: 'social',
      deviceId: null,
      counted: true,
    });
    entry.user = user.name;
    entry.sessionId = session.id;
    return json(this.#tokenReply(user, session), 'token');
  }

  #renew(call: Call): Answer {
    const check = this.checkToken(call.bearer, call.request.host);
    if (!check.ok) return this.#refuse(check);
    const { session, user } = check;
    if (user.settings.oldHost === 'sends-away') {
      const moved = this.#moved(call, user, session.environment);
      if (moved) return moved;
    }
    const { budgets } = this.settings;
    if (budgets.renewals) {
      const over = this.#overBudget(call, 'renewal', budgets.renewalsPerHour);
      if (over) return over;
    }
    if (user.settings.status !== 'Active') {
      return json({ errorText: 'Access is denied', userStatus: user.settings.status }, 'errorText');
    }
    this.#spend('renewal', call.request.ip, call.now);
    this.#extend(user, session, call.request.host);
    return json(this.#tokenReply(user, session), 'renewed');
  }

  /** The same session, alive for another while, under new tokens. */
  #extend(user: User, session: Session, host: string): Session {
    const now = this.#clock.now();
    for (const token of [session.accessToken, session.mdAccessToken]) {
      const record = this.#tokens.get(token);
      if (record) record.replacedAt = now;
    }
    session.state = 'open';
    this.#openSessions.add(session);
    session.expiresAt = now + user.settings.lifetimeMs;
    session.lastContactAt = now;
    session.renewals += 1;
    this.#giveTokens(user, session, host);
    this.#emit({ type: 'session-renewed', at: now, session });
    return session;
  }

  #oauthToken(call: Call, environment: Environment, entry: JournalEntry): Answer {
    const fields = call.fields ?? {};
    const owner = this.#users.get(this.#oauth.owner(fields) ?? '');
    if (owner?.settings.oldHost === 'sends-away') {
      const moved = this.#moved(call, owner, environment);
      if (moved) return moved;
    }
    const refused = (error: string, description: string, name?: string): Answer => {
      if (name !== undefined) entry.user = name;
      return json({ error, error_description: description }, 'error');
    };
    if (owner && this.#barred(owner, false)) {
      return refused('access_denied', 'The user may not sign in', owner.name);
    }
    const staying = owner?.settings.refreshStaysInSession === true;
    const held = staying ? this.#refreshes.get(String(fields['refresh_token'])) : undefined;
    if (held && !['open', 'expired'].includes(held.state)) {
      return refused('invalid_token', 'The refresh token is not valid', owner?.name);
    }
    const grant = this.#oauth.redeem(fields, call.now);
    if (!grant.ok) return refused(grant.error, grant.description, grant.user);
    const user = this.user(grant.user);
    entry.user = user.name;
    entry.appId = grant.app.name;
    const { oauthOpensSession, refreshOpensSession } = user.settings;
    const session = held
      ? this.#extend(user, held, call.request.host)
      : this.#open(user, call.request.host, {
          appId: grant.app.name,
          environment,
          via: 'oauth',
          deviceId: null,
          counted: grant.kind === 'code' ? oauthOpensSession : refreshOpensSession,
        });
    this.#refreshes.set(grant.refreshToken, session);
    entry.sessionId = session.id;
    return json(
      {
        access_token: session.accessToken,
        refresh_token: grant.refreshToken,
        token_type: 'bearer',
        // 4800 observed, whatever the vendor's example says (FACTS.md §1).
        expires_in: Math.floor((session.expiresAt - call.now) / 1000),
        refresh_token_expires_in: Math.floor(this.settings.refreshTokenMs / 1000),
        id_token: this.#mint(user, 'id', session.expiresAt),
        ...this.#hostsFor(user),
      },
      'token',
    );
  }

  #readData(call: Call, environment: Environment): Answer {
    if (call.endpoint === 'me' && environment === 'demo') {
      // Live only; the wording is the one a maintainer described (FACTS.md §1, §5).
      return json(
        { errorText: `This operation should be called on ${this.settings.apiHosts['live'] ?? ''}` },
        'errorText',
      );
    }
    const { budgets } = this.settings;
    if (call.endpoint === 'me' && budgets.failedMe) {
      const over = this.#overBudget(call, 'me', budgets.failedMePerHour);
      if (over) return over;
    }
    const check = this.checkToken(call.bearer, call.request.host);
    if (!check.ok) {
      if (call.endpoint === 'me') this.#spend('me', call.request.ip, call.now);
      return this.#refuse(check);
    }
    const { session, user } = check;
    const { settings } = user;
    if (settings.oldHost !== 'still-serves') {
      const moved = this.#moved(call, user, environment);
      if (moved) return moved;
    }
    this.touch(session);
    const unapproved =
      settings.deviceApproval &&
      environment === 'live' &&
      !(session.deviceId !== null && user.approvedDevices.has(session.deviceId));
    const denied =
      settings.deniedEndpoints.some((name) => endpointName(name) === call.endpoint) ||
      (call.endpoint.startsWith('usersessionstats/') && !settings.mayReadSessionStats);
    if (unapproved || denied) return this.#denied();
    switch (call.endpoint) {
      case 'me': {
        const late = call.now - session.openedAt < settings.meUserIdAfterMs;
        return json(
          {
            ...(late ? {} : { userId: user.id }),
            name: user.name,
            fullName: `${user.name} (made up)`,
            email: `${user.name}@example.com`,
            emailVerified: true,
            isTrial: false,
          },
          'ok',
        );
      }
      case 'account/list': {
        const nobody = settings.accountListNeedsUserId && call.query.get('userId') === null;
        return json(nobody ? [] : this.#accounts(user, environment), 'ok');
      }
      case 'user/list':
        return json([this.#userEntity(user)], 'ok');
      case 'position/list':
        return json(this.#own(user.positions, environment), 'ok');
      case 'order/list':
        return json(this.#own(user.orders, environment), 'ok');
      case 'userproperty/deps':
        return json([], 'ok');
      default: {
        if (call.endpoint.endsWith('/deps') && call.query.get('masterid') !== String(user.id)) {
          return json([], 'ok');
        }
        const lastSessionTime =
          user.lastSessionTime === null ? {} : { lastSessionTime: iso(user.lastSessionTime) };
        return json(
          [{ id: user.id, ...lastSessionTime, failedPasswords: user.failedPasswords }],
          'ok',
        );
      }
    }
  }

  /** Published on the demo host, for the MCP client (FACTS.md §1). */
  #metadata(): Answer {
    return json(
      {
        issuer: 'https://demo.tradovateapi.com',
        authorization_endpoint: 'https://web.ninjatrader.com/oauth?env=demo',
        token_endpoint: 'https://demo.tradovateapi.com/auth/oauthtoken',
        registration_endpoint: 'https://demo.tradovateapi.com/auth/register',
        scopes_supported: ['openid'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
      },
      'ok',
    );
  }

  #open(
    user: User,
    host: string,
    about: Pick<Session, 'appId' | 'environment' | 'via' | 'deviceId' | 'counted'>,
  ): Session {
    this.sweep();
    const now = this.#clock.now();
    if (about.counted) {
      const rivals = [...this.#openSessions].filter(
        (other) =>
          other.user === user.name &&
          other.counted &&
          (user.settings.slotsPer === 'user' || other.environment === about.environment),
      );
      // The oldest is closed, by its sign-in and not by its last renewal (FACTS.md §3).
      const tooMany = rivals.length - Math.max(user.settings.slots, 1) + 1;
      for (const oldest of rivals.slice(0, Math.max(tooMany, 0))) this.#end(oldest, 'evicted');
    }
    this.#serial += 1;
    const session: Session = {
      ...about,
      id: `s${this.#serial}`,
      user: user.name,
      openedAt: now,
      accessToken: '',
      mdAccessToken: '',
      expiresAt: now + user.settings.lifetimeMs,
      lastContactAt: now,
      renewals: 0,
      state: 'open',
    };
    this.#giveTokens(user, session, host);
    user.lastSessionTime = now;
    this.#sessions.push(session);
    this.#openSessions.add(session);
    this.#emit({ type: 'session-opened', at: now, session });
    return session;
  }

  #end(session: Session, reason: Exclude<SessionState, 'open'>): void {
    session.state = reason;
    this.#openSessions.delete(session);
    this.#emit({ type: 'session-closed', at: this.#clock.now(), session, reason });
  }

  #giveTokens(user: User, session: Session, host: string): void {
    const { expiresAt } = session;
    session.accessToken = this.#mint(user, 'access', expiresAt);
    session.mdAccessToken = this.#mint(user, 'md', expiresAt);
    const own = { user: user.name, appId: session.appId, sessionId: session.id };
    this.issued.accessTokens.push({ token: session.accessToken, ...own });
    this.issued.mdAccessTokens.push({ token: session.mdAccessToken, ...own });
    const record = { session, host, expiresAt, replacedAt: null };
    this.#tokens.set(session.accessToken, { ...record, kind: 'access' });
    this.#tokens.set(session.mdAccessToken, { ...record, kind: 'md' });
  }

  #mint(user: User, kind: 'access' | 'md' | 'refresh' | 'id', expiresAt: number): string {
    this.#serial += 1;
    return mintToken(this.#bytes, { sub: user.id, expiresAt, kind }, this.#serial);
  }

  /** Sign-in and renewal answer in the same shape (FACTS.md §3). */
  #tokenReply(user: User, session: Session): Record<string, unknown> {
    const { settings } = user;
    const of2026 = settings.replyShape === '2026';
    const expiration = settings.expirationAs === 'iso' ? iso(session.expiresAt) : session.expiresAt;
    return {
      accessToken: session.accessToken,
      ...(settings.omitMdToken || !of2026 ? {} : { mdAccessToken: session.mdAccessToken }),
      ...(settings.omitExpirationTime ? {} : { expirationTime: expiration }),
      ...(settings.passwordExpirationTime === null
        ? {}
        : { passwordExpirationTime: settings.passwordExpirationTime }),
      userStatus: settings.status,
      userId: user.id,
      name: user.name,
      hasLive: user.accounts.some(({ environment }) => environment === 'live'),
      ...(of2026
        ? {
            hasFunded: false,
            hasSimPlus: false,
            hasMarketData: true,
            outdatedTaC: false,
            outdatedLiquidationPolicy: false,
            showKIDs: false,
            orgName: settings.orgName ?? (user.brand === 'ninjatrader' ? 'ninjatrader' : ''),
            ...this.#hostsFor(user),
          }
        : {}),
      ...settings.alsoSaid,
    };
  }

  #hostsFor(user: User): Record<string, unknown> {
    if (user.settings.omitApiHosts) return {};
    return { apiHosts: { ...this.settings.apiHosts, ...user.settings.apiHosts } };
  }

  /**
   * Why a user with the right password may not come in; wordings invented, field names documented
   * (FACTS.md §2).
   */
  #barred(user: User, hibpCheck: boolean): { errorText: string; [field: string]: unknown } | null {
    const { status, hibpHint, passwordExpired, passwordExpirationTime } = user.settings;
    const texts: Record<typeof status, string | null> = {
      Active: null,
      Closed: 'Access is denied',
      Initiated: 'The registration is not complete',
      TemporaryLocked: 'The user is temporarily locked',
      UnconfirmedEmail: 'The e-mail address is not confirmed',
    };
    const text = texts[status];
    if (text !== null) return { errorText: text, userStatus: status };
    if (hibpCheck && hibpHint !== null) {
      return { errorText: 'The password is known to be compromised', hibpHint };
    }
    if (passwordExpired) {
      return {
        errorText: 'The password has expired',
        ...(passwordExpirationTime === null ? {} : { passwordExpirationTime }),
      };
    }
    return null;
  }

  /**
   * Contradicted whether cid is text or a number, so both pass (FACTS.md §2). The web page signs in
   * without them.
   */
  #appMayEnter(fields: Record<string, unknown>, entry: JournalEntry): boolean {
    const { cid, sec } = fields;
    if (cid === undefined && sec === undefined)
      return !this.settings.requireApp || entry.from === 'web';
    return this.settings.apps.some((app) => String(app.cid) === String(cid) && app.sec === sec);
  }

  #distrusted(user: User, now: number): boolean {
    const { distrustAfterFailures, distrustMs } = this.settings;
    if (distrustAfterFailures === null) return false;
    const failures = this.#recent('password', user.name, now, distrustMs);
    return failures.length >= distrustAfterFailures;
  }

  #overBudget(call: Call, kind: string, allowed: number, windowMs = hour): Answer | null {
    const { ip } = call.request;
    const key = `${kind} ${networkOf(ip)}`;
    if (this.#recent(kind, ip, call.now, windowMs).length < allowed) {
      this.#violations.delete(key);
      return null;
    }
    if (this.settings.budgets.answer === 'rate-429') return empty(429, 'rate-429');
    if (call.redeemed) return null;
    const violations = this.#violations.get(key) ?? 0;
    this.#violations.set(key, violations + 1);
    // As in the vendor’s sample, a penalty on the sign-in always carries a captcha (FACTS.md §2).
    // The longest wait that anybody documents is that of a lock-out (FACTS.md §2: an hour).
    const seconds = Math.min(15 * 2 ** violations, this.settings.lockoutMs / 1000);
    const status = this.settings.budgets.answer === 'ticket-429' ? 429 : 200;
    return instead(this.#faults.penalise(call.context, seconds, kind === 'sign-in', status)).answer;
  }

  #spend(kind: string, who: string, now: number): void {
    const kept = this.#recent(kind, who, now, Math.max(hour, this.settings.distrustMs));
    this.#spent.set(`${kind} ${who}`, [...kept, now]);
  }

  #recent(kind: string, who: string, now: number, windowMs: number): number[] {
    return (this.#spent.get(`${kind} ${who}`) ?? []).filter((at) => now - at < windowMs);
  }

  /**
   * A user of an organisation on its own hosts is sent there; fetch then drops the Authorization
   * header (FACTS.md §7).
   */
  #moved(call: Call, user: User, environment: Environment): Answer | null {
    const host = this.hostOf(user, environment);
    if (host === call.request.host || isTwin(call.request.host)) return null;
    switch (user.settings.sentAwayBy) {
      case 'redirect-307': {
        const headers = { location: `https://${host}${call.request.path}` };
        return { ...empty(307, 'moved'), headers };
      }
      case 'misdirected-421':
        return empty(421, 'moved');
      case 'error-text':
        return json({ errorText: `This operation should be called on ${host}` }, 'moved');
    }
  }

  #refuse(check: Extract<TokenCheck, { ok: false }>): Answer {
    const { status, outcome } = check;
    if (status === 401 || status === 403) return { ...this.#denied(), status, outcome };
    return { ...empty(status, outcome), ...(status === 0 ? { delivery: 'silence' } : {}) };
  }

  #denied(): Answer {
    const body = this.settings.unauthorizedBody === 'empty' ? '' : 'Access is denied';
    return { ...empty(401, '401-denied'), body };
  }

  #accounts(user: User, environment: Environment): Record<string, unknown>[] {
    if (user.settings.hideAccounts) return [];
    return user.accounts
      .filter((account) => account.environment === environment)
      .map(({ id, name, userId, active }) => ({
        id,
        name,
        userId,
        accountType: 'Customer',
        active,
        clearingHouseId: 3,
        riskCategoryId: 18,
        autoLiqProfileId: 32,
        marginAccountType: 'Speculator',
        legalStatus: 'Individual',
        timestamp: '2026-01-05T14:30:00.000Z',
      }));
  }

  #userEntity(user: User): Record<string, unknown> {
    return {
      id: user.id,
      name: user.name,
      timestamp: '2026-01-05T14:30:00.000Z',
      email: `${user.name}@example.com`,
      status: user.settings.status,
      professional: false,
    };
  }

  #own(items: Record<string, unknown>[], environment: Environment): Record<string, unknown>[] {
    return items
      .filter((item) => item['environment'] === environment)
      .map((item) =>
        Object.fromEntries(Object.entries(item).filter(([key]) => key !== 'environment')),
      );
  }

  #read(request: BrokerRequest): Call {
    const endpoint = endpointName(request.path);
    const body = parseBody(request);
    const fields = body === 'malformed' ? undefined : body;
    const now = this.#clock.now();
    const { user } = this.identify(request);
    return {
      request,
      endpoint,
      query: new URLSearchParams(request.path.split('?')[1] ?? ''),
      environment: this.environmentOf(request.host),
      fields,
      bearer: bearerOf(request),
      now,
      context: {
        endpoint,
        host: request.host,
        path: request.path,
        ip: request.ip,
        user,
        body: fields,
        reusedConnection: request.reusedConnection ?? false,
        now,
      },
      redeemed: false,
    };
  }

  #enter(call: Call, identity: Identity): JournalEntry {
    const { request } = call;
    const origin = request.headers['origin'];
    const fromTrader = traderHosts.some((host) => origin === `https://${host}`);
    const entry: JournalEntry = {
      at: call.now,
      method: request.method,
      host: request.host,
      path: request.path.split('?')[0] ?? '',
      endpoint: call.endpoint,
      ...identity,
      status: 0,
      outcome: '',
      from: fromTrader ? 'web' : 'program',
      sentCookie: request.headers['cookie'] !== undefined,
      ...(origin === undefined ? {} : { origin }),
    };
    this.journal.push(entry);
    return entry;
  }

  #standard(): Record<string, string> {
    return {
      ...(this.settings.omitDate
        ? {}
        : { date: new Date(this.#clock.now() + this.settings.dateSkewMs).toUTCString() }),
      'cache-control': this.settings.cacheControl,
      server: 'local-simulator',
    };
  }

  /** Cross-origin reading is for the trader's own pages; an extension needs its host permission. */
  #cors(request: BrokerRequest): Record<string, string> {
    const origin = request.headers['origin'] ?? '';
    if (!traderHosts.some((host) => origin === `https://${host}`)) return {};
    return {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'Date',
      vary: 'Origin',
      ...(request.method === 'OPTIONS'
        ? {
            'access-control-allow-methods': 'GET, POST',
            'access-control-allow-headers': 'authorization, content-type',
            'access-control-max-age': '600',
          }
        : {}),
    };
  }

  #emit(event: BrokerEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** Why the oldest connection has to go; null when none has. */
function quotaReached(
  own: readonly Connection[],
  { connections, devices, addresses }: UserSettings,
): string | null {
  const different = (of: (connection: Connection) => unknown): number => new Set(own.map(of)).size;
  const taken =
    connections.counted === 'sockets' ? own.length : different(({ session }) => session.id);
  if (taken > connections.most) return 'ConnectionQuotaReached';
  if (devices !== null && different(({ session }) => session.deviceId) > devices) {
    return 'ConnectionQuotaReached';
  }
  return addresses !== null && different(({ ip }) => ip) > addresses ? 'IPQuotaReached' : null;
}

const iso = (at: number): string => new Date(at).toISOString();

function bearerOf(request: BrokerRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
}

function instead(verdict: Verdict): { answer: Answer; delivery?: Delivery } {
  if (verdict.kind !== 'instead') throw new Error('Not a reply in place of the call');
  const { status, body, outcome, headers, delivery } = verdict;
  return { answer: { status, body, outcome, headers }, ...(delivery ? { delivery } : {}) };
}
