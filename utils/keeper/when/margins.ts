/**
 * How much time before and after a deadline things are given. Each margin is for one thing, and can
 * be changed without the others.
 */
import { HOUR, MINUTE } from '../../durations.ts';

/** How long before expiry a renewal is due: the broker asks for about 15 minutes (FACTS.md §3). */
const RENEWAL_MARGIN_MS = 15 * MINUTE;
/** How long before expiry a session that cannot be renewed is warned of first. */
const WARNING_MARGIN_MS = 15 * MINUTE;
/** So late a contact may come, with its retries, before a session is no longer called proven. */
export const PROOF_GRACE_MS = 15 * MINUTE;
/** So late a contact may come before the history takes the silence for sleep. */
export const SILENCE_GRACE_MS = 15 * MINUTE;

/** A deadline that is missed by more was slept through: a busy computer is late by less. */
export const MISSED_MS = 2 * MINUTE;

/** A life shorter than this cannot spare 15 minutes: a sixth of it is the margin. */
const SHORT_LIFE_MS = HOUR;

const shortened = (margin: number, lifeMs: number): number =>
  lifeMs >= SHORT_LIFE_MS ? margin : Math.round(lifeMs / 6);

/** How long before expiry a renewal is due, ms, for a token that was issued for `lifeMs`. */
export function renewalMargin(lifeMs: number): number {
  return shortened(RENEWAL_MARGIN_MS, lifeMs);
}

/** How long before expiry the first warning is due, ms; the last one is due at a third of it. */
export function warningMargin(lifeMs: number): number {
  return shortened(WARNING_MARGIN_MS, lifeMs);
}
