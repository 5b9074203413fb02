/** All that is stored and looked at together. */
import type { Awake } from './awake.ts';
import type { LoginRecord } from './login.ts';
import type { Notified } from './notified.ts';
import type { Settings } from './settings.ts';

export interface Known {
  /** In the order they were added. */
  records: readonly LoginRecord[];
  settings: Settings;
  notified: Notified;
  awake: Awake | null;
}
