/**
 * The vault: what is kept of all logins (utils/records), written by the keeper, and the secrets.
 *
 * Sealing happens before a transaction is opened: IndexedDB closes one that waits for anything else.
 */
import { DAY } from '../durations.ts';
import type { IDBPObjectStore } from 'idb';
import { readAwake, type Awake } from '../records/awake.ts';
import { readFailedSignIns, type FailedSignIns } from '../records/failed-sign-ins.ts';
import { readLines, type JournalLine } from '../records/journal.ts';
import type { Known } from '../records/known.ts';
import { readRecord, type LoginRecord } from '../records/login.ts';
import { readNotified, type Notified } from '../records/notified.ts';
import { readSettings, type Settings } from '../records/settings.ts';
import { inOrder, NAME, Records, type Schema } from './database.ts';
import { newSealingKey, seal, unseal, type Sealed } from './seal.ts';

/** How long a line is kept, and how many of one login: a noisy one takes nothing from the others. */
const JOURNAL_MS = 30 * DAY;
const JOURNAL_LINES = 5_000;

type JournalStore = IDBPObjectStore<
  Schema,
  ('logins' | 'secrets' | 'journal')[],
  'journal',
  'readwrite'
>;

/** What is handed to programs: the access token, and the market-data token that comes with it. */
export interface Token {
  accessToken: string;
  mdAccessToken: string | null;
}

function isToken(value: unknown): value is Token {
  const { accessToken, mdAccessToken } = (value ?? {}) as Partial<Token>;
  return (
    typeof accessToken === 'string' && (mdAccessToken === null || typeof mdAccessToken === 'string')
  );
}

/** What one step of the keeper writes: all of it or nothing. */
export interface Change {
  record: LoginRecord;
  journal?: JournalLine[];
  token?: Token;
  appSecret?: string;
  refreshToken?: string;
}

export interface Vault {
  /** All logins, in the order they were added. */
  logins(): Promise<LoginRecord[]>;
  login(id: string): Promise<LoginRecord | undefined>;
  /** Record, journal lines and secrets in one transaction. */
  write(change: Change): Promise<void>;
  /** The login, its secrets and its journal lines leave the disk, and with the last one the sealing key. */
  remove(id: string): Promise<void>;
  /** Undefined when there is none or it cannot be opened any more: the login then asks for a sign-in. */
  token(id: string): Promise<Token | undefined>;
  appSecret(id: string): Promise<string | undefined>;
  refreshToken(id: string): Promise<string | undefined>;
  /** Newest last. */
  journal(id?: string): Promise<JournalLine[]>;
  note(line: JournalLine): Promise<void>;
  /**
   * Made once per installation: the broker asks its user to approve each new device (FACTS.md §2).
   */
  deviceId(): Promise<string>;
  awake(): Promise<Awake | null>;
  setAwake(awake: Awake, journal: JournalLine[]): Promise<void>;
  /** What is kept of failed sign-ins, for all logins together. */
  failedSignIns(): Promise<FailedSignIns>;
  setFailedSignIns(failed: FailedSignIns): Promise<void>;
  setSettings(settings: Settings): Promise<void>;
  /** All that is looked at together: the logins, the settings, what was told, the last sleep. */
  known(): Promise<Known>;
  setNotified(notified: Notified, journal: JournalLine[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens the vault, making it at first use. `name` is for tests. */
export async function openVault(name = NAME): Promise<Vault> {
  const vault = new IndexedDbVault(name);
  await vault.connect();
  return vault;
}

class IndexedDbVault extends Records implements Vault {
  async login(id: string): Promise<LoginRecord | undefined> {
    return readRecord(await (await this.connect()).get('logins', id)) ?? undefined;
  }

  async write({ record, journal = [], token, appSecret, refreshToken }: Change): Promise<void> {
    const key = token || appSecret || refreshToken ? await this.#sealingKey() : undefined;
    const sealed = {
      ...(key && token ? { token: await seal(key, record.id, token) } : {}),
      ...(key && appSecret ? { appSecret: await seal(key, `${record.id}/app`, appSecret) } : {}),
      ...(key && refreshToken
        ? { refresh: await seal(key, `${record.id}/refresh`, refreshToken) }
        : {}),
    };
    const db = await this.connect();
    const tx = db.transaction(['logins', 'secrets', 'journal'], 'readwrite', {
      // On disk before the call that depends on it goes out, even if the machine loses power.
      durability: 'strict',
    });
    const work: Promise<unknown>[] = [tx.objectStore('logins').put(record)];
    if (key) {
      const secrets = tx.objectStore('secrets');
      const before = await secrets.get(record.id);
      work.push(secrets.put({ ...before, loginId: record.id, ...sealed }));
    }
    for (const line of journal) work.push(tx.objectStore('journal').add(line));
    const newest = journal.at(-1);
    if (newest) work.push(this.#trim(tx.objectStore('journal'), newest));
    await Promise.all([...work, tx.done]);
  }

  async remove(id: string): Promise<void> {
    const stores = ['logins', 'secrets', 'keys', 'journal'] as const;
    const tx = (await this.connect()).transaction(stores, 'readwrite', { durability: 'strict' });
    const [logins, lines] = await Promise.all([
      tx.objectStore('logins').getAllKeys(),
      tx.objectStore('journal').index('loginId').getAllKeys(id),
    ]);
    // With the last login its key goes: what the disk still holds of old writes opens no more.
    const last = logins.every((other) => other === id);
    await Promise.all([
      tx.objectStore('logins').delete(id),
      tx.objectStore('secrets').delete(id),
      ...(last ? [tx.objectStore('keys').delete('seal')] : []),
      ...lines.map((key) => tx.objectStore('journal').delete(key)),
      tx.done,
    ]);
  }

  async token(id: string): Promise<Token | undefined> {
    const token = await this.#open(id, (await this.#secrets(id))?.token);
    return isToken(token) ? token : undefined;
  }

  async appSecret(id: string): Promise<string | undefined> {
    const secret = await this.#open(`${id}/app`, (await this.#secrets(id))?.appSecret);
    return typeof secret === 'string' ? secret : undefined;
  }

  async refreshToken(id: string): Promise<string | undefined> {
    const token = await this.#open(`${id}/refresh`, (await this.#secrets(id))?.refresh);
    return typeof token === 'string' ? token : undefined;
  }

  async journal(id?: string): Promise<JournalLine[]> {
    const db = await this.connect();
    return readLines(
      id === undefined
        ? await db.getAll('journal')
        : await db.getAllFromIndex('journal', 'loginId', id),
    );
  }

  async note(line: JournalLine): Promise<void> {
    await this.#tell([line], 'relaxed');
  }

  async deviceId(): Promise<string> {
    const fresh = crypto.randomUUID();
    const tx = (await this.connect()).transaction('settings', 'readwrite');
    const known = await tx.store.get('deviceId');
    const id = typeof known === 'string' ? known : fresh;
    if (id !== known) await tx.store.put(id, 'deviceId');
    await tx.done;
    return id;
  }

  async failedSignIns(): Promise<FailedSignIns> {
    return readFailedSignIns(await (await this.connect()).get('settings', 'signIns'));
  }

  async setFailedSignIns(failed: FailedSignIns): Promise<void> {
    await (await this.connect()).put('settings', failed, 'signIns');
  }

  async setSettings(settings: Settings): Promise<void> {
    await (await this.connect()).put('settings', settings, 'settings');
  }

  async known(): Promise<Known> {
    const tx = (await this.connect()).transaction(['logins', 'settings']);
    const kept = tx.objectStore('settings');
    const [logins, settings, notified, awake] = await Promise.all([
      tx.objectStore('logins').getAll(),
      kept.get('settings'),
      kept.get('told'),
      kept.get('awake'),
    ]);
    return {
      records: inOrder(logins),
      settings: readSettings(settings),
      notified: readNotified(notified),
      awake: readAwake(awake),
    };
  }

  async setAwake(awake: Awake, journal: JournalLine[]): Promise<void> {
    // A power cut may cost these words: no wake-up is to wait for the disk.
    await this.#tell(journal, 'relaxed', { awake });
  }

  async setNotified(notified: Notified, journal: JournalLine[]): Promise<void> {
    await this.#tell(journal, 'strict', { told: notified });
  }

  /** Writes lines beside the records, and what is kept with them. A login that was removed a moment ago is left none. */
  async #tell(
    journal: JournalLine[],
    durability: IDBTransactionDurability,
    kept: { awake?: Awake; told?: Notified } = {},
  ): Promise<void> {
    const db = await this.connect();
    const tx = db.transaction(['settings', 'logins', 'journal'], 'readwrite', { durability });
    const ids = await tx.objectStore('logins').getAllKeys();
    const lines = journal.filter(({ loginId }) => ids.includes(loginId));
    await Promise.all([
      ...Object.entries(kept).map(([name, value]) =>
        tx.objectStore('settings').put(value, name as 'awake' | 'told'),
      ),
      ...lines.map((line) => tx.objectStore('journal').add(line)),
      tx.done,
    ]);
  }

  async #secrets(id: string) {
    return (await this.connect()).get('secrets', id);
  }

  /** A damaged secret is an absent one: the login asks for a sign-in and the others go on. */
  async #open(owner: string, sealed: Sealed | undefined): Promise<unknown> {
    const key = await (await this.connect()).get('keys', 'seal');
    if (!key || !sealed) return undefined;
    return unseal(key, owner, sealed).catch(() => undefined);
  }

  /** Two contexts may come here at once: the first key written is the one that stays. */
  async #sealingKey(): Promise<CryptoKey> {
    const db = await this.connect();
    const known = await db.get('keys', 'seal');
    if (known) return known;
    const fresh = await newSealingKey();
    const tx = db.transaction('keys', 'readwrite');
    const first = await tx.store.get('seal');
    if (!first) await tx.store.put(fresh, 'seal');
    await tx.done;
    return first ?? fresh;
  }

  /** Lines that are older than they are kept go, and the oldest of a login that has too many. */
  async #trim(store: JournalStore, { loginId, at }: JournalLine): Promise<void> {
    let old = await store.openCursor();
    while (old && old.value.at < at - JOURNAL_MS) {
      await old.delete();
      old = await old.continue();
    }
    const index = store.index('loginId');
    let extra = (await index.count(loginId)) - JOURNAL_LINES;
    let own = extra > 0 ? await index.openCursor(loginId) : null;
    for (; own && extra > 0; extra--) {
      await own.delete();
      own = await own.continue();
    }
  }
}
