/** What follows a write: open pages, the browser's alarms, the badge and the live links. */
import type { Clock } from '../../platform/clock.ts';
import type { Known } from '../../records/known.ts';
import type { LoginRecord } from '../../records/login.ts';
import { nextWake } from '../status/notices.ts';
import { worst, type State } from '../status/state.ts';
import { alarmsFor, guardAt, type Alarms } from '../when/alarms.ts';

export interface Followers {
  clock: Clock;
  /** Something is in memory alone: a worker that dies over it has to be woken soon. */
  isBehind: () => boolean;
  /** Open pages read anew. */
  announceChange: () => void;
  /** Whether the browser's alarms slip by the time the computer slept. */
  alarmsSlip: () => boolean;
  /** Sets the alarms for the deadline `at`, or none. */
  setAlarms: (alarms: Alarms | null, at: number | null) => Promise<void>;
  /** Shows the worst state of all logins; null: there is none. */
  showWorst: (state: State | null) => Promise<void>;
  /** Opens and closes the sockets of live links. */
  followLinks: (records: readonly LoginRecord[]) => Promise<void>;
}

/** Makes all that follows equal to what is known. */
export function publisher(to: Followers): (known: Known) => Promise<void> {
  return async (known) => {
    to.announceChange();
    const now = to.clock.now();
    const next = nextWake(known, now);
    const at = to.isBehind() ? Math.min(next ?? Infinity, guardAt(now)) : next;
    const alarms = at === null ? null : alarmsFor(Math.ceil(at), now, to.alarmsSlip());
    await Promise.all([to.setAlarms(alarms, at), to.showWorst(worst(known.records, now))]);
    // Not waited for: what it comes to is written, and published again.
    void to.followLinks(known.records);
  };
}
