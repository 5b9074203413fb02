/**
 * The sockets of live links, made equal to what the records ask for: after every write, and at every
 * start. Never two for one login. What they come to is told to the keeper, which decides and writes.
 *
 * Nothing here outlives the worker: one that starts again finds a link noted as up and no socket for
 * it, says so, and opens it again.
 */
import type { Clock } from '../../platform/clock.ts';
import type { Socket, SocketListeners } from '../../platform/socket.ts';
import {
  converse,
  HEARTBEAT,
  HEARTBEAT_MS,
  socketUrl,
  type Counts,
  type Loss,
} from '../../tradovate/socket.ts';
import type { Vault } from '../../vault/vault.ts';
import type { LinkNews } from '../decide/link.ts';
import { NOTED_EVERY_MS, openAt } from '../when/link.ts';
import { hostsOf, type LoginRecord } from '../../records/login.ts';

export interface LinkPorts {
  vault: Pick<Vault, 'logins' | 'token'>;
  clock: Clock;
  /** Whether the browser lets the extension call that host now. */
  mayCall: (host: string) => Promise<boolean>;
  /** False only when the computer knows that it is offline. */
  onLine: () => boolean;
  open: (url: string, on: SocketListeners) => Socket;
  /** Calls back once after so many ms, unless told not to. */
  after: (ms: number, work: () => void) => () => void;
  /** Takes the news through the keeper; resolves when it is written. */
  tell: (loginId: string, news: LinkNews) => Promise<unknown>;
}

/** The vendor's own sample takes 10 s without a word for a dead socket (facts §4). One that does not come up in them neither. */
const SILENT_MS = 10_000;

/** One login's socket, from the decision to open it until its end has been written. */
interface Line {
  id: string;
  /** When its token was issued: a renewal brings another, and the link follows it (facts, row 19). */
  issuedAt: number;
  heardAt: number;
  notedAt: number;
  over: boolean;
  /** Null until it is up; `noted`: as they were written last. */
  counts: Counts | null;
  noted: Counts | null;
  hangUp: () => void;
}

const issuedAt = ({ session }: LoginRecord) => session?.renewedAt ?? session?.openedAt ?? 0;

/** A call is under way that brings another token; its answer leads here again. */
const changesToken = ({ call }: LoginRecord) => call !== null && call.kind !== 'probe';

/** The live links over the given ports. `follow` opens and closes what the records ask for. */
export function createLinks({ vault, clock, mayCall, onLine, open, after, tell }: LinkPorts) {
  const lines = new Map<string, Line>();
  let stopWaiting = () => {};
  let looking: Promise<void> = Promise.resolve();

  /** One look after the other, so that an older reading never replaces a newer one. */
  function follow(): Promise<void> {
    looking = looking.then(look).catch(() => undefined);
    return looking;
  }

  async function look(): Promise<void> {
    const records = await vault.logins();
    const now = clock.now();
    const wanted = records.filter((record) => openAt(record, now) !== null);
    for (const line of lines.values()) {
      if (!wanted.some(({ id }) => id === line.id)) void lose(line, 'idle');
    }
    const waits = wanted.filter((record) => !attend(record, now) && !changesToken(record));
    stopWaiting();
    // In time while the worker lives; the alarms see to it when it does not.
    if (waits.length > 0) {
      const at = Math.min(...waits.map((record) => openAt(record, now) ?? now));
      stopWaiting = after(at - now, () => void follow());
    }
  }

  /** Whether that login has a line after this. */
  function attend(record: LoginRecord, now: number): boolean {
    const line = lines.get(record.id);
    if (line?.over === false) {
      if (line.issuedAt === issuedAt(record)) check(line);
      else {
        // Two at once would count twice: the old one goes first.
        end(line);
        void begin(record);
      }
    } else if (!line) {
      if (record.link?.up === true) void lose(newLine(record), 'interrupted');
      else if (!changesToken(record) && (openAt(record, now) ?? 0) <= now) void begin(record);
    }
    return lines.has(record.id);
  }

  function newLine(record: LoginRecord): Line {
    const now = clock.now();
    const line: Line = {
      id: record.id,
      issuedAt: issuedAt(record),
      heardAt: now,
      notedAt: now,
      over: false,
      counts: null,
      noted: null,
      hangUp: () => {},
    };
    lines.set(line.id, line);
    return line;
  }

  async function begin(record: LoginRecord): Promise<void> {
    const line = newLine(record);
    try {
      const token = await vault.token(line.id);
      // The one other door that a token leaves by: only to the broker's hosts, and while the person allows them.
      const hosts = hostsOf(record);
      const may = await Promise.all(hosts.map(mayCall));
      const host = hosts.find((_, index) => may[index]);
      if (!token || host === undefined) await lose(line, 'barred');
      else if (!line.over) connect(line, host, token.accessToken);
    } catch {
      // The next wake-up tries again.
      end(line);
    }
  }

  function connect(line: Line, host: string, accessToken: string): void {
    let nothing: Loss = 'unreachable';
    const socket = open(socketUrl(host), {
      text: (text) => {
        nothing = 'closed';
        const heard = hear(text);
        if (typeof heard === 'string') return void lose(line, heard);
        line.counts = heard ?? line.counts;
        if (line.counts === null) return;
        line.heardAt = clock.now();
        if (line.noted === null) note(line);
      },
      closed: () => void lose(line, nothing),
    });
    const hear = converse(accessToken, (text) => socket.send(text));
    const beat = () => {
      socket.send(HEARTBEAT);
      stop = after(HEARTBEAT_MS, beat);
      check(line);
    };
    let stop = after(HEARTBEAT_MS, beat);
    line.hangUp = () => {
      stop();
      socket.close();
    };
  }

  /** Silence is an end too. Changes are written here, so that a busy account is not written at every order. */
  function check(line: Line): void {
    const now = clock.now();
    if (now - line.heardAt > SILENT_MS) void lose(line, 'silent');
    else if (line.counts !== line.noted || now - line.notedAt >= NOTED_EVERY_MS) note(line);
  }

  function note(line: Line): void {
    if (line.counts === null) return;
    line.notedAt = clock.now();
    line.noted = line.counts;
    // What cannot be written is written with the next note.
    tell(line.id, { type: 'heard', counts: line.counts }).catch(() => undefined);
  }

  /** The line stays until its end is written: none is opened before. */
  async function lose(line: Line, why: Loss): Promise<void> {
    if (line.over) return;
    line.over = true;
    line.hangUp();
    const cause = onLine() || why === 'idle' ? why : 'offline';
    const told = await tell(line.id, { type: 'lost', why: cause }).then(
      () => true,
      () => false,
    );
    forget(line);
    // What could not be written is tried again at the next wake-up, not in a tight loop.
    if (told) void follow();
  }

  function end(line: Line): void {
    line.over = true;
    line.hangUp();
    forget(line);
  }

  /** Another may have taken its place. */
  function forget(line: Line): void {
    if (lines.get(line.id) === line) lines.delete(line.id);
  }

  return { follow };
}
