/**
 * One line of what happened to a login. Data, never prose: it is worded when it is shown
 * (utils/words/journal.ts), in whatever language the reader has then. No secret is in it.
 */
import { FAILURE_KINDS, type FailureKind } from '../tradovate/failure.ts';
import type { Loss } from '../tradovate/socket.ts';
import type { CallKind, EndCause } from './login.ts';

/** What can stand in a journal, as fixed words. */
const EVENTS = [
  'sign-in started',
  'signed in',
  'taken over',
  'refresh started',
  'refreshed',
  'renewal started',
  'renewed',
  'probe started',
  'proven',
  'failed',
  'interrupted',
  'ended',
  'web login seen',
  'asleep',
  'host named',
  'host allowed',
  'host taken away',
  'paused',
  'yielded',
  'warned',
  'loss told',
  'warning shown',
  'resumed',
  'token copied',
  'edited',
  'link on',
  'link off',
  'link up',
  'link lost',
] as const;

export type JournalEvent = (typeof EVENTS)[number];

/** Which of a login's tokens were copied. */
export type TokenPart = 'access' | 'market-data' | 'both';

/** What more there is to know of an event; which of these, depends on the event. */
export interface JournalDetails {
  /** `failed`, `interrupted`: the call, how it failed, the HTTP status, the broker's own words. */
  during?: CallKind;
  kind?: FailureKind;
  status?: number;
  said?: string;
  /** `ended`: why. */
  cause?: EndCause;
  /** `web login seen`, `warning shown`, and what became of hosts. */
  host?: string;
  /** `asleep`: since when, epoch ms. */
  since?: number;
  /** `token copied`. */
  part?: TokenPart;
  /** `link lost`: why. */
  loss?: Loss;
}

export interface JournalLine extends JournalDetails {
  at: number;
  loginId: string;
  what: JournalEvent;
  /** The English of a line that an earlier version wrote, where it could not be read as data. */
  prose?: string;
}

/** A line as it was found on disk; null when not even what happened can be told. */
export function readLine(found: unknown): JournalLine | null {
  const { note, ...line } = (found ?? {}) as JournalLine & { note?: unknown };
  const { at, loginId, what } = line;
  const sound = Number.isFinite(at) && typeof loginId === 'string' && EVENTS.includes(what);
  if (!sound) return null;
  return typeof note === 'string' ? { ...line, ...readNote(what, note) } : line;
}

/** All of them that can be read. */
export function readLines(found: readonly unknown[]): JournalLine[] {
  return found.map(readLine).filter((line) => line !== null);
}

const CALLS: readonly string[] = ['sign-in', 'renewal', 'probe', 'refresh'];
const KINDS: readonly string[] = FAILURE_KINDS;

/** Before lines were data they had a note: "renewal · broker-error · 503 · what the broker said". */
function readNote(what: JournalEvent, note: string): JournalDetails & { prose?: string } {
  switch (what) {
    case 'failed':
    case 'interrupted': {
      const [during = '', kind = '', ...more] = note.split(' · ');
      if (!CALLS.includes(during) || !KINDS.includes(kind)) return { prose: note };
      const status = /^\d{3}$/.test(more[0] ?? '') ? Number(more.shift()) : undefined;
      const said = more.join(' · ');
      return {
        during: during as CallKind,
        kind: kind as FailureKind,
        ...(status !== undefined && { status }),
        ...(said !== '' && { said }),
      };
    }
    case 'ended':
      return { cause: note as EndCause };
    case 'asleep': {
      const since = Date.parse(note.replace('since ', ''));
      return Number.isNaN(since) ? { prose: note } : { since };
    }
    case 'token copied':
      return { part: PARTS[note] ?? 'both' };
    case 'link lost':
      return { loss: note as Loss };
    case 'web login seen':
    case 'warning shown':
    case 'host named':
    case 'host allowed':
    case 'host taken away':
      return { host: note };
    default:
      return { prose: note };
  }
}

const PARTS: Partial<Record<string, TokenPart>> = {
  'access token': 'access',
  'market-data token': 'market-data',
  'both tokens': 'both',
};
