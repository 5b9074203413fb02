/**
 * The one way through the keeper: lock, read, decide, write, act, and feed the outcome back.
 *
 * Everything it touches is handed in. A worker death between any two of its steps leaves a record
 * that tells the next wake-up what to do.
 */
import type { Answer, EditInput, YieldInput } from '../../messages/protocol.ts';
import type { Issued } from '../../tradovate/replies.ts';
import type { Change, Token } from '../../vault/vault.ts';
import { decide } from '../decide/decide.ts';
import type { Answered, KeeperEvent } from '../decide/events.ts';
import type { Effect, Step } from '../decide/step.ts';
import { leftBy } from '../decide/web-login.ts';
import { whatIsDue } from '../when/deadlines.ts';
import type { Outcome } from '../../tradovate/outcome.ts';
import { forecastsAt, pickedAt } from '../status/forecast.ts';
import type { LinkNews } from '../decide/link.ts';
import { hostsOf, type LoginRecord } from '../../records/login.ts';
import { whatToTell } from '../status/notices.ts';
import { callLimit } from '../when/retries.ts';
import type { Ports } from './ports.ts';
import { notNow, refusalOf, refuse } from '../status/refusal.ts';
import type { Settings } from '../../records/settings.ts';
import { wokenUp } from '../status/sleep.ts';
import { isSameUser, looked, mayLook } from '../status/sessions.ts';
import { waysIn, type Run, type SignInBy } from './sign-ins.ts';

export type Keeper = ReturnType<typeof createKeeper>;

/** The keeper over the given ports. */
export function createKeeper(ports: Ports) {
  const { vault, client, clock, random, mayCall, lock } = ports;
  let published: Promise<void> = Promise.resolve();
  let underWay = 0;
  const signingIn = new Set<string>();

  /** One after the other, so that alarms made from an older reading never replace those of a newer one. */
  function publish(): Promise<void> {
    published = published.then(ports.publish, ports.publish);
    return published;
  }

  /** Takes one event through one login. The lock is held until its calls have been answered. */
  async function run(before: LoginRecord, event: KeeperEvent, by?: SignInBy): Promise<Run> {
    const secret = (before.keepsSecret && by?.secret) || undefined;
    let step = await take(before, event, secret);
    const { declined } = step;
    let first: Outcome | null = null;
    for (;;) {
      if (step.effect === null) return { record: step.record, declined, first };
      const answered = await perform(step, step.effect, by);
      const { outcome } = answered;
      first ??= outcome;
      if (step.effect.call === 'refresh' && outcome.kind === 'issued') tellSiblings(step.record);
      step = await take(step.record, answered, secret);
    }
  }

  /** Decides and writes. One login at a time, so that no two of them take the same turn of the budget. */
  async function take(before: LoginRecord, event: KeeperEvent, secret?: string): Promise<Step> {
    const step = await lock('schedule', async () => {
      const { records, settings } = await vault.known();
      const others = records.filter(({ id }) => id !== before.id);
      const next = decide(before, event, {
        ...{ now: clock.now(), random, others, starts: settings.starts },
      });
      const { record, journal, issued } = next;
      if (record !== before) {
        await persist({
          record,
          journal,
          ...(issued ? { token: tokenOf(issued) } : {}),
          ...(issued && secret !== undefined ? { appSecret: secret } : {}),
          ...(issued?.refresh && record.refresh ? { refreshToken: issued.refresh.token } : {}),
        });
      }
      return next;
    });
    if (step.record !== before) await publish();
    return step;
  }

  /** A new token has no second copy: a write that fails for a moment must not lose it. */
  async function persist(change: Change): Promise<void> {
    for (let left = change.token ? 3 : 0; ; left--) {
      try {
        return await vault.write(change);
      } catch (error) {
        if (left === 0) throw error;
      }
    }
  }

  /** Those of `hosts` that the browser does not let Holdfast call. */
  async function deniedOf(hosts: readonly string[]): Promise<string[]> {
    const may = await Promise.all(hosts.map((host) => mayCall(host)));
    return hosts.filter((_, index) => !may[index]);
  }

  /** The first of `hosts` that may be called, and those that may not. */
  async function reach(hosts: readonly string[]) {
    const denied = await deniedOf(hosts);
    return { host: hosts.find((one) => !denied.includes(one)), denied };
  }

  async function perform({ record }: Step, effect: Effect, by?: SignInBy): Promise<Answered> {
    const { host, denied } = await reach(effect.hosts);
    if (host === undefined) return { type: 'answered', outcome: { kind: 'not-permitted' }, denied };
    const outcome = await callHost(host, record, effect, by);
    const news = namedBy(outcome, record).filter((one) => !effect.hosts.includes(one));
    return { type: 'answered', outcome, host, denied: [...denied, ...(await deniedOf(news))] };
  }

  async function callHost(
    host: string,
    record: LoginRecord,
    { call, limitMs }: Effect,
    by: SignInBy | undefined,
  ): Promise<Outcome> {
    if (call === 'sign-in') return by ? by.ask(record, host, limitMs) : { kind: 'interrupted' };
    if (call === 'refresh') {
      return refresh(record, (await vault.appSecret(record.id)) ?? null, { host, limitMs });
    }
    const token = await vault.token(record.id);
    if (!token) return { kind: 'damaged' };
    return client[call === 'renewal' ? 'renew' : 'probe'](host, token.accessToken, limitMs);
  }

  function alone(id: string, event: KeeperEvent): Promise<Run | null> {
    return lock(`login ${id}`, async () => {
      const record = await vault.login(id);
      return record ? run(record, event) : null;
    });
  }

  /** Takes one event through the login `id`, alone. */
  function handle(id: string, event: KeeperEvent): Promise<Run | null> {
    return thenTell(alone(id, event));
  }

  /** The same for what no person has asked: it does not wait for one who is in the broker's window, for minutes. */
  async function pass(id: string, event: KeeperEvent): Promise<void> {
    if (!signingIn.has(id)) await handle(id, event);
    else
      void alone(id, event)
        .then(tell)
        .catch(() => undefined);
  }

  /** Notes that it is awake, and whether it was not for a while. */
  function lookBack(): Promise<void> {
    return lock('awake', async () => {
      const { awake: before, records, settings } = await vault.known();
      const { awake, journal } = wokenUp(before, records, clock.now(), settings.starts);
      if (awake !== before) await vault.setAwake(awake, journal);
    });
  }

  /** What is said of the last sleep names the logins that slept: a removed one is no longer among them. */
  function forgetSleeper(loginId: string): Promise<void> {
    return lock('awake', async () => {
      const awake = await vault.awake();
      if (!awake?.sleep) return;
      const held = awake.sleep.held.filter(({ id }) => id !== loginId);
      await vault.setAwake({ ...awake, sleep: { ...awake.sleep, held } }, []);
    });
  }

  /** What there is to say: noted first, as a notification that comes twice is worse than the badge alone. */
  function tell(): Promise<void> {
    return lock('tell', async () => {
      const known = await vault.known();
      const { notices, notified, journal } = whatToTell(known, clock.now());
      if (notified === known.notified) return;
      await vault.setNotified(notified, journal);
      await publish();
      await Promise.allSettled(notices.map((notice) => ports.notify(notice)));
    });
  }

  /** The last one under way tells of all, so that one cause makes one notification. */
  async function thenTell<T>(work: Promise<T>): Promise<T> {
    underWay++;
    try {
      return await work;
    } finally {
      // Not told now, then at the next wake-up.
      if (--underWay === 0) await tell().catch(() => undefined);
    }
  }

  /** Takes one event through every login. One that fails does not hold up the others. */
  async function handleAll(event: KeeperEvent): Promise<void> {
    // What is said of a sleep must not hold up the keeping.
    await lookBack().catch(() => undefined);
    const { records: all, settings } = await vault.known();
    const records = event.type === 'wake' ? whatIsDue(all, clock.now(), settings.starts) : all;
    const results = await Promise.allSettled(records.map(({ id }) => pass(id, event)));
    // Alarms may have been lost even when nothing was due.
    await publish();
    for (const result of results) {
      if (result.status === 'rejected') throw result.reason;
    }
  }

  /** Most tabs that are closed, and most sign-in forms, had no session in them. */
  async function tabLeft(tabId: number | null, host?: string): Promise<void> {
    const event = { type: 'tab-left' as const, tabId, ...(host === undefined ? {} : { host }) };
    for (const record of await vault.logins()) {
      if (leftBy(record, event)) await pass(record.id, event);
    }
  }

  /**
   * Looks for sessions that were opened elsewhere. Not a step of the keeping: whatever the broker
   * answers says nothing about the session, and a look that is cut off is made again later.
   */
  async function lookForOthers(): Promise<void> {
    const due = (await vault.logins()).filter((record) => mayLook(record, clock.now()));
    await Promise.allSettled(due.map(({ id }) => lock(`login ${id}`, () => look(id))));
  }

  async function look(id: string): Promise<void> {
    const record = await vault.login(id);
    const token = await vault.token(id);
    if (!record || !token || record.userId === null || !mayLook(record, clock.now())) return;
    const { host } = await reach(hostsOf(record));
    if (host === undefined) return;
    const timeLeft = (record.session?.expiresAt ?? 0) - clock.now();
    const limitMs = Math.min(LOOK_LIMIT_MS, callLimit(timeLeft));
    // Written before the call: a worker that dies over it does not come back to it at every start.
    await vault.write({ record: looked(record, null, clock.now(), [record]) });
    const last = await client.lastSession(host, token.accessToken, record.userId, limitMs);
    await vault.write({ record: looked(record, last, clock.now(), await vault.logins()) });
    await publish();
  }

  /** The card waits for none of this: a login's lock may be held by a call. */
  async function noteWarnings(host: string, records: readonly LoginRecord[]): Promise<void> {
    for (const { loginId } of forecastsAt(host, records, clock.now())) {
      await lock(`login ${loginId}`, async () => {
        const [record, now] = [await vault.login(loginId), clock.now()];
        if (!record || Math.abs(now - (record.warnedAt ?? 0)) < WARNED_EVERY_MS) return;
        const line = { at: now, loginId, what: 'warning shown' as const, host };
        await vault.write({ record: { ...record, warnedAt: now }, journal: [line] });
      });
    }
  }

  /** A sign-in may have closed the session that the same user holds in the other environment. */
  function tellSiblings(record: LoginRecord): void {
    void vault
      .logins()
      .then((all) => all.filter((login) => login.id !== record.id && isSameUser(login, record)))
      .then((siblings) =>
        Promise.all(siblings.map(({ id }) => pass(id, { type: 'sibling-signed-in' }))),
      )
      // Not known at once then, but at the next contact.
      .catch(() => undefined);
  }

  /** Not counted as under way: a person may leave the broker's window open for minutes. */
  async function runAlone(...args: Parameters<typeof run>): Promise<Run> {
    const [{ id }] = args;
    signingIn.add(id);
    const done = await run(...args).finally(() => signingIn.delete(id));
    await thenTell(Promise.resolve());
    return done;
  }

  const { refresh, ...byPerson } = waysIn(ports, { run: runAlone, publish, reach, tellSiblings });

  return {
    ...byPerson,

    /** An alarm, a start, the end of a sleep: does what is due. */
    wake: () => thenTell(handleAll({ type: 'wake' })),

    /** The network is back: what failed for want of it is tried at once. */
    online: () => handleAll({ type: 'online' }),

    /** The screen is locked: what can live longer through a sleep is renewed while it can be. */
    leaving: () => handleAll({ type: 'leaving' }),

    /** The browser's permissions have changed, or may have while nobody looked. */
    permissionsChanged: async (): Promise<void> => {
      const records = await vault.logins();
      const denied = await deniedOf([...new Set(records.flatMap(hostsOf))]);
      const news = records.filter((record) =>
        hostsOf(record).some((host) => denied.includes(host) !== record.deniedHosts.includes(host)),
      );
      await Promise.all(news.map(({ id }) => pass(id, { type: 'permissions', denied })));
    },

    /** Renews on a person's click. */
    renewNow: async ({ loginId }: { loginId: string }): Promise<Answer> => {
      const result = await handle(loginId, { type: 'renew-now' });
      if (!result) return refuse('gone');
      if (result.declined) return notNow(result.declined, clock.now());
      const { first } = result;
      return first === null || first.kind === 'issued' || first.kind === 'proven'
        ? OK
        : refusalOf(first, 'renewal', result.record);
    },

    pauseKeeping: ({ loginId }: { loginId: string }): Promise<Answer> =>
      handle(loginId, { type: 'pause' }).then((result) => (result ? OK : refuse('gone'))),

    resumeKeeping: ({ loginId }: { loginId: string }): Promise<Answer> =>
      handle(loginId, { type: 'resume' }).then((result) => (result ? OK : refuse('gone'))),

    /** What the live link of that login came to, or that a person switched it. */
    link: (loginId: string, news: LinkNews): Promise<Answer> =>
      handle(loginId, { type: 'link', news }).then((result) => (result ? OK : refuse('gone'))),

    /** Pauses keeping for 15 minutes, or until the tab of the last web login is left; it resumes by itself. */
    yieldKeeping: async ({ loginId, until }: YieldInput): Promise<Answer> => {
      const record = await vault.login(loginId);
      const open = record?.webSessions.findLast(({ left }) => left !== true);
      const tabId = until === 'tab' ? (open?.tabId ?? null) : null;
      return (await handle(loginId, { type: 'yield', tabId })) ? OK : refuse('gone');
    },

    editLogin: ({ loginId, label, slots, declared }: EditInput): Promise<Answer> =>
      lock(`login ${loginId}`, async () => {
        const record = await vault.login(loginId);
        if (!record) return refuse('gone');
        const journal = [{ at: clock.now(), loginId, what: 'edited' as const }];
        const ledger = { ...record.ledger, declared };
        await vault.write({ record: { ...record, label, slots, ledger }, journal });
        await publish();
        return OK;
      }),

    removeLogin: ({ loginId }: { loginId: string }): Promise<Answer> =>
      lock(`login ${loginId}`, async () => {
        await vault.remove(loginId);
        await forgetSleeper(loginId);
        await publish();
        return OK;
      }),

    editSettings: async (settings: Settings): Promise<Answer> => {
      await vault.setSettings(settings);
      await publish();
      await tell();
      return OK;
    },

    /** A sign-in form is on screen in that tab: the ledger as fresh as it can be for a card. */
    signInFormSeen: async (tabId: number, host: string): Promise<LoginRecord[]> => {
      await tabLeft(tabId, host);
      await lookForOthers();
      const records = await vault.logins();
      void noteWarnings(host, records).catch(() => undefined);
      return records;
    },

    /** The person uses that login at `host`; null: none of which they had said so. */
    pickLogin: async (loginId: string | null, host: string): Promise<LoginRecord[]> => {
      for (const { id, ledger } of await vault.logins()) {
        if (ledger.hosts.includes(host) === (id === loginId)) continue;
        await lock(`login ${id}`, async () => {
          const record = await vault.login(id);
          if (!record) return;
          const others = record.ledger.hosts.filter((other) => other !== host);
          const hosts = id === loginId ? [...others, host].slice(-HOSTS_KEPT) : others;
          await vault.write({ record: { ...record, ledger: { ...record.ledger, hosts } } });
        });
      }
      await publish();
      return vault.logins();
    },

    logins: () => vault.logins(),

    /** That tab is closed; without a number, all are: the browser was. */
    tabLeft,

    /**
     * The broker's page in a tab signed in or renewed. Which login it was is not known, so all are
     * told, with the person's word for that host if there is one.
     */
    webSessionSeen: async (call: 'sign-in' | 'renewal', tabId: number, host: string) => {
      const records = await vault.logins();
      const picked = pickedAt(host, records);
      const told = await Promise.allSettled(
        records.map((record) => {
          const word = picked === undefined ? {} : { meant: isSameUser(record, picked) };
          return pass(record.id, { type: 'web-session', call, tabId, host, ...word });
        }),
      );
      for (const result of told) if (result.status === 'rejected') throw result.reason;
    },
  };
}

const OK: Answer = { ok: true };
/** The broker has a handful of front doors. */
const HOSTS_KEPT = 10;
/** A page can show its form again and again: the journal says it once. */
const WARNED_EVERY_MS = 60 * 60_000;
/** A look holds up nothing that matters, least of all the card that waits for it. */
const LOOK_LIMIT_MS = 3_000;

function tokenOf({ accessToken, mdAccessToken }: Issued): Token {
  return { accessToken, mdAccessToken };
}

/** The host that the broker names for this login in an answer, if it names one. */
function namedBy(outcome: Outcome, { environment }: LoginRecord): string[] {
  if (outcome.kind === 'proven') return [];
  const named = outcome.kind === 'issued' ? outcome.hosts[environment] : outcome.named;
  return named === undefined ? [] : [named];
}
