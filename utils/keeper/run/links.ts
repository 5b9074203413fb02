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

/**
 * The vendor's own sample takes a socket for dead after 10 s without a word (FACTS.md §4): one that
 * has not come up by then too.
 */
const SILENT_MS = 10_000;

/** One login's socket, from the decision to open it until its end has been written. */
interface Connection {
  id: string;
  /**
   * When its token was issued: a renewal brings another, and the link follows it (FACTS.md row 19).
   */
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
export class Links {
  readonly #ports: LinkPorts;
  readonly #connections = new Map<string, Connection>();
  #stopWaiting = () => {};
  #looking: Promise<void> = Promise.resolve();
  /** Looks that have been asked for and are not done. */
  #looks = 0;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
  }

  /**
   * One look after the other, so that an older reading never replaces a newer one. `known` are the
   * records as they were written last: where they ask for no link, nothing has to be read.
   */
  follow(known?: readonly LoginRecord[]): Promise<void> {
    const none = this.#connections.size === 0 && this.#looks === 0;
    if (none && known?.every(({ link }) => link === null)) return Promise.resolve();
    this.#looks++;
    this.#looking = this.#looking
      .then(() => this.#look())
      .catch(() => undefined)
      .finally(() => this.#looks--);
    return this.#looking;
  }

  async #look(): Promise<void> {
    const records = await this.#ports.vault.logins();
    const now = this.#ports.clock.now();
    const wanted = records.filter((record) => openAt(record, now) !== null);
    for (const connection of this.#connections.values()) {
      if (!wanted.some(({ id }) => id === connection.id)) void this.#lose(connection, 'idle');
    }
    const waits = wanted.filter((record) => !this.#attend(record, now) && !changesToken(record));
    this.#stopWaiting();
    // In time while the worker lives; the alarms see to it when it does not.
    if (waits.length > 0) {
      const at = Math.min(...waits.map((record) => openAt(record, now) ?? now));
      this.#stopWaiting = this.#ports.after(at - now, () => void this.follow());
    }
  }

  /** Whether that login has a connection after this. */
  #attend(record: LoginRecord, now: number): boolean {
    const connection = this.#connections.get(record.id);
    if (connection?.over === false) {
      if (connection.issuedAt === issuedAt(record)) this.#check(connection);
      else {
        // Two at once would count twice: the old one goes first.
        this.#end(connection);
        void this.#begin(record);
      }
    } else if (!connection) {
      if (record.link?.up === true) void this.#lose(this.#newConnection(record), 'interrupted');
      else if (!changesToken(record) && (openAt(record, now) ?? 0) <= now) void this.#begin(record);
    }
    return this.#connections.has(record.id);
  }

  #newConnection(record: LoginRecord): Connection {
    const now = this.#ports.clock.now();
    const connection: Connection = {
      id: record.id,
      issuedAt: issuedAt(record),
      heardAt: now,
      notedAt: now,
      over: false,
      counts: null,
      noted: null,
      hangUp: () => {},
    };
    this.#connections.set(connection.id, connection);
    return connection;
  }

  async #begin(record: LoginRecord): Promise<void> {
    const connection = this.#newConnection(record);
    try {
      const token = await this.#ports.vault.token(connection.id);
      // The one other door that a token leaves by: only to the broker's hosts, and while the person allows them.
      const hosts = hostsOf(record);
      const may = await Promise.all(hosts.map((one) => this.#ports.mayCall(one)));
      const host = hosts.find((_, index) => may[index]);
      if (!token || host === undefined) await this.#lose(connection, 'barred');
      else if (!connection.over) this.#connect(connection, host, token.accessToken);
    } catch {
      // The next wake-up tries again.
      this.#end(connection);
    }
  }

  #connect(connection: Connection, host: string, accessToken: string): void {
    let nothing: Loss = 'unreachable';
    const socket = this.#ports.open(socketUrl(host), {
      text: (text) => {
        nothing = 'closed';
        const heard = hear(text);
        if (typeof heard === 'string') return void this.#lose(connection, heard);
        connection.counts = heard ?? connection.counts;
        if (connection.counts === null) return;
        connection.heardAt = this.#ports.clock.now();
        if (connection.noted === null) this.#note(connection);
      },
      closed: () => void this.#lose(connection, nothing),
    });
    const hear = converse(accessToken, (text) => socket.send(text));
    const beat = () => {
      socket.send(HEARTBEAT);
      stop = this.#ports.after(HEARTBEAT_MS, beat);
      this.#check(connection);
    };
    let stop = this.#ports.after(HEARTBEAT_MS, beat);
    connection.hangUp = () => {
      stop();
      socket.close();
    };
  }

  /** Silence is an end too. Changes are written here, so that a busy account is not written at every order. */
  #check(connection: Connection): void {
    const now = this.#ports.clock.now();
    if (now - connection.heardAt > SILENT_MS) void this.#lose(connection, 'silent');
    else if (connection.counts !== connection.noted || now - connection.notedAt >= NOTED_EVERY_MS)
      this.#note(connection);
  }

  #note(connection: Connection): void {
    if (connection.counts === null) return;
    connection.notedAt = this.#ports.clock.now();
    connection.noted = connection.counts;
    // What cannot be written is written with the next note.
    this.#ports
      .tell(connection.id, { type: 'heard', counts: connection.counts })
      .catch(() => undefined);
  }

  /** The connection stays until its end is written: none is opened before. */
  async #lose(connection: Connection, why: Loss): Promise<void> {
    if (connection.over) return;
    connection.over = true;
    connection.hangUp();
    const cause = this.#ports.onLine() || why === 'idle' ? why : 'offline';
    const told = await this.#ports.tell(connection.id, { type: 'lost', why: cause }).then(
      () => true,
      () => false,
    );
    this.#forget(connection);
    // What could not be written is tried again at the next wake-up, not in a tight loop.
    if (told) void this.follow();
  }

  #end(connection: Connection): void {
    connection.over = true;
    connection.hangUp();
    this.#forget(connection);
  }

  /** Another may have taken its place. */
  #forget(connection: Connection): void {
    if (this.#connections.get(connection.id) === connection)
      this.#connections.delete(connection.id);
  }
}
