/**
 * What is measured of one policy in one month, from the broker's side.
 *
 * Beside every login goes a ghost: a keeper that renews at every moment at which a renewal can
 * succeed. While the ghost lives, a valid token was possible without a new sign-in: that is the
 * survivable time. It dies when other sign-ins close its session, or at the start of an outage or a
 * sleep that is longer than a token's life, and is back at the policy's next sign-in.
 */
import {
  defaultUserSettings,
  sampleApp,
  type Broker,
  type JournalEntry,
  type Session,
} from '../simulator/broker.ts';
import type { Month } from './month.ts';
import { holding, outside, type Span } from './spans.ts';

/** Sums over logins and months. Times in ms. */
export interface Tally {
  totalMs: number;
  survivableMs: number;
  /** With a valid token: of the survivable time, and of all. */
  survivedMs: number;
  validMs: number;
  awakeMs: number;
  /** Sign-ins after the first: because the session could not be saved, or although it could. */
  needed: number;
  needless: number;
  /** Of those, the ones no person asked for. */
  unasked: number;
  /** Sessions of others, in use, that the policy's sign-ins closed. */
  evictedOthers: number;
  renewals: number;
  leastRenewals: number;
  /** Calls answered with a penalty or a 429 that nobody had put into the month. */
  limitHits: number;
  /** Tokens that ran out although they could have been kept, by what was in the way at their end. */
  lostAsleep: number;
  lostInMaintenance: number;
  lostInFailures: number;
  lostToLimits: number;
  lostOtherwise: number;
  wakes: number;
  /** The keeper's own figure; zero for others. */
  eventsDue: number;
}

export const nothing = (): Tally => ({
  totalMs: 0,
  survivableMs: 0,
  survivedMs: 0,
  validMs: 0,
  awakeMs: 0,
  needed: 0,
  needless: 0,
  unasked: 0,
  evictedOthers: 0,
  renewals: 0,
  leastRenewals: 0,
  limitHits: 0,
  lostAsleep: 0,
  lostInMaintenance: 0,
  lostInFailures: 0,
  lostToLimits: 0,
  lostOtherwise: 0,
  wakes: 0,
  eventsDue: 0,
});

export function added(one: Tally, other: Tally): Tally {
  const keys = Object.keys(one) as (keyof Tally)[];
  return Object.fromEntries(keys.map((key) => [key, one[key] + other[key]])) as unknown as Tally;
}

const { lifetimeMs: LIFE_MS, slots: SLOTS } = defaultUserSettings();
const LIMITS = ['penalty', 'captcha', 'rate-429', 'locked-429'];

interface Login {
  /** What the policy holds. */
  session: Session | null;
  token: string | undefined;
  signedIn: boolean;
  /** The last call that a limit refused. */
  limitedAt: number;
  ghost: { openedAt: number; diesAt: number } | null;
  /** Since when the ghost has lived without a break. */
  since: number;
}

export class Meter {
  readonly tally = nothing();
  /** Set around what others do, so that their sign-ins and calls are told from the policy's. */
  others = false;
  /** Set around a sign-in that a person asked for. */
  asked = false;
  readonly #broker: Broker;
  readonly #month: Month;
  readonly #logins = new Map<string, Login>();
  readonly #sessions = new Map<string, Session>();
  readonly #gaps: Span[];
  readonly #inUse: (session: Session) => boolean;
  #faults = 0;

  /** @param inUse whether anybody would miss that session of somebody else. */
  constructor(broker: Broker, month: Month, inUse: (session: Session) => boolean) {
    this.#broker = broker;
    this.#month = month;
    this.#inUse = inUse;
    this.#gaps = outside(month, month.open).filter(
      ({ from, until }) => until >= from - 1 + LIFE_MS,
    );
    for (const name of month.logins) {
      this.#logins.set(name, {
        session: null,
        token: undefined,
        signedIn: false,
        limitedAt: -Infinity,
        ghost: null,
        since: 0,
      });
    }
    broker.on((event) => {
      if (event.type === 'session-opened') this.#opened(event.session);
      else if (event.type === 'session-renewed') {
        this.#sessions.set(event.session.accessToken, event.session);
        if (!this.others) this.tally.renewals++;
      } else if (event.type === 'session-closed') {
        const { session, reason } = event;
        if (reason === 'evicted' && !this.others && !isOwn(session) && this.#inUse(session)) {
          this.tally.evictedOthers++;
        }
      } else if (event.type === 'call') this.#called(event.entry);
    });
  }

  /** A fault of the month was handed to the broker: what it brings about is not the policy's doing. */
  faultAdded(): void {
    this.#faults++;
  }

  /** Time passes between two steps of the world, in which nothing is opened, closed or renewed. */
  pass(from: number, until: number, awake: boolean): void {
    if (awake) this.tally.awakeMs += until - from;
    for (const login of this.#logins.values()) {
      if (!login.signedIn) continue;
      this.tally.totalMs += until - from;
      const valid = isValid(login, from) ? Math.min(until, login.session?.expiresAt ?? 0) : from;
      const end = login.session?.expiresAt ?? Infinity;
      if (isValid(login, from) && end <= until && end < (login.ghost?.diesAt ?? 0)) {
        this.tally[this.#whatWasInTheWay(login, end)]++;
      }
      const alive = login.ghost ? Math.min(until, login.ghost.diesAt) : from;
      this.tally.validMs += valid - from;
      this.tally.survivableMs += alive - from;
      this.tally.survivedMs += Math.min(valid, alive) - from;
      if (login.ghost && login.ghost.diesAt <= until) this.#die(login, login.ghost.diesAt);
    }
  }

  /** What the policy holds for that login after a step. */
  holds(name: string, token: string | undefined): void {
    const login = this.#of(name);
    login.token = token;
    login.session = token === undefined ? null : (this.#sessions.get(token) ?? null);
  }

  /** Whether what it holds works, at `now`. */
  works(name: string, now: number): boolean {
    return isValid(this.#of(name), now);
  }

  /** The next end of a token that is held, epoch ms. */
  nextEnd(now: number): number {
    const ends = [...this.#logins.values()].map((login) =>
      isValid(login, now) ? (login.session?.expiresAt ?? Infinity) : Infinity,
    );
    return Math.min(...ends);
  }

  /** Somebody else has opened a session of that login. */
  othersOpened(name: string, now: number): void {
    const login = this.#of(name);
    if (!login.ghost) return;
    const { openedAt } = login.ghost;
    const own = login.session;
    if (own?.state === 'open') return;
    const since = this.#broker
      .sessionsOf(name)
      .filter((session) => !isOwn(session) && session.openedAt >= openedAt).length;
    if (own?.state === 'evicted' || since >= SLOTS) this.#die(login, now);
  }

  /** The month is over. */
  end(): Tally {
    for (const login of this.#logins.values()) {
      if (login.ghost) this.#die(login, this.#month.until);
    }
    return this.tally;
  }

  #opened(session: Session): void {
    this.#sessions.set(session.accessToken, session);
    if (!isOwn(session)) return;
    const login = this.#of(session.user);
    const now = session.openedAt;
    if (login.signedIn) {
      if (login.ghost) this.tally.needless++;
      else this.tally.needed++;
      if (!this.asked) this.tally.unasked++;
    }
    login.signedIn = true;
    if (!login.ghost) login.since = now;
    const gap = this.#gaps.find(({ from }) => from > now);
    login.ghost = { openedAt: now, diesAt: gap?.from ?? Infinity };
  }

  #whatWasInTheWay(login: Login, end: number) {
    if (holding(this.#month.asleep, end)) return 'lostAsleep';
    const outage = holding(this.#month.outages, end);
    if (outage) return outage.why === 'maintenance' ? 'lostInMaintenance' : 'lostInFailures';
    return login.limitedAt > end - LIFE_MS ? 'lostToLimits' : 'lostOtherwise';
  }

  #called({ at, user, outcome }: JournalEntry): void {
    const left = this.#broker.pendingFaults().length;
    const asPlanned = left < this.#faults;
    this.#faults = left;
    if (!LIMITS.includes(outcome) || asPlanned) return;
    this.tally.limitHits++;
    if (user !== undefined && !this.others) this.#of(user).limitedAt = at;
  }

  #die(login: Login, at: number): void {
    this.tally.leastRenewals += leastRenewals(this.#month.open, login.since, at, LIFE_MS);
    login.ghost = null;
  }

  #of(name: string): Login {
    const login = this.#logins.get(name);
    if (!login) throw new Error(`No login ${name}.`);
    return login;
  }
}

const isOwn = ({ appId }: Session): boolean => appId === sampleApp.appId;

function isValid({ session, token }: Login, now: number): boolean {
  return (
    session !== null &&
    session.state === 'open' &&
    session.accessToken === token &&
    now < session.expiresAt
  );
}

/**
 * The fewest renewals that keep a token valid from its sign-in at `from` until `until`, when a
 * renewal can be made in `open` only: each as late as possible. Exact, as a later renewal never
 * ends earlier.
 */
export function leastRenewals(
  open: readonly Span[],
  from: number,
  until: number,
  lifeMs: number,
): number {
  let count = 0;
  let index = 0;
  for (let at = from; at + lifeMs < until; count++) {
    const last = at + lifeMs - 1;
    while ((open[index + 1]?.from ?? Infinity) <= last) index++;
    const latest = Math.min(last, (open[index]?.until ?? 0) - 1);
    if (latest <= at) throw new Error('No renewal could have kept this token.');
    at = latest;
  }
  return count;
}
