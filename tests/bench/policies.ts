/**
 * What programs do today to keep a Tradovate token, each named after where it comes from. They are
 * given the kindest reading: their page is never closed, their process never dies, and whoever signs
 * in by itself notices a lost token within a minute.
 */
import { PASSWORD } from '../unit/world.ts';
import type { Broker } from '../simulator/broker.ts';
import { sampleApp } from '../simulator/broker-types.ts';

const MINUTE = 60_000;

/** A policy under test: it keeps tokens for the logins it was told to sign in. */
export interface Subject {
  /** False: it waits for a person to sign in again. */
  readonly signsInByItself: boolean;
  /** How often its timers woke it. */
  readonly wakes: number;
  /** Its next timer, epoch ms. */
  due(): number | null;
  /** Its timer has come. */
  wake(): void | Promise<void>;
  /** The computer was asleep for `ms`. */
  slept(ms: number): void;
  /** A person signs in. */
  signIn(login: string): boolean | Promise<boolean>;
  /** What it hands to programs at this moment. */
  token(login: string): string | undefined | Promise<string | undefined>;
  /** Its token was seen not to work. */
  lost(login: string): void;
}

/** The way from this computer to the broker. */
export interface Line {
  broker: Broker;
  now: () => number;
}

interface Held {
  token: string | undefined;
  /** Epoch ms; NaN where undefined was stored over it. */
  expiresAt: number;
}

/** `refused`: the broker does not accept the token. `failed`: an answer without a token. `silence`: none. */
type Reply = { token: string; expiresAt: number } | 'refused' | 'failed' | 'silence';

/** The address that renewals and sign-ins of this computer are counted for. */
export const HOME_IP = '127.0.0.1';
const HOST = 'demo.tradovateapi.com';

export abstract class Program implements Subject {
  readonly signsInByItself: boolean = true;
  /** A hidden page's timers are looked at once a minute. */
  readonly inPage: boolean = false;
  wakes = 0;
  protected readonly held = new Map<string, Held>();
  readonly #line: Line;
  readonly #timers = new Map<string, number>();

  constructor(line: Line) {
    this.#line = line;
  }

  /** A sign-in went through: plan what follows. */
  protected abstract started(login: string): void;
  /** The timer of that name has come. */
  protected abstract fire(name: string): void;

  due(): number | null {
    return this.#timers.size === 0 ? null : Math.min(...this.#timers.values());
  }

  wake(): void {
    this.wakes++;
    const { now } = this;
    for (const [name, at] of [...this.#timers]) {
      if (at > now) continue;
      this.#timers.delete(name);
      const [what, login] = name.split(' ');
      if (what === 'again' && login !== undefined) this.#again(login);
      else this.fire(name);
    }
  }

  /** Timers count the time awake: what was due in an hour still is. */
  slept(ms: number): void {
    for (const [name, at] of this.#timers) this.#timers.set(name, at + ms);
  }

  signIn(login: string): boolean {
    const reply = this.#call('POST', 'accesstokenrequest', undefined, {
      name: login,
      password: PASSWORD,
      appId: sampleApp.appId,
      appVersion: '1.0',
      deviceId: 'made-up-device',
      cid: sampleApp.cid,
      sec: sampleApp.sec,
    });
    if (typeof reply === 'string') return false;
    this.held.set(login, reply);
    this.#timers.delete(`again ${login}`);
    this.started(login);
    return true;
  }

  token(login: string): string | undefined {
    return this.held.get(login)?.token;
  }

  lost(login: string): void {
    if (!this.#timers.has(`again ${login}`)) this.timer(`again ${login}`, MINUTE);
  }

  protected get now(): number {
    return this.#line.now();
  }

  protected timer(name: string, inMs: number): void {
    const at = this.now + Math.max(0, inMs);
    this.#timers.set(name, this.inPage ? Math.ceil(at / MINUTE) * MINUTE : at);
  }

  /** The first login starts the one timer that serves all. */
  protected interval(name: string, everyMs: number): void {
    if (!this.#timers.has(name)) this.timer(name, everyMs);
  }

  protected renew(token: string | undefined): Reply {
    return this.#call('GET', 'renewaccesstoken', token);
  }

  /** Renews, and keeps the new token; on anything else the old one stays. */
  protected renewed(login: string): Reply {
    const reply = this.renew(this.token(login));
    if (typeof reply !== 'string') this.held.set(login, reply);
    return reply;
  }

  #again(login: string): void {
    if (!this.signIn(login)) this.timer(`again ${login}`, MINUTE);
  }

  #call(method: string, endpoint: string, token?: string, body?: Record<string, unknown>): Reply {
    const {
      status,
      body: text,
      delivery,
    } = this.#line.broker.handle({
      method,
      host: HOST,
      path: `/v1/auth/${endpoint}`,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: body === undefined ? '' : JSON.stringify(body),
      ip: HOME_IP,
    });
    if (delivery === 'silence') return 'silence';
    if (status === 401) return 'refused';
    if (status !== 200) return 'failed';
    try {
      const { accessToken, expirationTime } = JSON.parse(text) as Record<string, unknown>;
      return typeof accessToken === 'string' && typeof expirationTime === 'string'
        ? { token: accessToken, expiresAt: Date.parse(expirationTime) }
        : 'failed';
    } catch {
      return 'failed';
    }
  }
}

/**
 * The sample under renewAccessToken in the partner documentation, letter by letter: the check "every
 * 2 mins" has an interval of 120 minutes, and the fetch answer is stored unparsed.
 */
export class SampleAsPrinted extends Program {
  override readonly signsInByItself = false;
  override readonly inPage = true;

  protected started(): void {
    this.interval('check', 120 * MINUTE);
  }

  protected fire(): void {
    this.timer('check', 120 * MINUTE);
    for (const [login, { token, expiresAt }] of this.held) {
      // NaN is never near: after the first undefined it does not renew again.
      if (!(expiresAt - this.now < 15 * MINUTE)) continue;
      // A fetch that gets no answer throws before anything is stored.
      if (this.renew(token) !== 'silence') {
        this.held.set(login, { token: undefined, expiresAt: NaN });
      }
    }
  }
}

/** The same sample as it is meant: a look every 2 minutes, a renewal in the last 15, the answer parsed. */
export class SampleAsMeant extends Program {
  override readonly signsInByItself = false;
  override readonly inPage = true;

  protected started(): void {
    this.interval('check', 2 * MINUTE);
  }

  protected fire(): void {
    this.timer('check', 2 * MINUTE);
    for (const [login, { expiresAt }] of this.held) {
      if (expiresAt - this.now < 15 * MINUTE) this.renewed(login);
    }
  }
}

/** Five of the public programs that were read: a new session where a renewal would do. */
export class SignInAgain extends Program {
  protected started(login: string): void {
    this.interval(login, 72 * MINUTE);
  }

  protected fire(login: string): void {
    this.timer(login, 72 * MINUTE);
    this.signIn(login);
  }
}

/** Copiers: one timer renews every login. */
export class RenewAllEveryTenMinutes extends Program {
  protected started(): void {
    this.interval('all', 10 * MINUTE);
  }

  protected fire(): void {
    this.timer('all', 10 * MINUTE);
    for (const login of this.held.keys()) {
      if (this.renewed(login) === 'refused') this.lost(login);
    }
  }
}

/** Web apps: a timeout that is set for a minute before the end; what fails is signed in again. */
export class PageTimer extends Program {
  override readonly inPage = true;

  protected started(login: string): void {
    const { expiresAt = this.now } = this.held.get(login) ?? {};
    this.timer(login, expiresAt - this.now - MINUTE);
  }

  protected fire(login: string): void {
    if (typeof this.renewed(login) !== 'string' || this.signIn(login)) this.started(login);
    else this.lost(login);
  }
}

interface Watch {
  leaseMs: number;
  grace: number;
  priorMs: number;
  backOffMs: number | null;
}

/**
 * HashiCorp Vault's LifetimeWatcher, with its back-off put right (vault #26383): two thirds of the
 * lease and a third of a jittered grace; once within grace it gives up and authenticates again.
 */
export class LifetimeWatcher extends Program {
  readonly #random: () => number;
  readonly #watches = new Map<string, Watch>();

  constructor(line: Line, random: () => number) {
    super(line);
    this.#random = random;
  }

  protected started(login: string): void {
    const leaseMs = (this.held.get(login)?.expiresAt ?? this.now) - this.now;
    const watch = { leaseMs, grace: this.#grace(leaseMs), priorMs: leaseMs, backOffMs: null };
    this.#watches.set(login, watch);
    // The watcher begins with a renewal.
    this.fire(login);
  }

  protected fire(login: string): void {
    const watch = this.#watches.get(login);
    if (!watch) return;
    const ok = typeof this.renewed(login) !== 'string';
    const left = (this.held.get(login)?.expiresAt ?? this.now) - this.now;
    let sleep: number;
    if (ok) {
      watch.backOffMs = null;
      if (left > watch.priorMs) watch.grace = this.#grace(left);
      sleep = (left * 2) / 3 + watch.grace / 3;
    } else {
      const base = Math.min(watch.backOffMs === null ? 10_000 : watch.backOffMs * 2, 5 * MINUTE);
      watch.backOffMs = base;
      sleep = base * (0.5 + this.#random());
    }
    watch.priorMs = left;
    if (left <= watch.grace || left - sleep <= watch.grace) {
      this.#watches.delete(login);
      if (!this.signIn(login)) this.lost(login);
      return;
    }
    this.timer(login, Math.round(sleep));
  }

  #grace(leaseMs: number): number {
    return leaseMs * (0.1 + this.#random() * 0.1);
  }
}
