/**
 * One event through one login, or through all: lock, read, decide, write, act, and feed the outcome
 * back. A worker death between any two of these leaves a record that tells the next wake-up what to do.
 */
import type { LoginRecord } from '../../records/login.ts';
import type { Outcome } from '../../tradovate/outcome.ts';
import type { Issued } from '../../tradovate/replies.ts';
import type { Change } from '../../vault/vault.ts';
import { decide } from '../decide/decide.ts';
import type { KeeperEvent } from '../decide/events.ts';
import type { Step } from '../decide/step.ts';
import type { Declined } from '../status/refusal.ts';
import { isSameUser } from '../status/sessions.ts';
import { whatIsDue } from '../when/deadlines.ts';
import type { Announcer } from './announcer.ts';
import type { Calls, Credentials } from './calls.ts';
import type { Ports } from './ports.ts';
import type { Writes } from './writes.ts';

/** How one run of a login ended: its record, and what its first call came to. */
export interface Run {
  record: LoginRecord;
  declined: Declined | null;
  first: Outcome | null;
}

export class Steps {
  readonly #ports: Ports;
  readonly #writes: Writes;
  readonly #calls: Calls;
  readonly #announcer: Announcer;
  /** Logins of which a person is in the broker's window. */
  readonly #signingIn = new Set<string>();

  constructor(ports: Ports, writes: Writes, calls: Calls, announcer: Announcer) {
    this.#ports = ports;
    this.#writes = writes;
    this.#calls = calls;
    this.#announcer = announcer;
  }

  /** Takes one event through the login `id`, alone; null when it is gone. */
  handle(id: string, event: KeeperEvent): Promise<Run | null> {
    return this.#announcer.after(this.#alone(id, event));
  }

  /** The same for what no person has asked: it does not wait for one who is in the broker's window, for minutes. */
  async pass(id: string, event: KeeperEvent): Promise<void> {
    if (!this.#signingIn.has(id)) await this.handle(id, event);
    else
      void this.#alone(id, event)
        .then(() => this.#announcer.tell())
        .catch(() => undefined);
  }

  /** Takes one event through every login. One that fails does not hold up the others. */
  async handleAll(event: KeeperEvent): Promise<void> {
    const { published } = this.#writes;
    const { clock } = this.#ports;
    const { records: all, settings } = await this.#writes.awake();
    const records = event.type === 'wake' ? whatIsDue(all, clock.now(), settings.starts) : all;
    const results = await Promise.allSettled(records.map(({ id }) => this.pass(id, event)));
    if (this.#writes.published === published) await this.#writes.nothing();
    for (const result of results) {
      if (result.status === 'rejected') throw result.reason;
    }
  }

  /**
   * Signs in with what the person gave; the caller holds the login's lock. Not counted as under way:
   * a person may leave the broker's window open for minutes.
   */
  signIn(record: LoginRecord, by: Credentials): Promise<Run> {
    return this.#byPerson(record, { type: 'sign-in' }, by);
  }

  /** Keeps a session whose token the broker has just accepted; the caller holds the login's lock. */
  takeOver(record: LoginRecord, token: Issued, host: string): Promise<Run> {
    return this.#byPerson(record, { type: 'taken-over', token, host });
  }

  /** A sign-in may have closed the session that the same user holds in the other environment. */
  tellSiblings(record: LoginRecord): void {
    this.tellOthers(record, (other) => isSameUser(other, record));
  }

  /** A sign-in of `record` has opened a session of another user's, it seems: who `may` have lost one to it is asked. */
  tellOthers({ id: own }: LoginRecord, may: (other: LoginRecord) => boolean): void {
    void this.#ports.vault
      .logins()
      .then((all) => all.filter((login) => login.id !== own && may(login)))
      .then((told) =>
        Promise.all(told.map(({ id }) => this.pass(id, { type: 'sibling-signed-in' }))),
      )
      // Not known at once then, but at the next contact.
      .catch(() => undefined);
  }

  /** A renewal that was answered with the token of another user: what became of that one's session? */
  #tellStranger(record: LoginRecord, { userId }: Issued): void {
    if (userId === null || userId === record.userId) return;
    this.tellOthers(record, (other) => other.userId === userId);
  }

  async #byPerson(before: LoginRecord, event: KeeperEvent, by?: Credentials): Promise<Run> {
    const { id } = before;
    this.#signingIn.add(id);
    const run = await this.#run(id, event, { before, by }).finally(() =>
      this.#signingIn.delete(id),
    );
    await this.#announcer.after(Promise.resolve());
    return run ?? { record: before, declined: null, first: null };
  }

  #alone(id: string, event: KeeperEvent): Promise<Run | null> {
    return this.#ports.lock(`login ${id}`, () => this.#run(id, event));
  }

  async #run(id: string, event: KeeperEvent, { before, by }: Beginning = {}): Promise<Run | null> {
    const begun = await this.#take(id, event, { before, by });
    let first: Outcome | null = null;
    for (let step = begun; step !== null;) {
      const { record, effect } = step;
      if (effect === null) return { record, declined: begun?.declined ?? null, first };
      const answered = await this.#calls.make(record, effect, by);
      const { outcome } = answered;
      first ??= outcome;
      if (effect.call === 'refresh' && outcome.kind === 'issued') this.tellSiblings(record);
      if (effect.call === 'renewal' && outcome.kind === 'issued')
        this.#tellStranger(record, outcome);
      step = await this.#take(id, answered, { by });
    }
    return null;
  }

  /** Decides and writes. */
  #take(id: string, event: KeeperEvent, { before, by }: Beginning): Promise<Step | null> {
    const { clock, random } = this.#ports;
    return this.#writes.login(id, (stored, known) => {
      const record = before ?? stored;
      if (record === undefined) return null;
      const others = known.records.filter((other) => other.id !== id);
      const { starts } = known.settings;
      const step = decide(record, event, { now: clock.now(), random, others, starts });
      return { ...step, ...secretsOf(step, by) };
    });
  }
}

interface Beginning {
  /** Where it is not as it is on disk: a login that is new here is not there yet. */
  before?: LoginRecord | undefined;
  by?: Credentials | undefined;
}

/** What is sealed with a token that was just issued. */
function secretsOf({ record, issued }: Step, by: Credentials | undefined): Partial<Change> {
  if (issued === null) return {};
  const { accessToken, mdAccessToken, refresh } = issued;
  return {
    token: { accessToken, mdAccessToken },
    ...(record.keepsSecret && by?.secret ? { appSecret: by.secret } : {}),
    ...(refresh && record.refresh ? { refreshToken: refresh.token } : {}),
  };
}
