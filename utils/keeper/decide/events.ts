/** What can happen to a login: all that `decide` is told. */
import type { WebCall } from '../../records/login.ts';
import type { Outcome } from '../../tradovate/outcome.ts';
import type { Issued } from '../../tradovate/replies.ts';
import type { LinkNews } from './link.ts';

export type KeeperEvent =
  /** An alarm, a start of the worker or the browser, the end of a sleep: see what is due. */
  | { type: 'wake' }
  /** The network is back. */
  | { type: 'online' }
  /** The person leaves, and the computer may fall asleep. */
  | { type: 'leaving' }
  | { type: 'sign-in' }
  /** The broker has just accepted this token at `host`, which another program held until now. */
  | { type: 'taken-over'; token: Issued; host: string }
  | { type: 'renew-now' }
  | { type: 'pause' }
  | { type: 'resume' }
  /** Leave the web login alone until that tab is left, or without one for a while. */
  | { type: 'yield'; tabId: number | null }
  | {
      type: 'web-session';
      call: WebCall;
      tabId: number;
      host: string;
      meant?: boolean;
    }
  /** A tab is closed (`null`: all are, the browser was), or shows the sign-in form of `host` again. */
  | { type: 'tab-left'; tabId: number | null; host?: string }
  /** The same user has just been signed in here for the other environment. */
  | { type: 'sibling-signed-in' }
  /** The browser's permissions have changed; `denied` are those of all hosts that may not be called. */
  | { type: 'permissions'; denied: readonly string[] }
  /** The live link was switched on or off, came up or was lost. */
  | { type: 'link'; news: LinkNews }
  | Answered;

export interface Answered {
  type: 'answered';
  outcome: Outcome;
  /** The host that was asked; none when the call was not made, or nobody knows. */
  host?: string;
  /** Of the hosts that may serve the login, those that may not be called. */
  denied?: readonly string[];
}
