/**
 * What happened to a login, as stretches of time: read from its journal, and for the present from
 * its record. Pages alone load this.
 */
import { market } from '../../tradovate/market-hours.ts';
import type { Span } from '../../tradovate/maintenance.ts';
import type { LoginRecord } from '../../records/login.ts';
import type { JournalLine } from '../../records/journal.ts';
import { type State, standing } from './standing.ts';
import { SILENCE_GRACE_MS } from '../when/margins.ts';
import { CONTACT_EVERY_MS } from '../when/proof.ts';

/** `asleep`: the computer, or the browser was closed; nothing was kept then. */
export type Condition = 'alive' | 'at-risk' | 'dead' | 'asleep';

export interface Stretch extends Span {
  is: Condition;
}

export interface History {
  /** Oldest first, without overlap. Where there is none the login was not signed in here. */
  stretches: Stretch[];
  /** When tokens were issued, epoch ms. */
  renewals: number[];
  signIns: number[];
}

/** Awake, the keeper is heard of at least this often. */
const SILENCE_MS = CONTACT_EVERY_MS + SILENCE_GRACE_MS;

const CONDITIONS: Record<State, Condition> = {
  connected: 'alive',
  reconnecting: 'at-risk',
  disconnected: 'dead',
  expired: 'dead',
};

/**
 * The history of `record` in `span`, whose end is now. `lines` are its journal, oldest first: older
 * ones than the span tell how it began.
 */
export function history(
  lines: readonly JournalLine[],
  record: LoginRecord,
  { from, until }: Span,
): History {
  const inOrder = [...lines].sort((one, other) => one.at - other.at);
  const reader = new StretchReader();
  for (const line of inOrder) reader.hear(line);
  reader.end(record, until);
  const at = (what: JournalLine['what']) =>
    inOrder.filter((line) => line.what === what && line.at >= from).map((line) => line.at);
  return {
    stretches: reader.stretches
      .map((one) => ({ ...one, from: Math.max(one.from, from), until: Math.min(one.until, until) }))
      .filter((one) => one.from < one.until),
    renewals: at('renewed'),
    signIns: at('signed in'),
  };
}

class StretchReader {
  readonly stretches: Stretch[] = [];
  /** Null: not signed in. */
  #is: Condition | null = null;
  #since = 0;
  #lastAt = 0;
  #renewalFailed = false;
  /** What it was when the keeping was paused; null while it is not. */
  #beforePause: Condition | null = null;

  hear(line: JournalLine): void {
    if (line.what === 'asleep') this.#sleep(line);
    else this.#silence(line.at);
    this.#become(this.#after(line), line.at);
    this.#lastAt = line.at;
  }

  /** The journal has no more to say: what the record says holds from its last line on. */
  end(record: LoginRecord, now: number): void {
    this.#silence(now);
    const { state } = standing(record, now);
    if (this.#is !== null) {
      const ranOutAt = state === 'expired' ? record.session?.expiresAt : undefined;
      const since = Math.max(this.#since, ranOutAt ?? this.#lastAt);
      this.#become(CONDITIONS[state], Math.min(since, now));
    }
    this.#become(null, now);
  }

  /** The keeper itself found that it had slept (sleep.ts), since a time that is in the line. */
  #sleep({ at, since = 0 }: JournalLine): void {
    if (this.#is !== 'alive' && this.#is !== 'at-risk') return;
    const before = this.#is;
    this.#become('asleep', Math.min(at, Math.max(this.#lastAt, since || this.#lastAt)));
    this.#become(before, at);
  }

  /** A keeper that is awake would have been heard of in between. */
  #silence(until: number): void {
    const kept = this.#is === 'alive' || this.#is === 'at-risk';
    if (!kept || this.#beforePause !== null || until - this.#lastAt <= SILENCE_MS) return;
    const before = this.#is;
    this.#become('asleep', this.#lastAt + CONTACT_EVERY_MS);
    this.#become(before, until);
  }

  #become(is: Condition | null, at: number): void {
    if (is === this.#is) return;
    if (this.#is !== null && at > this.#since)
      this.stretches.push({ from: this.#since, until: at, is: this.#is });
    this.#is = is;
    this.#since = at;
  }

  #after({ what, during }: JournalLine): Condition | null {
    switch (what) {
      case 'signed in':
      case 'taken over':
      case 'refreshed':
      case 'renewed':
        this.#renewalFailed = false;
        if (what !== 'renewed') this.#beforePause = null;
        return this.#beforePause === null ? 'alive' : 'at-risk';
      case 'proven':
        // A check does not make up for a renewal that failed.
        return this.#renewalFailed || this.#beforePause !== null ? 'at-risk' : 'alive';
      case 'failed':
      case 'interrupted':
        if (during === 'sign-in' || this.#is === null || this.#is === 'dead') return this.#is;
        this.#renewalFailed ||= during === 'renewal';
        return 'at-risk';
      case 'web login seen':
        return this.#is === 'alive' ? 'at-risk' : this.#is;
      case 'paused':
        this.#beforePause = this.#is;
        return this.#is === 'alive' ? 'at-risk' : this.#is;
      case 'resumed': {
        const before = this.#beforePause ?? this.#is;
        this.#beforePause = null;
        return this.#is === 'dead' ? 'dead' : before;
      }
      case 'ended':
        this.#beforePause = null;
        return 'dead';
      default:
        return this.#is;
    }
  }
}

/** When the exchange is closed in `span`, oldest first. */
export function closedSpans({ from, until }: Span): Span[] {
  const spans: Span[] = [];
  for (let at = from; at < until;) {
    const { closed, opens, closes } = market(at);
    const next = Math.min(until, closed === null ? closes.at : opens.at);
    if (closed !== null) spans.push({ from: at, until: next });
    at = next;
  }
  return spans;
}

/** How long it was in each condition, ms. */
export function totals(stretches: readonly Stretch[]): Record<Condition, number> {
  const sums: Record<Condition, number> = { alive: 0, 'at-risk': 0, dead: 0, asleep: 0 };
  for (const { is, from, until } of stretches) sums[is] += until - from;
  return sums;
}
