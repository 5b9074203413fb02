/**
 * The database, and what pages read of it to paint: everything that must outlive the worker is in
 * here, and no secret can be opened with what is in this file. That is for vault.ts.
 *
 * - `logins`: one record per login, no secret in it (schema: utils/records/login.ts). Cleared by removing the login.
 * - `secrets`: sealed token and, if the person asked for it, the sealed secret of the API key or OAuth
 *   app and the refresh token that takes it. Cleared with the login.
 * - `keys`: the sealing key. Cleared with the last login.
 * - `journal`: what happened, bounded in number and age. A login's lines go with it.
 * - `settings`: the device id of this installation, when the keeper was last awake, when sign-ins
 *   failed in the last hour, what the person has set, and what notifications have told. Never cleared.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { readAwake, type Awake } from '../records/awake.ts';
import type { FailedSignIns } from '../records/failed-sign-ins.ts';
import type { JournalLine } from '../records/journal.ts';
import { readRecord, type LoginRecord } from '../records/login.ts';
import type { Notified } from '../records/notified.ts';
import type { Settings } from '../records/settings.ts';
import type { Sealed } from './seal.ts';

export const NAME = 'holdfast';

export interface Schema extends DBSchema {
  logins: { key: string; value: LoginRecord };
  secrets: {
    key: string;
    value: { loginId: string; token?: Sealed; appSecret?: Sealed; refresh?: Sealed };
  };
  keys: { key: 'seal'; value: CryptoKey };
  journal: { key: number; value: JournalLine; indexes: { loginId: string } };
  settings: {
    key: 'deviceId' | 'awake' | 'signIns' | 'settings' | 'told';
    value: string | Awake | FailedSignIns | Settings | Notified;
  };
}

export type Upgrade = (db: IDBPDatabase<Schema>) => void;

/** What each version of the database has that the one before had not, the first version first. */
export const UPGRADES: readonly Upgrade[] = [
  (db) => {
    db.createObjectStore('logins', { keyPath: 'id' });
    db.createObjectStore('secrets', { keyPath: 'loginId' });
    db.createObjectStore('keys');
    db.createObjectStore('journal', { autoIncrement: true }).createIndex('loginId', 'loginId');
    db.createObjectStore('settings');
  },
];

/** Brings a database of version `from` to the newest; 0: there is none yet. What is stored stays. */
export function upgrade(db: IDBPDatabase<Schema>, from: number, upgrades = UPGRADES): void {
  for (const next of upgrades.slice(from)) next(db);
}

/** Opens the database, making it at first use. `name` is for tests. */
export async function openRecords(name = NAME): Promise<Records> {
  const records = new Records(name);
  await records.connect();
  return records;
}

export class Records {
  readonly #name: string;
  #connection: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** The connection, made anew after the browser or a newer version has closed it. */
  connect(): Promise<IDBPDatabase<Schema>> {
    const closed = () => {
      this.#connection = undefined;
    };
    this.#connection ??= opened(this.#name, closed).catch((error: unknown) => {
      closed();
      throw error;
    });
    return this.#connection;
  }

  /** All logins, in the order they were added. */
  async logins(): Promise<LoginRecord[]> {
    const db = await this.connect();
    return inOrder(await db.getAll('logins'));
  }

  /** When the keeper was last awake, and what it slept through; null when that is not known. */
  async awake(): Promise<Awake | null> {
    return readAwake(await this.setting('awake'));
  }

  /** As it was found, to be checked by whoever knows it. */
  async setting(name: 'awake' | 'settings'): Promise<unknown> {
    const db = await this.connect();
    return db.get('settings', name);
  }

  async close(): Promise<void> {
    (await this.#connection)?.close();
    this.#connection = undefined;
  }
}

/** All that can be read of these, in the order they were added. */
export function inOrder(stored: readonly unknown[]): LoginRecord[] {
  const records = stored.map(readRecord).filter((record) => record !== null);
  return records.sort((one, other) => one.addedAt - other.addedAt);
}

async function opened(name: string, closed: () => void): Promise<IDBPDatabase<Schema>> {
  const db = await openDB<Schema>(name, UPGRADES.length, {
    upgrade: (db, from) => upgrade(db, from),
    // An older page that is still open must not hold up a newer worker.
    blocking: () => {
      db.close();
      closed();
    },
    terminated: closed,
  });
  return db;
}
