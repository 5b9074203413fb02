/** What the keeper touches, all of it handed in. */
import type { Clock } from '../../platform/clock.ts';
import type { Known } from '../../records/known.ts';
import type { NoticeData } from '../status/notices.ts';
import type { Client } from '../../tradovate/client.ts';
import type { Failure } from '../../tradovate/failure.ts';
import type { RememberingVault } from '../../vault/unwritten.ts';

export interface Ports {
  vault: RememberingVault;
  client: Client;
  clock: Clock;
  random: () => number;
  newId: () => string;
  /** Calls `work` once after `ms`, unless the worker dies before. */
  after: (ms: number, work: () => void) => void;
  /** Resolves after `ms`. */
  wait: (ms: number) => Promise<void>;
  /** Where the broker's page leads back to, as it is to be registered. */
  redirectUri: () => string;
  /** Shows the broker's page to a person, or only asks it when not interactive; gives the address it led back to. */
  authorize: (
    url: string,
    how: { interactive: boolean; limitMs: number },
  ) => Promise<{ address: string } | Failure>;
  /** Whether the browser lets the extension call that host now. */
  mayCall: (host: string) => Promise<boolean>;
  /** Runs `work` alone among all with the same name, in every context of the extension; freed when the holder dies. */
  lock: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Something was written, and this is what is known now: what follows is in publish.ts. */
  publish: (known: Known) => Promise<void>;
  /** Says that outside the extension's pages. */
  notify: (notice: NoticeData) => Promise<void>;
}
