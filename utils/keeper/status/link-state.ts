/** How the live link of a login stands, for people. */
import { hasLiveSession, type LoginRecord } from '../../records/login.ts';
import { DOWN_AFTER_MS, isHeld, NOTE_MISSED_MS } from '../when/link.ts';

/**
 * - `idle`: on, but there is no session to watch, or its keeping is paused.
 * - `held`: the broker found too many connections; a person has to ask for it again.
 */
export type LinkState = 'off' | 'idle' | 'checks' | 'up' | 'opening' | 'down' | 'held';

/** How the link stands at `now`. */
export function linkState(record: LoginRecord, now: number): LinkState {
  const { link } = record;
  if (link === null) return 'off';
  if (record.pausedAt !== null || !hasLiveSession(record, now)) return 'idle';
  if (link.by === 'checks') return 'checks';
  if (isHeld(link)) return 'held';
  // One more note may be late before it is not believed any more.
  if (link.up && now - link.heardAt <= 2 * NOTE_MISSED_MS) return 'up';
  return now - (link.up ? link.heardAt : link.since) < DOWN_AFTER_MS ? 'opening' : 'down';
}

/** A refusal after this is an eviction (FACTS.md row 8). */
export function toldOfQuota({ link, proof }: LoginRecord): boolean {
  return link?.why === 'connection-quota' && link.lostAt >= (proof?.at ?? 0);
}
