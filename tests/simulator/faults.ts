// What goes wrong before the broker even looks at a call: penalties with their tickets, lock-outs, broken replies.
import type { BrokerSettings, FaultRule } from './broker-types.ts';

/** What is known of a call when faults are decided. */
export interface CallContext {
  endpoint: string;
  host: string;
  path: string;
  ip: string;
  user: string | undefined;
  /** The parsed body; undefined when there is none. */
  body: Record<string, unknown> | undefined;
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
      delivery?: 'cut-off' | 'silence';
    }
  | { kind: 'after'; outcome?: string; delivery?: 'cut-off' | 'silence'; delayMs?: number };

interface Penalty {
  ticket: string;
  endpoint: string;
  network: string;
  user: string | undefined;
  body: string | null;
  readyAt: number;
  pTime: number;
  captcha: boolean;
  lapsesAt: number;
}

interface Lock {
  endpoint: string | undefined;
  user: string | undefined;
  host: string | undefined;
  until: number;
}

/** Penalties are keyed to the caller's /24 (FACTS.md §2). */
export const networkOf = (ip: string): string => ip.split('.').slice(0, 3).join('.');

/** "The identical body plus p-ticket": key order is the only thing that may differ. */
function canonical(body: Record<string, unknown> | undefined): string | null {
  if (!body) return null;
  const entries = Object.entries(body).filter(([k]) => k !== 'p-ticket' && k !== 'p-captcha');
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

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

  /** Decides about one call. Tickets, locks and counters move with it. */
  judge(call: CallContext): Verdict {
    this.#locks = this.#locks.filter(({ until }) => call.now < until);
    if (this.#locks.some((lock) => this.#matches(lock, call))) {
      return this.#empty(429, 'locked-429');
    }
    const ticket = this.#judgeTicket(call);
    if (ticket.verdict) return ticket.verdict;

    const hit = this.#rules.find(
      ({ rule, left }) =>
        left > 0 &&
        this.#matches(rule, call) &&
        !(ticket.redeemed && (rule.fault === 'penalty' || rule.fault === 'captcha')),
    );
    if (!hit) return { kind: 'pass', redeemed: ticket.redeemed };
    hit.left -= 1;
    return this.#apply(hit.rule, call);
  }

  /** A penalty reply; the ticket has to come back with the identical body after `pTime` seconds. */
  penalise(call: CallContext, pTime: number, captcha: boolean, user = call.user): Verdict {
    const penalty: Penalty = {
      ticket: this.#newTicket(),
      endpoint: call.endpoint,
      network: networkOf(call.ip),
      user,
      body: canonical(call.body),
      readyAt: call.now + pTime * 1000,
      pTime,
      captcha,
      lapsesAt: call.now + this.#settings.lockoutMs,
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
      status: 200,
      body: JSON.stringify(reply),
      headers: json,
      outcome: captcha ? 'captcha' : 'penalty',
    };
  }

  #judgeTicket(call: CallContext): { verdict?: Verdict; redeemed: boolean } {
    this.#penalties = this.#penalties.filter(({ lapsesAt }) => call.now < lapsesAt);
    const sent = call.body?.['p-ticket'];
    const network = networkOf(call.ip);
    const mine = (p: Penalty): boolean =>
      p.endpoint === call.endpoint &&
      p.network === network &&
      (p.user === undefined || p.user === call.user);
    const penalty =
      this.#penalties.find((p) => mine(p) && p.ticket === sent) ?? this.#penalties.find(mine);
    if (!penalty) {
      if (sent === undefined) return { redeemed: false };
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
      (repeatedGet || (sent === penalty.ticket && canonical(call.body) === penalty.body));
    this.#penalties = this.#penalties.filter((p) => p !== penalty);
    if (redeemed) return { redeemed };
    return {
      verdict: this.penalise(call, penalty.pTime, penalty.captcha, penalty.user),
      redeemed,
    };
  }

  #apply(rule: FaultRule, call: CallContext): Verdict {
    const pTime = rule.pTime ?? this.#settings.penaltySeconds;
    switch (rule.fault) {
      case 'penalty':
        return this.penalise(call, pTime, false, rule.user);
      case 'captcha':
        return this.penalise(call, pTime, true, rule.user);
      case 'locked-423':
        // 423 comes before the 429 of a lock-out (FACTS.md §2).
        this.#locks.push({
          endpoint: rule.endpoint,
          user: rule.user,
          host: rule.host,
          until: call.now + this.#settings.lockoutMs,
        });
        return this.#empty(423, rule.fault);
      case 'rate-429':
        return this.#empty(429, rule.fault);
      case 'error-500':
        return this.#empty(500, rule.fault);
      case 'unavailable-503':
        return this.#empty(503, rule.fault);
      case 'html':
        return {
          kind: 'instead',
          status: 200,
          body: rule.text ?? gatewayPage,
          headers: { 'content-type': 'text/html; charset=utf-8' },
          outcome: rule.fault,
        };
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
      case 'silence': {
        const executes = rule.executes ?? rule.fault === 'cut-off';
        if (executes) return { kind: 'after', outcome: rule.fault, delivery: rule.fault };
        return {
          kind: 'instead',
          status: rule.fault === 'silence' ? 0 : 200,
          body: '{"accessToken":"',
          headers: json,
          outcome: rule.fault,
          delivery: rule.fault,
        };
      }
    }
  }

  #empty(status: number, outcome: string): Extract<Verdict, { kind: 'instead' }> {
    return { kind: 'instead', status, body: '', headers: {}, outcome };
  }

  #matches(
    when: { endpoint?: string | undefined; user?: string | undefined; host?: string | undefined },
    call: CallContext,
  ): boolean {
    return (
      (when.endpoint === undefined || endpointName(when.endpoint) === call.endpoint) &&
      (when.user === undefined || when.user === call.user) &&
      (when.host === undefined ||
        when.host === call.host ||
        `${when.host}.tradovateapi.com` === call.host)
    );
  }
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
