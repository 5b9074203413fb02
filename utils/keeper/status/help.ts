/**
 * Whether a person could do something about a login: asked before a notification. What that is, the
 * popup says in full (cause.ts).
 */
import { maintenanceAt } from '../../tradovate/maintenance.ts';
import {
  hasLiveSession,
  hostNeeded,
  hostsOf,
  isCutOff,
  type LoginRecord,
} from '../../records/login.ts';
import type { Stage } from '../../records/notified.ts';
import { hasRoom } from '../when/deadlines.ts';
import { warningMargin } from '../when/margins.ts';
import { refreshAt } from '../when/retries.ts';
import { isDown } from './readiness.ts';
import { schedule, shortage } from '../when/renewals.ts';

/** A sign-in helps, or something else. */
export type Help = 'reconnect' | 'see';

/**
 * How far it has come with `record` at `now`; null where nobody can do anything, or has to yet.
 * `crowded` are the logins that are left out (`leftOut`).
 */
export function helpNeeded(
  record: LoginRecord,
  records: readonly LoginRecord[],
  crowded: readonly LoginRecord[],
  now: number,
): { stage: Stage; help: Help } | null {
  if (isDown(record, now)) return isLost(record, records, now) ? LOST : null;
  const [first, last] = warnings(record);
  if (now < first) return null;
  const help = whatHelps(record, records, now) ?? (crowded.includes(record) ? 'see' : null);
  return help && { stage: now < last ? 1 : 2, help };
}

const LOST = { stage: 3, help: 'reconnect' } as const;

/** When to warn of a session that ends, epoch ms: 15 and 5 minutes before, where it lives that long. */
export function warnings({ session }: LoginRecord): [number, number] {
  const { expiresAt, lifeMs } = session ?? { expiresAt: Infinity, lifeMs: 0 };
  return [expiresAt - warningMargin(lifeMs), expiresAt - warningMargin(lifeMs) / 3];
}

/** Whoever pauses the keeping has been told when the token ends; a refresh token is tried first. */
function isLost(record: LoginRecord, records: readonly LoginRecord[], now: number): boolean {
  const { session, end, failure, call, refresh, pausedAt } = record;
  if (session === null) return failure?.kind === 'damaged';
  if (pausedAt !== null && end?.cause !== 'evicted') return false;
  if (call?.kind === 'refresh') return false;
  const heals = refresh?.retryAt === null && refreshAt(record) !== null;
  return !(heals && hasRoom(record, now, records));
}

/** What helps a session that cannot be renewed. Against an outage and a limit nothing does. */
export function whatHelps(
  record: LoginRecord,
  records: readonly LoginRecord[],
  now: number,
): Help | null {
  const { failure, failures, proof, pausedAt } = record;
  if (!hasLiveSession(record, now) || pausedAt !== null || record.call?.kind === 'sign-in')
    return null;
  if (hostNeeded(record) !== null && (failure !== null || isCutOff(record))) return 'see';
  if (failure === null) return null;
  const { kind, at } = failure;
  switch (kind) {
    case 'captcha':
      return 'see';
    case 'refused':
      return 'reconnect';
    case 'unauthorized':
      if (proof === null || proof.by === 'sign-in') return 'see';
      return proof.at >= at ? 'reconnect' : null;
    case 'offline':
    case 'unreachable':
      // A connection that drops for a moment needs nobody.
      return failures > 2 && maintenanceAt(now) === null ? 'see' : null;
    case 'broker-error':
    case 'request-timeout':
      // Closed sessions are answered like that as well (FACTS.md §3), but then not all of them.
      return failures > 1 && records.some((other) => isAnswered(other, record, at))
        ? 'reconnect'
        : null;
    default:
      return null;
  }
}

function isAnswered(other: LoginRecord, record: LoginRecord, since: number): boolean {
  const same = hostsOf(other)[0] === hostsOf(record)[0];
  return same && other.id !== record.id && (other.proof?.at ?? 0) > since;
}

/** Logins that the broker's limit leaves no renewal for: pausing another helps. */
export function leftOut(records: readonly LoginRecord[], now: number): readonly LoginRecord[] {
  return shortage(records, now) === null ? [] : schedule(records, now).leftOut;
}
