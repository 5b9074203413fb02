// What goes wrong before the broker even looks at a call: penalties with their tickets, lock-outs, broken replies.
import type { BrokerSettings, Delivery, Fault, FaultRule } from './broker-types.ts';

/** What is known of a call when faults are decided. */
export interface CallContext {
  endpoint: string;
  host: string;
  path: string;
  ip: string;
  user: string | undefined;
  /** The parsed body; undefined when there is none. */
  body: Record<string, unknown> | undefined;
  reusedConnection: boolean;
  now: number;
}

/** A reply in place of the call, a change to the reply of the executed call, or nothing. */
export type Verdict =
  | { kind: 'pass'; redeemed: boolean }
  | {
      kind: 'instead';
      status: number;
      body: string;
      headers: Record<string, string>;
      outcome: string;
      delivery?: Delivery;
    }
  | { kind: 'after'; outcome?: string; delivery?: Delivery; delayMs?: number };

interface Penalty {
  ticket: string;
  endpoint: string;
  network: string;
  body: string | null;
  readyAt: number;
  pTime: number;
  captcha: boolean;
  lapsesAt: number;
  /** Somebody in that network has served one: nobody is held up any more, and the ticket stays good. */
  lifted: boolean;
}

/** A 429 that lasts: the user's on every endpoint (FACTS.md §2), else the network's on one. */
interface Lock {
  user: string | undefined;
  network: string;
  endpoint: string;
  lastsMs: number;
  until: number;
  headers: Record<string, string>;
}

/** Penalties are keyed to the caller's /24 (FACTS.md §2). */
export const networkOf = (ip: string): string => ip.split('.').slice(0, 3).join('.');

/** "The identical body plus p-ticket": key order is the only thing that may differ. */
function canonical(body: Record<string, unknown> | undefined): string | null {
  if (!body) return null;
  const entries = Object.entries(body).filter(([k]) => k !== 'p-ticket' && k !== 'p-captcha');
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

const penalties: readonly Fault[] = ['penalty', 'captcha', 'ticket-429'];

const json = { 'content-type': 'application/json; charset=utf-8' };

const gatewayPage = `<!DOCTYPE html><html><head><title>Please wait</title></head>
<body><h1>Checking your connection</h1><p>This page is not JSON.</p></body></html>`;

export class FaultDesk {
  readonly #settings: BrokerSettings;
  readonly #newTicket: () => string;
  #rules: { rule: FaultRule; left: number }[] = [];
  #penalties: Penalty[] = [];
  #locks: Lock[] = [];

  constructor(settings: BrokerSettings, newTicket: () => string) {
    this.#settings = settings;
    this.#newTicket = newTicket;
  }

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? 1 });
  }

  clear(): void {
    this.#rules = [];
    this.#penalties = [];
    this.#locks = [];
  }

  /** Rules that still fire, with the number of times left. */
  pending(): { rule: FaultRule; left: number }[] {
    return this.#rules.filter(({ left }) => left > 0);
  }

  /**
   * Decides about one call. Tickets, locks and counters move with it. `named` leaves out rules for
   * just any endpoint, which are not for what is said on a socket.
   */
  judge(call: CallContext, which: 'all' | 'named' = 'all'): Verdict {
    this.#locks = this.#locks.filter(({ until }) => call.now < until);
    const lock = this.#locks.find(({ user, network, endpoint }) =>
      user === undefined
        ? network === networkOf(call.ip) && endpoint === call.endpoint
        : user === call.user,
    );
    if (lock) {
      // Whoever does not wait, waits anew.
      lock.until = call.now + lock.lastsMs;
      return { ...this.#empty(429, 'locked-429'), headers: lock.headers };
    }
    const ticket = this.#judgeTicket(call);
    if (ticket.verdict) return ticket.verdict;

    const hit = this.#rules.find(
      ({ rule, left }) =>
        left > 0 &&
        (which === 'all' || rule.endpoint !== undefined) &&
        this.#matches(rule, call) &&
        !(ticket.redeemed && penalties.includes(rule.fault)),
    );
    if (!hit) return { kind: 'pass', redeemed: ticket.redeemed };
    hit.left -= 1;
    return this.#apply(hit.rule, call);
  }

  /**
   * A penalty reply; the ticket has to come back with the identical body after `pTime` seconds. It
   * holds for all users of that network (FACTS.md §2).
   */
  penalise(
    call: CallContext,
    pTime: number,
    captcha: boolean,
    status: 200 | 429 = 200,
  ): Extract<Verdict, { kind: 'instead' }> {
    const penalty: Penalty = {
      ticket: this.#newTicket(),
      endpoint: call.endpoint,
      network: networkOf(call.ip),
      body: canonical(call.body),
      readyAt: call.now + pTime * 1000,
      pTime,
      captcha,
      lapsesAt: call.now + this.#settings.lockoutMs,
      lifted: false,
    };
    this.#penalties.push(penalty);
    // HTTP 200 in place of the payload; `p-captcha` is optional (FACTS.md §2).
    const reply = {
      'p-ticket': penalty.ticket,
      'p-time': pTime,
      ...(captcha ? { 'p-captcha': true } : {}),
    };
    return {
      kind: 'instead',
      status,
      body: JSON.stringify(reply),
      headers: json,
      outcome: status === 429 ? 'ticket-429' : captcha ? 'captcha' : 'penalty',
    };
  }

  #judgeTicket(call: CallContext): { verdict?: Verdict; redeemed: boolean } {
    this.#penalties = this.#penalties.filter(({ lapsesAt }) => call.now < lapsesAt);
    const sent = call.body?.['p-ticket'];
    const network = networkOf(call.ip);
    const body = canonical(call.body);
    const here = this.#penalties.filter(
      (p) => p.endpoint === call.endpoint && p.network === network,
    );
    const own = here.find(({ ticket }) => ticket === sent);
    const holding = here.filter(({ lifted }) => !lifted);
    const penalty = own ?? holding.find((p) => p.body === body) ?? holding[0];
    if (!penalty || penalty.lifted) {
      if (sent === undefined || penalty) return { redeemed: false };
      return {
        verdict: this.penalise(call, this.#settings.penaltySeconds, false),
        redeemed: false,
      };
    }
    // A GET has nowhere to put a ticket, so the plain repetition after the wait has to do
    // (FACTS.md row 15).
    const repeatedGet = call.body === undefined && penalty.body === null;
    const answered = typeof call.body?.['p-captcha'] === 'string';
    const redeemed =
      call.now >= penalty.readyAt &&
      (!penalty.captcha || answered) &&
      (repeatedGet || (sent === penalty.ticket && body === penalty.body));
    // What somebody else in that network was given stays good.
    if (redeemed || penalty.body === body || sent === penalty.ticket) {
      this.#penalties = this.#penalties.filter((p) => p !== penalty);
    }
    if (redeemed) {
      for (const other of here) other.lifted = true;
      return { redeemed };
    }
    return { verdict: this.penalise(call, penalty.pTime, penalty.captcha), redeemed };
  }

  #apply(rule: FaultRule, call: CallContext): Verdict {
    const verdict = this.#verdictOf(rule, call);
    if (verdict.kind !== 'instead' || !rule.retryAfter) return verdict;
    return {
      ...verdict,
      headers: { ...verdict.headers, ...retryAfter(rule.retryAfter, call.now) },
    };
  }

  #verdictOf(rule: FaultRule, call: CallContext): Verdict {
    const pTime = rule.pTime ?? this.#settings.penaltySeconds;
    switch (rule.fault) {
      case 'penalty':
        return this.penalise(call, pTime, false);
      case 'captcha':
        return this.penalise(call, pTime, true);
      case 'ticket-429':
        return this.penalise(call, pTime, false, 429);
      case 'locked-423':
        // 423 comes before the 429 of a lock-out (FACTS.md §2).
        this.#lock(rule, call);
        return this.#empty(423, rule.fault);
      case 'rate-429':
        this.#lock(rule, call);
        return this.#empty(429, rule.fault);
      case 'unauthorized-401':
        return this.#empty(401, rule.fault);
      case 'error-500':
        return this.#empty(500, rule.fault);
      case 'unavailable-503':
        return this.#empty(503, rule.fault);
      case 'status':
        return { ...this.#empty(rule.status ?? 500, rule.fault), body: rule.text ?? '' };
      case 'forbidden-403':
        return { ...this.#page(rule), status: 403 };
      case 'bad-gateway-502':
        return { ...this.#page(rule), status: 502 };
      case 'html':
        return this.#page(rule);
      case 'redirect-307': {
        const location = rule.location ?? `https://moved-${call.host}${call.path}`;
        return { ...this.#empty(307, rule.fault), headers: { location } };
      }
      case 'error-text':
        return {
          kind: 'instead',
          status: 200,
          body: JSON.stringify({ errorText: rule.text ?? 'Access is denied' }),
          headers: json,
          outcome: 'errorText',
        };
      case 'error-200':
        return {
          kind: 'instead',
          status: 200,
          body: JSON.stringify({ error: rule.text ?? 'invalid_token', error_description: '' }),
          headers: json,
          outcome: 'error',
        };
      case 'slow':
        return { kind: 'after', delayMs: rule.delayMs ?? 5_000 };
      case 'cut-off':
      case 'dropped':
      case 'silence': {
        const executes = rule.executes ?? rule.fault === 'cut-off';
        if (executes) return { kind: 'after', outcome: rule.fault, delivery: rule.fault };
        return {
          kind: 'instead',
          status: rule.fault === 'cut-off' ? 200 : 0,
          body: '{"accessToken":"',
          headers: json,
          outcome: rule.fault,
          delivery: rule.fault,
        };
      }
    }
  }

  #lock(rule: FaultRule, call: CallContext): void {
    const lastsMs = rule.lockMs ?? this.#settings.lockoutMs;
    const { user, endpoint } = call;
    this.#locks.push({
      user,
      network: networkOf(call.ip),
      endpoint,
      lastsMs,
      until: call.now + lastsMs,
      headers: rule.retryAfter ? retryAfter(rule.retryAfter, call.now) : {},
    });
  }

  /** A gateway's page, in place of what the broker would say. */
  #page(rule: FaultRule): Extract<Verdict, { kind: 'instead' }> {
    return {
      kind: 'instead',
      status: 200,
      body: rule.text ?? gatewayPage,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      outcome: rule.fault,
    };
  }

  #empty(status: number, outcome: string): Extract<Verdict, { kind: 'instead' }> {
    return { kind: 'instead', status, body: '', headers: {}, outcome };
  }

  #matches(when: FaultRule, call: CallContext): boolean {
    return (
      (when.endpoint === undefined || endpointName(when.endpoint) === call.endpoint) &&
      (when.user === undefined || when.user === call.user) &&
      (when.reusedConnection === undefined || when.reusedConnection === call.reusedConnection) &&
      (when.host === undefined ||
        when.host === call.host ||
        `${when.host}.tradovateapi.com` === call.host)
    );
  }
}

function retryAfter(
  { seconds, as }: NonNullable<FaultRule['retryAfter']>,
  now: number,
): Record<string, string> {
  const value = as === 'seconds' ? String(seconds) : new Date(now + seconds * 1000).toUTCString();
  return { 'retry-after': value };
}

/**
 * The journal's name of a path: `/v1/auth/renewAccessToken?x=1` and `renewaccesstoken` are both `renewaccesstoken`.
 * Either letter case, with and without `/v1` (FACTS.md §1, §3).
 */
export function endpointName(path: string): string {
  const bare = path.split('?')[0] ?? '';
  return bare
    .toLowerCase()
    .replace(/^\//, '')
    .replace(/^v1\//, '')
    .replace(/^auth\//, '');
}
