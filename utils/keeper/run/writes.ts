/**
 * The one way onto the disk. All that is known is read, a pure function says what follows from it,
 * that is written in one transaction and published once. One at a time, so that no two logins take
 * the same turn of the budget, and alarms made from an older reading never replace those of a newer one.
 */
import { SECOND } from '../../durations.ts';
import type { JournalLine } from '../../records/journal.ts';
import type { Known } from '../../records/known.ts';
import type { LoginRecord } from '../../records/login.ts';
import type { Notified } from '../../records/notified.ts';
import type { Settings } from '../../records/settings.ts';
import type { Change } from '../../vault/vault.ts';
import { withoutSleeper, wokenUp } from '../status/sleep.ts';
import type { Ports } from './ports.ts';

/**
 * A token that was just issued has no second copy: its write is tried again after these pauses while
 * its call is waited for, and then every so often, as long as the worker lives.
 */
const PAUSES_MS = [1, 2, 4, 8].map((seconds) => seconds * SECOND);
const LATER_MS = 15 * SECOND;

type Needed = 'vault' | 'clock' | 'lock' | 'publish' | 'after' | 'wait';

export class Writes {
  readonly #ports: Pick<Ports, Needed>;
  #last: Promise<void> = Promise.resolve();
  #published = 0;
  #trying = false;

  constructor(ports: Pick<Ports, Needed>) {
    this.#ports = ports;
  }

  /** How often something was published so far. */
  get published(): number {
    return this.#published;
  }

  /**
   * Writes what `change` makes of the login `id`, and gives that. Nothing is written where it is the
   * same record, or null. The caller holds the login's lock.
   */
  async login<T extends Change>(
    id: string,
    change: (stored: LoginRecord | undefined, known: Known) => T | null,
  ): Promise<T | null> {
    let made: T | null = null;
    const work = this.#alone(async (known) => {
      const stored = known.records.find((record) => record.id === id);
      made = change(stored, known);
      if (made === null || made.record === stored) return null;
      await this.#write(made);
      return { ...known, records: withRecord(known.records, made.record) };
    });
    await work.catch((error: unknown) => this.#catchUp(error));
    return made;
  }

  /** The login leaves the disk, and what is said of the last sleep. */
  async remove(id: string): Promise<void> {
    const { vault } = this.#ports;
    await this.#alone(async (known) => {
      await vault.remove(id);
      const awake = known.awake && withoutSleeper(known.awake, id);
      if (awake !== null && awake !== known.awake) await vault.setAwake(awake, []);
      return { ...known, awake, records: known.records.filter((record) => record.id !== id) };
    });
  }

  async settings(settings: Settings): Promise<void> {
    await this.#alone(async (known) => {
      await this.#ports.vault.setSettings(settings);
      return { ...known, settings };
    });
  }

  /** Notes that the keeper is awake, and gives what is known. A wake-up publishes what it does, or at its end. */
  async awake(): Promise<Known> {
    const { vault, lock } = this.#ports;
    return lock('write', async () => this.#noted(await vault.known()));
  }

  async notified(
    change: (known: Known) => { notified: Notified; journal: JournalLine[] },
  ): Promise<void> {
    await this.#alone(async (known) => {
      const { notified, journal } = change(known);
      if (notified === known.notified) return null;
      await this.#ports.vault.setNotified(notified, journal);
      return { ...known, notified };
    });
  }

  /** Publishes what is known as it is: alarms may have been lost even when nothing was written. */
  async nothing(): Promise<void> {
    await this.#alone((known) => Promise.resolve(known));
  }

  /** `work` writes, and gives what is known then, which is published; null: it has written nothing. */
  async #alone(work: (known: Known) => Promise<Known | null>): Promise<void> {
    const { vault, lock } = this.#ports;
    let published: Promise<void> | undefined;
    await lock('write', async () => {
      const known = await work(await this.#noted(await vault.known()));
      // Put in line while nobody else can write, and waited for when others can.
      if (known !== null) published = this.#publish(known);
    });
    await published;
  }

  /**
   * What is known, after a note that the keeper is awake: what is changed now moves deadlines, and none
   * of the new ones may be called missed. A note that cannot be written holds nothing up.
   */
  async #noted(known: Known): Promise<Known> {
    const { vault, clock } = this.#ports;
    const { records, settings } = known;
    const { awake, journal } = wokenUp(known.awake, records, clock.now(), settings.starts);
    if (awake === known.awake) return known;
    await vault.setAwake(awake, journal).catch(() => undefined);
    return { ...known, awake };
  }

  #publish(known: Known): Promise<void> {
    const publish = async () => {
      await this.#ports.publish(known);
      this.#published++;
    };
    this.#last = this.#last.then(publish, publish);
    return this.#last;
  }

  #write({ record, journal, token, appSecret, refreshToken }: Change): Promise<void> {
    return this.#ports.vault.write({
      record,
      ...(journal && { journal }),
      ...(token && { token }),
      ...(appSecret !== undefined && { appSecret }),
      ...(refreshToken !== undefined && { refreshToken }),
    });
  }

  /**
   * Waits until what is in memory alone is on disk: reading what is known tries it again. Others write
   * meanwhile. When it is given up for now, with `error`, it is tried on later.
   */
  async #catchUp(error: unknown): Promise<void> {
    const { vault, wait } = this.#ports;
    for (const pause of vault.isBehind() ? PAUSES_MS : []) {
      await wait(pause);
      await this.nothing().catch(() => undefined);
      if (!vault.isBehind()) return;
    }
    if (vault.isBehind() && !this.#trying) this.#tryLater();
    throw error;
  }

  /** Publishing shows that the storage cannot be written, which also keeps the worker from falling idle. */
  #tryLater(): void {
    const { vault, after } = this.#ports;
    this.#trying = true;
    after(LATER_MS, () => {
      void this.nothing()
        .catch(() => undefined)
        .then(() => {
          if (vault.isBehind()) this.#tryLater();
          else this.#trying = false;
        });
    });
  }
}

/** In the order in which the vault gives them. */
function withRecord(records: readonly LoginRecord[], record: LoginRecord): LoginRecord[] {
  return [...records.filter(({ id }) => id !== record.id), record].sort(
    (one, other) => one.addedAt - other.addedAt || (one.id < other.id ? -1 : 1),
  );
}
