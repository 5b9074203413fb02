/**
 * The vault's interface without a disk: IndexedDB in Node would take most of the benchmark's time.
 * bench.test.ts proves that the keeper behaves the same over it.
 */
import { NO_FAILED_SIGN_INS, type FailedSignIns } from '../../utils/records/failed-sign-ins.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import type { JournalLine } from '../../utils/records/journal.ts';
import { readNotified, type Notified } from '../../utils/records/notified.ts';
import type { Known } from '../../utils/records/known.ts';
import { DEFAULTS, type Settings } from '../../utils/records/settings.ts';
import type { Awake } from '../../utils/records/awake.ts';
import type { Change, Token, Vault } from '../../utils/vault/vault.ts';

/** Opens one shared vault, as every boot of a worker opens the same database. */
export function memoryVault(): () => Promise<Vault> {
  const vault = new MemoryVault();
  return () => Promise.resolve(vault);
}

class MemoryVault implements Vault {
  readonly #logins = new Map<string, LoginRecord>();
  readonly #tokens = new Map<string, Token>();
  readonly #appSecrets = new Map<string, string>();
  #journal: JournalLine[] = [];
  #awake: Awake | null = null;
  #settings = DEFAULTS;
  #notified = readNotified(undefined);

  logins(): Promise<LoginRecord[]> {
    return Promise.resolve(
      [...this.#logins.values()].sort((one, other) => one.addedAt - other.addedAt),
    );
  }

  login(id: string): Promise<LoginRecord | undefined> {
    return Promise.resolve(this.#logins.get(id));
  }

  write({ record, journal = [], token, appSecret }: Change): Promise<void> {
    // A record that comes off a disk is a copy: frozen, it is as safe to hand out.
    this.#logins.set(record.id, frozen(record));
    if (token) this.#tokens.set(record.id, { ...token });
    if (appSecret !== undefined) this.#appSecrets.set(record.id, appSecret);
    this.#journal.push(...journal);
    return Promise.resolve();
  }

  remove(id: string): Promise<void> {
    this.#logins.delete(id);
    this.#tokens.delete(id);
    this.#appSecrets.delete(id);
    this.#journal = this.#journal.filter(({ loginId }) => loginId !== id);
    return Promise.resolve();
  }

  token(id: string): Promise<Token | undefined> {
    return Promise.resolve(this.#tokens.get(id));
  }

  failedSignIns(): Promise<FailedSignIns> {
    return Promise.resolve(NO_FAILED_SIGN_INS);
  }

  setFailedSignIns(): Promise<void> {
    return Promise.resolve();
  }

  refreshToken(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  appSecret(id: string): Promise<string | undefined> {
    return Promise.resolve(this.#appSecrets.get(id));
  }

  journal(id?: string): Promise<JournalLine[]> {
    return Promise.resolve(
      this.#journal.filter(({ loginId }) => id === undefined || loginId === id),
    );
  }

  note(line: JournalLine): Promise<void> {
    this.#journal.push(line);
    return Promise.resolve();
  }

  deviceId(): Promise<string> {
    return Promise.resolve('made-up-device');
  }

  awake(): Promise<Awake | null> {
    return Promise.resolve(this.#awake);
  }

  setAwake(awake: Awake, journal: JournalLine[]): Promise<void> {
    this.#awake = frozen(awake);
    this.#journal.push(...journal);
    return Promise.resolve();
  }

  setSettings(settings: Settings): Promise<void> {
    this.#settings = frozen(settings);
    return Promise.resolve();
  }

  async known(): Promise<Known> {
    const [records, settings, awake] = [await this.logins(), this.#settings, this.#awake];
    return { records, settings, awake, notified: this.#notified };
  }

  setNotified(notified: Notified, journal: JournalLine[]): Promise<void> {
    this.#notified = frozen(notified);
    this.#journal.push(...journal);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}
