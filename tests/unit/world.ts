/**
 * The real keeper, client and vault against the local Tradovate, in virtual time and without
 * sockets. Alarms are the deadlines the keeper publishes; a worker can be killed at any await.
 */
import type { Alarms } from '../../utils/keeper/when/alarms.ts';
import { Links } from '../../utils/keeper/run/links.ts';
import { publisher } from '../../utils/keeper/run/publish.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import type { NoticeData } from '../../utils/keeper/status/notices.ts';
import type { Ports } from '../../utils/keeper/run/ports.ts';
import { Keeper } from '../../utils/keeper/run/keeper.ts';
import { standing, type Standing } from '../../utils/keeper/status/standing.ts';
import type { SignInInput } from '../../utils/messages/protocol.ts';
import { createClient } from '../../utils/tradovate/client.ts';
import { KNOWN_HOSTS } from '../../utils/tradovate/hosts.ts';
import { remembering } from '../../utils/vault/unwritten.ts';
import { openVault, type Vault } from '../../utils/vault/vault.ts';
import type { Socket, SocketListeners } from '../../utils/platform/socket.ts';
import { Broker } from '../simulator/broker.ts';
import { plainlyClosed, sampleApp, type NewUser } from '../simulator/broker-types.ts';
import { MemorySocket } from '../simulator/memory-socket.ts';
import { serveSocket } from '../simulator/socket.ts';

export const PASSWORD = 'made-up-password';
export const START = Date.UTC(2026, 10, 23, 15, 0, 0);

export const signInOf = (userName: string, change: Partial<SignInInput> = {}): SignInInput => ({
  label: userName,
  brand: 'tradovate',
  environment: 'demo',
  userName,
  appId: sampleApp.appId,
  appVersion: '1.0',
  cid: String(sampleApp.cid),
  secret: sampleApp.sec,
  keepSecret: true,
  password: PASSWORD,
  ...change,
});

/** What a world can be given in place of its own: the benchmark brings a seeded random and a vault in memory. */
export interface Parts {
  random?: () => number;
  openVault?: (name: string) => Promise<Vault>;
}

export const REDIRECT_URI = 'https://holdfast.chromiumapp.org/';

type Landing = Awaited<ReturnType<Ports['authorize']>>;

let worlds = 0;

/** So many wake-ups at one moment are no tight loop yet. */
const MOST_AT_ONCE = 2;

export class World {
  now = START;
  readonly broker: Broker;
  /** What `fetch` was called with, for a look at what leaves the computer. */
  readonly requests: { url: string; init: RequestInit; at: number; permitted: boolean }[] = [];
  vault!: Vault;
  keeper!: Keeper;
  alarm: number | null = null;
  /** What the browser's alarms are set to, as Chromium keeps them. */
  alarms: Alarms | null = null;
  wakes = 0;
  /** How often open pages were told that something has changed. */
  published = 0;
  readonly notices: NoticeData[] = [];
  readonly noticedAt: number[] = [];
  offline = false;
  /** Hosts that the browser lets the extension call. */
  readonly permitted = new Set<string>(Object.values(KNOWN_HOSTS));
  /** Answers a call instead of the broker; undefined lets it through. */
  intercept: ((url: string) => Response | Error | undefined) | null = null;
  /** Called before each of the keeper's awaits on the outside; throws nothing, may kill. */
  onStep: ((what: string) => void) | null = null;
  /** Runs within each publication. */
  onPublish: (() => Promise<void>) | null = null;
  /** What a person does in the broker's window, and what comes of it; `interactive` is false without one. */
  person: (url: string, interactive: boolean) => Landing | Promise<Landing> = () => ({
    kind: 'window-closed',
  });
  /** Sockets that the extension has opened and neither end has closed. */
  readonly sockets = new Set<MemorySocket>();
  /** What is to happen at a time, as a worker or the broker has asked for it. */
  readonly #timers: { at: number; work: () => void }[] = [];
  /** What the links have begun and is not done. */
  readonly #pending = new Set<Promise<unknown>>();
  #boot = 0;
  readonly #name = `world-${++worlds}`;

  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.broker = new Broker({ clock: { now: () => this.now } });
  }

  static create(...users: (Partial<NewUser> & { name: string })[]): Promise<World> {
    return World.createFrom({}, ...users);
  }

  static async createFrom(
    parts: Parts,
    ...users: (Partial<NewUser> & { name: string })[]
  ): Promise<World> {
    const world = new World(parts);
    for (const user of users) {
      const settings = { ...plainlyClosed, ...user.settings };
      world.broker.addUser({ password: PASSWORD, ...user, settings });
    }
    await world.boot();
    return world;
  }

  /** Starts the worker, as after a death, a restart or an update. Alarms are as they were. */
  async boot(): Promise<void> {
    const boot = ++this.#boot;
    const disk = await (this.#parts.openVault ?? openVault)(this.#name);
    this.vault = disk;
    const here = <T>(what: string, work: () => Promise<T>): Promise<T> => {
      this.onStep?.(what);
      // A dead worker's promises never settle.
      if (this.#boot !== boot) return new Promise<T>(() => undefined);
      return work().then((value) =>
        this.#boot === boot ? value : new Promise<T>(() => undefined),
      );
    };
    const vault = remembering({
      ...bound(disk),
      write: (change) =>
        here('write', () => disk.write(change)).then((done) =>
          here('written', () => Promise.resolve(done)),
        ),
      setNotified: (...args) =>
        here('write', () => disk.setNotified(...args)).then((done) =>
          here('told', () => Promise.resolve(done)),
        ),
    });
    const mayCall = (host: string) => Promise.resolve(this.permitted.has(host));
    const client = createClient({
      fetch: (url, init) => this.#fetch(url, init),
      onLine: () => !this.offline,
      mayCall,
    });
    const track = <T>(work: Promise<T>) => (this.#boot === boot ? this.#track(work) : work);
    const after = (ms: number, work: () => void) =>
      this.#after(ms, () => {
        if (this.#boot === boot) work();
      });
    const links = new Links({
      vault: {
        logins: () => track(vault.logins()),
        token: (id) => track(here('token', () => vault.token(id))),
      },
      clock: { now: () => this.now },
      mayCall,
      onLine: () => !this.offline,
      open: (url, on) => this.#open(url, on),
      after,
      tell: (id, news) => track(here('link', () => keeper.link(id, news))),
    });
    const publish = publisher({
      clock: { now: () => this.now },
      isBehind: () => vault.isBehind(),
      announceChange: () => {
        this.published++;
      },
      alarmsSlip: () => false,
      setAlarms: (alarms, at) => {
        this.alarms = alarms;
        this.alarm = at;
        return Promise.resolve();
      },
      showWorst: () => Promise.resolve(),
      followLinks: (records) => track(links.follow(records)),
    });
    const queues = new Map<string, Promise<unknown>>();
    const keeper = new Keeper({
      vault,
      client: {
        signIn: (...args) =>
          here('sign-in', () => client.signIn(...args)).then((reply) =>
            here('answered', () => Promise.resolve(reply)),
          ),
        renew: (...args) =>
          here('renew', () => client.renew(...args)).then((reply) =>
            here('answered', () => Promise.resolve(reply)),
          ),
        probe: (...args) => here('probe', () => client.probe(...args)),
        redeem: (...args) =>
          here('redeem', () => client.redeem(...args)).then((reply) =>
            here('answered', () => Promise.resolve(reply)),
          ),
        whoIs: (...args) => here('whoIs', () => client.whoIs(...args)),
        takesPkce: (...args) => here('takesPkce', () => client.takesPkce(...args)),
        lastSession: (...args) => here('look', () => client.lastSession(...args)),
      },
      clock: { now: () => this.now },
      random: this.#parts.random ?? (() => 0.5),
      after,
      wait: (ms) =>
        here('wait', () => {
          this.now += ms;
          return Promise.resolve();
        }),
      newId: () => crypto.randomUUID(),
      redirectUri: () => REDIRECT_URI,
      authorize: (url, how) =>
        here('window', () => Promise.resolve(this.person(url, how.interactive))),
      mayCall,
      lock: (name, work) => {
        const turn = (queues.get(name) ?? Promise.resolve()).then(work, work);
        queues.set(name, turn);
        return turn;
      },
      notify: (notice) =>
        here('notify', () => {
          this.notices.push(notice);
          this.noticedAt.push(this.now);
          return Promise.resolve();
        }),
      publish: async (known) => {
        await this.onPublish?.();
        if (this.#boot === boot) await publish(known);
      },
    });
    this.keeper = keeper;
  }

  /** The worker is gone, in the middle of whatever it was doing. */
  kill(): void {
    this.#boot++;
    // The browser closes them with it.
    for (const socket of this.sockets) socket.close();
    this.sockets.clear();
    this.#pending.clear();
  }

  /** What sockets and their timers have begun is done. */
  async settled(): Promise<void> {
    do {
      await Promise.allSettled(this.#pending);
      await new Promise((resolve) => setImmediate(resolve));
      this.#runTimers();
    } while (this.#pending.size > 0 || this.#nextTimer() <= this.now);
  }

  /** Lets virtual time pass; every alarm wakes the keeper, at its time. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    let repeated = 0;
    for (;;) {
      if (this.#pending.size > 0) await this.settled();
      const timer = this.#nextTimer();
      if (timer <= until && timer <= (this.alarm ?? Infinity)) {
        this.now = Math.max(this.now, timer);
        await this.settled();
        continue;
      }
      if (this.alarm === null || this.alarm > until) break;
      this.now = Math.max(this.now, this.alarm);
      this.wakes++;
      const before = this.alarm;
      await this.keeper.wake();
      if (this.#pending.size > 0) await this.settled();
      // What one login does can make another one due at once; but not over and over.
      const again = this.alarm !== null && this.alarm <= before && this.alarm <= this.now;
      repeated = again ? repeated + 1 : 0;
      if (repeated > MOST_AT_ONCE) {
        throw new Error(
          `A deadline of ${before} is still due after a wake-up at ${this.now}: a tight loop.`,
        );
      }
    }
    this.now = until;
  }

  /** Time passes while the computer sleeps; alarms that were missed fire once, late. */
  async sleep(ms: number): Promise<void> {
    this.now += ms;
    await this.keeper.wake();
  }

  async signIn(userName: string, change: Partial<SignInInput> = {}) {
    return this.keeper.signIn(signInOf(userName, change));
  }

  async record(userName: string): Promise<LoginRecord> {
    const record = (await this.vault.logins()).find((login) => login.userName === userName);
    if (!record) throw new Error(`No login ${userName}.`);
    return record;
  }

  async standing(userName: string): Promise<Standing> {
    return standing(await this.record(userName), this.now);
  }

  async token(userName: string): Promise<string | undefined> {
    return (await this.vault.token((await this.record(userName)).id))?.accessToken;
  }

  calls(endpoint: string): number {
    return this.broker.journal.filter((entry) => entry.endpoint === endpoint).length;
  }

  /** Whether the broker accepts the token that is in the vault at this moment. */
  async works(userName: string): Promise<boolean> {
    const token = await this.token(userName);
    return this.broker.sessionsOf(userName).some((session) => session.accessToken === token);
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const done = () => this.#pending.delete(work);
    this.#pending.add(work);
    work.then(done, done);
    return work;
  }

  #after(ms: number, work: () => void): () => void {
    const timer = { at: this.now + ms, work };
    this.#timers.push(timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  #nextTimer(): number {
    return Math.min(...this.#timers.map(({ at }) => at));
  }

  /** Those that are due, with what they make due; in order. */
  #runTimers(): void {
    for (let at = this.#nextTimer(); at <= this.now; at = this.#nextTimer()) {
      const [timer] = this.#timers.splice(
        this.#timers.findIndex((one) => one.at === at),
        1,
      );
      timer?.work();
    }
  }

  #every(ms: number, work: () => void): () => void {
    const again = (): (() => void) =>
      this.#after(ms, () => {
        stop = again();
        work();
      });
    let stop = again();
    return () => stop();
  }

  #open(url: string, on: SocketListeners): Socket {
    const { host, pathname: path } = new URL(url);
    const gone = () => {
      this.sockets.delete(socket);
      on.closed();
    };
    const later = (work: () => void) => void this.#after(0, work);
    const socket = new MemorySocket({ text: on.text, closed: gone }, later);
    const about = { method: 'GET', host, path, headers: {}, body: '', ip: '127.0.0.1' };
    const { status, entry } = this.broker.upgrade(about);
    if (this.offline || status !== 101) later(gone);
    else {
      this.sockets.add(socket);
      serveSocket(this.broker, socket.served, { host, ip: about.ip, entry }, (ms, work) =>
        this.#every(ms, work),
      );
    }
    return {
      send: (text) => socket.send(text),
      close: () => {
        this.sockets.delete(socket);
        socket.close();
      },
    };
  }

  #fetch(url: string, init: RequestInit): Promise<Response> {
    const { hostname, host, pathname, search } = new URL(url);
    this.requests.push({ url, init, at: this.now, permitted: this.permitted.has(host) });
    const instead = this.intercept?.(url);
    if (instead instanceof Error) return Promise.reject(instead);
    if (instead) return Promise.resolve(instead);
    if (this.offline) return Promise.reject(new TypeError('offline'));
    const reply = this.broker.handle({
      method: init.method ?? 'GET',
      host: hostname,
      path: pathname + search,
      headers: Object.fromEntries([...new Headers(init.headers)]),
      body: typeof init.body === 'string' ? init.body : '',
      ip: '127.0.0.1',
    });
    if (reply.delivery === 'silence' || reply.delivery === 'dropped') {
      return Promise.reject(new TypeError(reply.delivery));
    }
    const body =
      reply.delivery === 'cut-off' ? reply.body.slice(0, reply.body.length / 2) : reply.body;
    // What a browser makes of a redirect that is not to be followed: a reply that says nothing.
    if (reply.status >= 300 && reply.status < 400 && init.redirect === 'manual') {
      return Promise.resolve(
        Object.create(Response.error(), { type: { value: 'opaqueredirect' } }) as Response,
      );
    }
    const bodyless = [204, 304].includes(reply.status);
    return Promise.resolve(
      new Response(bodyless ? null : body, { status: reply.status, headers: reply.headers }),
    );
  }
}

/** The vault's methods live on its class; a spread would lose them. */
function bound(vault: Vault): Vault {
  return {
    logins: () => vault.logins(),
    login: (id) => vault.login(id),
    write: (change) => vault.write(change),
    remove: (id) => vault.remove(id),
    token: (id) => vault.token(id),
    appSecret: (id) => vault.appSecret(id),
    failedSignIns: () => vault.failedSignIns(),
    setFailedSignIns: (failed) => vault.setFailedSignIns(failed),
    refreshToken: (id) => vault.refreshToken(id),
    journal: (id) => vault.journal(id),
    note: (line) => vault.note(line),
    deviceId: () => vault.deviceId(),
    awake: () => vault.awake(),
    setAwake: (awake, journal) => vault.setAwake(awake, journal),
    setSettings: (settings) => vault.setSettings(settings),
    known: () => vault.known(),
    setNotified: (notified, journal) => vault.setNotified(notified, journal),
    close: () => vault.close(),
  };
}
