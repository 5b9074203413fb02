import type { FailureKind } from './failure.ts';

/**
 * What a `userStatus` other than `Active` means. Documented beside `errorText` (FACTS.md §2), and
 * surer than its wording; a status that is not among them means nothing.
 */
export const USER_STATUS: ReadonlyMap<unknown, FailureKind> = new Map([
  ['TemporaryLocked', 'user-locked'],
  ['Closed', 'user-closed'],
  ['UnconfirmedEmail', 'email-unconfirmed'],
  ['Initiated', 'email-unconfirmed'],
]);
