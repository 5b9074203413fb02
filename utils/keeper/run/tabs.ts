/** What is seen in the broker's tabs: sign-in forms, web logins, tabs that are left. */
import { hostsOf, type LoginRecord, type WebCall } from '../../records/login.ts';
import { looked, looking, picked, warned } from '../decide/notes.ts';
import { leftBy } from '../decide/web-login.ts';
import { forecastsAt, likelyFirst, pickedAt } from '../status/forecast.ts';
import { isSameUser, mayLook } from '../status/sessions.ts';
import { callLimit } from '../when/retries.ts';
import type { Calls } from './calls.ts';
import type { Ports } from './ports.ts';
import type { Steps } from './steps.ts';
import type { Writes } from './writes.ts';

/** A look holds up nothing that matters, least of all the card that waits for it. */
const LOOK_LIMIT_MS = 3_000;

export class Tabs {
  readonly #ports: Ports;
  readonly #writes: Writes;
  readonly #calls: Calls;
  readonly #steps: Steps;

  constructor(ports: Ports, writes: Writes, calls: Calls, steps: Steps) {
    this.#ports = ports;
    this.#writes = writes;
    this.#calls = calls;
    this.#steps = steps;
  }

  /** A sign-in form is on screen in that tab: the ledger as fresh as it can be for a card. */
  async signInFormSeen(tabId: number, host: string): Promise<LoginRecord[]> {
    await this.tabLeft(tabId, host);
    await this.#lookForOthers();
    const records = await this.#ports.vault.logins();
    void this.#noteWarnings(host, records).catch(() => undefined);
    return records;
  }

  /** The person uses that login at `host`; null: none of which they had said so. */
  async pickLogin(loginId: string | null, host: string): Promise<LoginRecord[]> {
    const { vault, lock } = this.#ports;
    for (const { id, ledger } of await vault.logins()) {
      if (ledger.hosts.includes(host) === (id === loginId)) continue;
      await lock(`login ${id}`, () =>
        this.#writes.login(id, (stored) => (stored ? picked(stored, host, id === loginId) : null)),
      );
    }
    return vault.logins();
  }

  /** Most tabs that are closed, and most sign-in forms, had no session in them. */
  async tabLeft(tabId: number | null, host?: string): Promise<void> {
    const event = { type: 'tab-left' as const, tabId, ...(host === undefined ? {} : { host }) };
    for (const record of await this.#ports.vault.logins()) {
      if (leftBy(record, event)) await this.#steps.pass(record.id, event);
    }
  }

  /**
   * The broker's page in a tab signed in or renewed. Which login it was is not known, so all are
   * told, with the person's word for that host if there is one; who is told first is asked first.
   */
  async webSessionSeen(call: WebCall, tabId: number, host: string): Promise<void> {
    const { vault, clock } = this.#ports;
    const records = likelyFirst(host, await vault.logins(), clock.now());
    const user = pickedAt(host, records);
    const told = await Promise.allSettled(
      records.map((record) => {
        const word = user === undefined ? {} : { meant: isSameUser(record, user) };
        return this.#steps.pass(record.id, { type: 'web-session', call, tabId, host, ...word });
      }),
    );
    for (const result of told) if (result.status === 'rejected') throw result.reason;
  }

  /**
   * Looks for sessions that were opened elsewhere. Not a step of the keeping: whatever the broker
   * answers says nothing about the session, and a look that is cut off is made again later.
   */
  async #lookForOthers(): Promise<void> {
    const { vault, clock, lock } = this.#ports;
    const due = (await vault.logins()).filter((record) => mayLook(record, clock.now()));
    await Promise.allSettled(due.map(({ id }) => lock(`login ${id}`, () => this.#look(id))));
  }

  async #look(id: string): Promise<void> {
    const { vault, clock } = this.#ports;
    const record = await vault.login(id);
    const token = await vault.token(id);
    if (!record || !token || record.userId === null || !mayLook(record, clock.now())) return;
    const { host } = await this.#calls.reach(hostsOf(record));
    if (host === undefined) return;
    const timeLeft = (record.session?.expiresAt ?? 0) - clock.now();
    const limitMs = Math.min(LOOK_LIMIT_MS, callLimit(timeLeft));
    // Written before the call: a worker that dies over it does not come back to it at every start.
    await this.#writes.login(id, (stored) => (stored ? looking(stored, clock.now()) : null));
    const { accessToken } = token;
    const last = await this.#ports.client.lastSession(host, accessToken, record.userId, limitMs);
    await this.#writes.login(id, (stored, { records }) =>
      stored ? looked(stored, last, clock.now(), records) : null,
    );
  }

  /** The card waits for none of this: a login's lock may be held by a call. */
  async #noteWarnings(host: string, records: readonly LoginRecord[]): Promise<void> {
    const { clock, lock } = this.#ports;
    for (const { loginId } of forecastsAt(host, records, clock.now())) {
      await lock(`login ${loginId}`, () =>
        this.#writes.login(loginId, (stored) =>
          stored ? warned(stored, host, clock.now()) : null,
        ),
      );
    }
  }
}
