/** What is stored of the live link of a login, where its owner has asked for one. No secret is in it. */
import type { Counts, Loss } from '../tradovate/socket.ts';
import { withNumbers } from './field.ts';

export interface Link extends Counts {
  /**
   * Firefox ends its background part whatever a socket does (platform FACTS.md §2): there checks
   * take its place.
   */
  by: 'socket' | 'checks';
  up: boolean;
  /** Since when it is up, or is not. */
  since: number;
  /** When the broker was heard, as it was noted last. */
  heardAt: number;
  /** Losses and failed attempts in a row, until one has held for a minute. */
  tries: number;
  /** When it is opened next, while it is not up. */
  retryAt: number;
  /** Why it was lost, or did not come up, last; and when. */
  why: Loss | null;
  lostAt: number;
}

/** A link that was just asked for. */
export function newLink(by: Link['by'], now: number): Link {
  const counts = { accounts: 0, positions: 0, orders: 0 };
  const times = { since: now, heardAt: now, retryAt: now, lostAt: now };
  return { by, up: false, tries: 0, why: null, ...times, ...counts };
}

/** Whether what was found on disk can be used as a link. */
export const isLink = withNumbers(
  'since',
  'heardAt',
  'tries',
  'retryAt',
  'lostAt',
  'accounts',
  'positions',
  'orders',
);
