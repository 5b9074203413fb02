/** How long a proof lasts: until when a session is called proven, and when the broker is to be heard again. */
import { MINUTE } from '../../durations.ts';
import type { LoginRecord } from '../../records/login.ts';
import { PROOF_GRACE_MS } from './margins.ts';

/**
 * Sessions are said to end after about 60 idle minutes: be heard at least this often
 * (FACTS.md row 2).
 */
export const CONTACT_EVERY_MS = 45 * MINUTE;

/** Clocks are corrected by a little all the time, which changes nothing. */
export const CLOCK_SLACK_MS = MINUTE;

/** When the broker is to be heard at the latest, lest the session looks idle, epoch ms. A probe does. */
export function contactDue(record: LoginRecord): number {
  return (record.contactAt ?? record.session?.openedAt ?? 0) + CONTACT_EVERY_MS;
}

/** Until when the last proof lets the session be called proven. */
export function provenUntil({ proof }: LoginRecord): number {
  return proof === null ? -Infinity : proof.at + CONTACT_EVERY_MS + PROOF_GRACE_MS;
}

/** The last proof lets the session be called proven: recent, and not from a clock that was ahead. */
export function isProven(record: LoginRecord, now: number): boolean {
  return (
    record.proof !== null && record.proof.at <= now + CLOCK_SLACK_MS && now <= provenUntil(record)
  );
}
