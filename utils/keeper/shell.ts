/**
 * The one way through the keeper: lock, read, decide, write, act, and feed the outcome back.
 *
 * Everything it touches is handed in. A worker death between any two of its steps leaves a record
 * that tells the next wake-up what to do.
 */
import type { Client, Grant, SignIn } from '../tradovate/client.ts';
import type {
  Answer,
  EditInput,
  Field,
  OAuthAgainInput,
  OAuthInput,
  ReconnectInput,
  Refusal,
  SignInInput,
  TakeOverAgainInput,
  TakeOverInput,
  YieldInput,
} from '../messages.ts';
import type { Failure, FailureKind } from '../tradovate/failure.ts';
import { KNOWN_HOSTS } from '../tradovate/hosts.ts';
import { authorizeUrl, readRedirect } from '../tradovate/oauth.ts';
import { readPasted, type Pasted } from '../tradovate/pasted.ts';
import type { Issued } from '../tradovate/replies.ts';
import type { Clock } from '../platform/clock.ts';
import type { Change, Token, Vault } from '../vault/vault.ts';
import { describeFailure } from './cause.ts';
import {
  decide,
  type Answered,
  leftBy,
  type Effect,
  type KeeperEvent,
  type Outcome,
  type Refused,
  type Step,
  whatIsDue,
} from './decide.ts';
import { pickedAt } from './forecast.ts';
import { hasLiveSession, hostsOf, newLogin, type LoginRecord } from './login.ts';
import { isUntold, noticeOf, type Notice } from './notice.ts';
import { callLimit } from './plan.ts';
import { ALLOWED } from './schedule.ts';
import { afterSignIn, FAILED_SIGN_INS, heldBack, waitAsked } from './sign-in-limit.ts';
import { describeSignIn } from './sign-in-words.ts';
import { wokenUp } from './sleep.ts';
import { isSameUser, looked, mayLook } from './slots.ts';
import { standing } from './standing.ts';

export interface Ports {
  vault: Vault;
  client: Client;
  clock: Clock;
  random: () => number;
  newId: () => string;
  /** Where the broker's page leads back to, as it is to be registered. */
  redirectUri: () => string;
  /** Shows the broker's page to a person, or only asks it when not interactive; gives the address it led back to. */
  authorize: (
    url: string,
    how: { interactive: boolean; limitMs: number },
  ) => Promise<{ address: string } | Failure>;
  /** Whether the browser lets the extension call that host now. */
  mayCall: (host: string) => Promise<boolean>;
  /** Runs `work` alone among all with the same name, in every context of the extension; freed when the holder dies. */
  lock: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Something was written: alarms, badge and open pages follow. */
  publish: () => Promise<void>;
  /** Says that outside the extension's pages. */
  notify: (notice: Notice) => Promise<void>;
}

/** What is known for the length of one sign-in and stored nowhere. */
type Credentials = ByKey | ByOAuth;

interface ByKey extends Pick<SignIn, 'password' | 'secret'> {
  by: 'key';
  ticket?: string | undefined;
}

interface ByOAuth {
  by: 'oauth';
  secret: string;
  /** For a login that is here: without a window if it can be. */
  again: boolean;
}

/** How one run of a login ended: its record, and what its first call came to. */
interface Run {
  record: LoginRecord;
  refused: Refused | null;
  first: Outcome | null;
}

export type Keeper = ReturnType<typeof createKeeper>;

/** The keeper over the given ports. */
export function createKeeper(ports: Ports) {
  const { vault, client, clock, random, newId, mayCall, lock, authorize, redirectUri } = ports;
  let published: Promise<void> = Promise.resolve();

  /** One after the other, so that alarms made from an older reading never replace those of a newer one. */
  function publish(): Promise<void> {
    published = published.then(ports.publish, ports.publish);
    return published;
  }

  /** Takes one event through one login. The lock is held until its calls have been answered. */
  async function run(
    before: LoginRecord,
    event: KeeperEvent,
    credentials?: Credentials,
    keepSecret = false,
  ): Promise<Run> {
    const secret = keepSecret ? credentials?.secret : undefined;
    let step = await take(before, event, secret);
    const { refused } = step;
    let first: Outcome | null = null;
    for (;;) {
      if (step.effect === null) return { record: step.record, refused, first };
      const answered = await perform(step, step.effect, credentials);
      const { outcome } = answered;
      first ??= outcome;
      if (step.effect.call === 'refresh' && outcome.kind === 'issued') tellSiblings(step.record);
      step = await take(step.record, answered, secret);
    }
  }

  /** Decides and writes. One login at a time, so that no two of them take the same turn of the budget. */
  async function take(before: LoginRecord, event: KeeperEvent, secret?: string): Promise<Step> {
    const step = await lock('schedule', async () => {
      const others = (await vault.logins()).filter(({ id }) => id !== before.id);
      const next = decide(before, event, clock.now(), random, others);
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

  /** Asks the first host that may be called. */
  async function perform(
    { record }: Step,
    effect: Effect,
    credentials: Credentials | undefined,
  ): Promise<Answered> {
    const denied = await deniedOf(effect.hosts);
    const host = effect.hosts.find((one) => !denied.includes(one));
    if (host === undefined) return { type: 'answered', outcome: { kind: 'not-permitted' }, denied };
    const outcome = await callHost(host, record, effect, credentials);
    const news = namedBy(outcome, record).filter((one) => !effect.hosts.includes(one));
    return { type: 'answered', outcome, host, denied: [...denied, ...(await deniedOf(news))] };
  }

  async function callHost(
    host: string,
    record: LoginRecord,
    { call, limitMs }: Effect,
    credentials: Credentials | undefined,
  ): Promise<Outcome> {
    if (call === 'sign-in') {
      if (!credentials) return { kind: 'interrupted' };
      return credentials.by === 'oauth'
        ? signInByOAuth(record, credentials, host, limitMs)
        : signInByKey(record, credentials, host, limitMs);
    }
    if (call === 'refresh') return refresh(record, await vault.appSecret(record.id), host, limitMs);
    const token = await vault.token(record.id);
    if (!token) return { kind: 'damaged' };
    return client[call === 'renewal' ? 'renew' : 'probe'](host, token.accessToken, limitMs);
  }

  async function signInByKey(
    { app, userName }: LoginRecord,
    { password, secret, ticket }: ByKey,
    host: string,
    limitMs: number,
  ): Promise<Issued | Failure> {
    const login: SignIn = {
      ...app,
      userName,
      deviceId: await vault.deviceId(),
      password,
      secret,
      ...(ticket === undefined ? {} : { ticket }),
    };
    return client.signIn(host, login, limitMs);
  }

  /** The shortest way first: a refresh token, the broker's memory of this browser, and only then a window. */
  async function signInByOAuth(
    record: LoginRecord,
    { secret, again }: ByOAuth,
    host: string,
    limitMs: number,
  ): Promise<Issued | Failure> {
    const ways = [
      () => refresh(record, secret, host, callLimit(Infinity)),
      () => inWindow(record, secret, host, { interactive: false, limitMs: callLimit(Infinity) }),
    ];
    for (const way of again ? ways : []) {
      const outcome = await way();
      if (!NEEDS_WINDOW.includes(outcome.kind)) return outcome;
    }
    return inWindow(record, secret, host, { interactive: true, limitMs });
  }

  /** Redeems the refresh token, which works once: the next one is written down before anything is asked with it. */
  async function refresh(
    record: LoginRecord,
    secret: string | undefined,
    host: string,
    limitMs: number,
  ): Promise<Issued | Failure> {
    const held = record.refresh !== null && clock.now() < record.refresh.until;
    const refreshToken = held ? await vault.refreshToken(record.id) : undefined;
    if (refreshToken === undefined || secret === undefined) return { kind: 'damaged' };
    return client.redeem(host, { clientId: record.app.cid, secret, refreshToken }, limitMs);
  }

  /** A sign-in on the broker's own page, and the exchange of the code that it gave. */
  async function inWindow(
    record: LoginRecord,
    secret: string,
    host: string,
    how: { interactive: boolean; limitMs: number },
  ): Promise<Issued | Failure> {
    const clientId = record.app.cid;
    const asked = { redirectUri: redirectUri(), state: newId() };
    const landed = await authorize(authorizeUrl(record.brand, { clientId, ...asked }), how);
    if ('kind' in landed) return landed;
    const answer = readRedirect(landed.address, asked);
    if ('kind' in answer) return answer;
    const grant: Grant = { clientId, secret, code: answer.code, redirectUri: asked.redirectUri };
    const token = await client.redeem(host, grant, callLimit(Infinity));
    return token.kind === 'issued' ? identified(record, token) : token;
  }

  /**
   * The browser may be signed in at the broker as anybody: a token of another user must not get into
   * this login. Where the broker does not say whose it is (facts, row 22), it is taken as it was asked for.
   */
  async function identified(record: LoginRecord, token: Issued): Promise<Issued | Failure> {
    const who = await client.whoIs(KNOWN_HOSTS.live, token.accessToken, callLimit(Infinity));
    if (who.kind !== 'identity') return token;
    const { name: userName, userId } = who;
    const others = (await vault.logins()).filter(({ id }) => id !== record.id);
    const { environment } = record;
    const isNew = record.session === null && record.userId === null;
    const isSameId = userId !== null && userId === record.userId;
    const isOther = isNew
      ? others.some((login) => isSame(login, { userName, environment }))
      : !isSameId && !isSameUser(record, { userName });
    return isOther ? { kind: 'other-user', said: userName } : { ...token, userName, userId };
  }

  /** Takes one event through the login `id`, alone. */
  function handle(id: string, event: KeeperEvent): Promise<Run | null> {
    return lock(`login ${id}`, async () => {
      const record = await vault.login(id);
      if (!record) return null;
      const done = await run(record, event);
      await tellLoss(done.record);
      return done;
    });
  }

  /** Notes that it is awake, and whether it was not for a while. */
  function lookBack(): Promise<void> {
    return lock('awake', async () => {
      const [before, records] = await Promise.all([vault.awake(), vault.logins()]);
      const { awake, journal } = wokenUp(before, records, clock.now());
      if (awake !== before) await vault.setAwake(awake, journal);
    });
  }

  /** Once for each loss: noted first, as a notification that comes twice is worse than the badge alone. */
  async function tellLoss(record: LoginRecord): Promise<void> {
    if (!isUntold(record)) return;
    const now = clock.now();
    const notice = noticeOf(record, now);
    const toldAt = record.lastWebLogin?.at ?? null;
    const told = [{ at: now, loginId: record.id, what: 'loss told' as const }];
    await vault.write({ record: { ...record, toldAt }, journal: notice ? told : [] });
    if (notice !== null) await ports.notify(notice).catch(() => undefined);
  }

  /** Takes one event through every login. One that fails does not hold up the others. */
  async function handleAll(event: KeeperEvent): Promise<void> {
    // What is said of a sleep must not hold up the keeping.
    await lookBack().catch(() => undefined);
    const all = await vault.logins();
    const records = event.type === 'wake' ? whatIsDue(all, clock.now()) : all;
    const results = await Promise.allSettled(records.map(({ id }) => handle(id, event)));
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
      if (leftBy(record, event)) await handle(record.id, event);
    }
  }

  /**
   * Looks for sessions that were opened elsewhere. Not a step of the keeping: whatever the broker
   * answers says nothing about the session, and a look that is cut off is made again later.
   */
  async function lookForOthers(atForm: boolean): Promise<void> {
    const due = (await vault.logins()).filter((record) => mayLook(record, clock.now(), atForm));
    await Promise.allSettled(due.map(({ id }) => lock(`login ${id}`, () => look(id, atForm))));
  }

  async function look(id: string, atForm: boolean): Promise<void> {
    const record = await vault.login(id);
    const token = await vault.token(id);
    if (!record || !token || record.userId === null || !mayLook(record, clock.now(), atForm))
      return;
    const hosts = hostsOf(record);
    const denied = await deniedOf(hosts);
    const host = hosts.find((one) => !denied.includes(one));
    if (host === undefined) return;
    const timeLeft = (record.session?.expiresAt ?? 0) - clock.now();
    const limitMs = Math.min(LOOK_LIMIT_MS, callLimit(timeLeft));
    // Written before the call: a worker that dies over it does not come back to it at every start.
    await vault.write({ record: looked(record, null, clock.now(), [record]) });
    const last = await client.lastSession(host, token.accessToken, record.userId, limitMs);
    await vault.write({ record: looked(record, last, clock.now(), await vault.logins()) });
    await publish();
  }

  /** A sign-in may have closed the session that the same user holds in the other environment. */
  function tellSiblings(record: LoginRecord): void {
    void vault
      .logins()
      .then((all) => all.filter((login) => login.id !== record.id && isSameUser(login, record)))
      .then((siblings) =>
        Promise.all(siblings.map(({ id }) => handle(id, { type: 'sibling-signed-in' }))),
      )
      // Not known at once then, but at the next contact.
      .catch(() => undefined);
  }

  /** One sign-in, unless too many have failed; what becomes of it counts for the next. */
  async function signIn(
    record: LoginRecord,
    credentials: Credentials,
    insist = false,
  ): Promise<Run | Refusal> {
    const held = heldBack(await vault.signIns(), clock.now());
    if (held !== null && !(insist && held.why === 'failed-often')) {
      return { ...HELD_BACK[held.why], waitMs: held.until - clock.now() };
    }
    const ran = await run(record, { type: 'sign-in' }, credentials, record.keepsSecret);
    await lock('sign-ins', async () => {
      const after = afterSignIn(await vault.signIns(), ran.first ?? INTERRUPTED, clock.now());
      await vault.setSignIns(after);
    });
    return ran;
  }

  async function firstSignIn(
    record: LoginRecord,
    credentials: Credentials,
    insist?: boolean,
  ): Promise<Answer> {
    const ran = await signIn(record, credentials, insist);
    if ('record' in ran && ran.record.session !== null) {
      tellSiblings(ran.record);
      return OK;
    }
    await vault.remove(record.id);
    await publish();
    return 'ok' in ran ? ran : signInRefused(ran, credentials);
  }

  async function signInAgain(
    record: LoginRecord,
    credentials: Credentials,
    insist?: boolean,
  ): Promise<Answer> {
    const ran = await signIn(record, credentials, insist);
    if ('ok' in ran) return ran;
    if (ran.first?.kind !== 'issued') return signInRefused(ran, credentials);
    tellSiblings(record);
    return OK;
  }

  /** The login here that is the same user in the same environment, or holds this very token. */
  async function heldAlready(
    who: Pick<LoginRecord, 'userName' | 'environment'>,
    { accessToken }: Issued,
  ): Promise<LoginRecord | null> {
    for (const login of await vault.logins()) {
      const token = isSame(login, who) ? null : await vault.token(login.id);
      if (token === null || token?.accessToken === accessToken) return login;
    }
    return null;
  }

  /**
   * Asks the broker whether it accepts a pasted token, which until then is stored nowhere, and goes on
   * from there if it does. Null then, else why not.
   */
  async function keepPasted(before: LoginRecord, { token }: Pasted): Promise<Refusal | null> {
    const record = { ...before, hosts: { ...before.hosts, ...token.hosts } };
    const hosts = hostsOf(record);
    const denied = await deniedOf(hosts);
    const host = hosts.find((one) => !denied.includes(one));
    const outcome: Outcome =
      host === undefined
        ? { kind: 'not-permitted' }
        : await client.probe(host, token.accessToken, callLimit(Infinity));
    if (host === undefined || outcome.kind !== 'proven') {
      return outcome.kind === 'unauthorized'
        ? TOKEN_REFUSED
        : refusal(asFailure(outcome), 'sign-in', record);
    }
    await run({ ...before, deniedHosts: denied }, { type: 'taken-over', token, host });
    return null;
  }

  return {
    /** An alarm, a start, the end of a sleep: does what is due. */
    wake: async () => {
      await handleAll({ type: 'wake' });
      // The worker may have died between a loss and the word of it.
      for (const { id } of (await vault.logins()).filter(isUntold)) {
        await lock(`login ${id}`, async () => {
          const record = await vault.login(id);
          if (record) await tellLoss(record);
        });
      }
      await lookForOthers(false);
    },

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
      await Promise.all(news.map(({ id }) => handle(id, { type: 'permissions', denied })));
    },

    /** Opens a session for a login that is new here. Nothing is left behind when it is refused. */
    signIn: (input: SignInInput): Promise<Answer> =>
      lock('sign-in', async () => {
        const known = await vault.logins();
        const same = known.find((login) => isSame(login, input));
        if (same) return alreadyHere(same, clock.now());
        const record = newLogin(
          {
            id: newId(),
            way: 'api-key',
            label: input.label,
            brand: input.brand,
            environment: input.environment,
            userName: input.userName,
            app: { appId: input.appId, appVersion: input.appVersion, cid: input.cid },
            keepsSecret: input.keepSecret,
          },
          clock.now(),
        );
        return lock(`login ${record.id}`, async () => {
          const { password, secret, ticket } = input;
          return firstSignIn(record, { by: 'key', password, secret, ticket }, input.insist);
        });
      }),

    /** Opens a session on the broker's own page. Nothing is left behind when it is refused. */
    signInByOAuth: async (input: OAuthInput): Promise<Answer> => {
      // The window may be open for minutes, in which others sign in.
      const record = await lock('sign-in', async () => {
        const known = await vault.logins();
        const same = known.find((login) => isSame(login, input));
        if (same) return alreadyHere(same, clock.now());
        const { label, brand, environment, userName, clientId: cid, keepSecret } = input;
        const app = { appId: '', appVersion: '', cid };
        const login = { label, brand, environment, userName, app, keepsSecret: keepSecret };
        const fresh = newLogin({ id: newId(), way: 'oauth', ...login }, clock.now());
        await vault.write({ record: fresh });
        return fresh;
      });
      if ('ok' in record) return record;
      const { secret } = input;
      return lock(`login ${record.id}`, () =>
        firstSignIn(record, { by: 'oauth', secret, again: false }, input.insist),
      );
    },

    /** Opens a new session for a login that lost its own. */
    reconnect: (input: ReconnectInput): Promise<Answer> =>
      lock(`login ${input.loginId}`, async () => {
        const record = await vault.login(input.loginId);
        if (!record) return GONE;
        // It healed while the form was open: a sign-in now would only close another session.
        if (standing(record, clock.now()).state === 'connected') return OK;
        const secret = input.secret ?? (await vault.appSecret(record.id));
        if (secret === undefined) return SECRET_NEEDED;
        const { password, ticket, insist } = input;
        return signInAgain(record, { by: 'key', password, secret, ticket }, insist);
      }),

    /** The same on the broker's own page, or without it where the broker still knows who this is. */
    reconnectByOAuth: ({ loginId, secret: typed, insist }: OAuthAgainInput): Promise<Answer> =>
      lock(`login ${loginId}`, async () => {
        const record = await vault.login(loginId);
        if (!record) return GONE;
        if (standing(record, clock.now()).state === 'connected') return OK;
        const secret = typed ?? (await vault.appSecret(loginId));
        if (secret === undefined) return CLIENT_SECRET_NEEDED;
        return signInAgain(record, { by: 'oauth', secret, again: true }, insist);
      }),

    /** Keeps a session that another program opened; none is opened. Nothing is left behind when it is refused. */
    takeOver: (input: TakeOverInput): Promise<Answer> =>
      lock('sign-in', async () => {
        const pasted = readPasted(input.pasted);
        if ('kind' in pasted) return notAToken(pasted);
        const userName = pasted.userName ?? input.userName;
        if (userName === '') return USER_NAME_NEEDED;
        const { brand, environment } = input;
        const same = await heldAlready({ userName, environment }, pasted.token);
        if (same) return alreadyHere(same, clock.now());
        const record = newLogin(
          {
            id: newId(),
            way: 'token',
            label: input.label || userName.slice(0, 60),
            brand,
            environment,
            userName,
            app: { appId: '', appVersion: '', cid: '' },
            keepsSecret: false,
          },
          clock.now(),
        );
        return (await lock(`login ${record.id}`, () => keepPasted(record, pasted))) ?? OK;
      }),

    /** A new token for a login that was taken over and has lost its session. */
    takeOverAgain: ({ loginId, pasted: text }: TakeOverAgainInput): Promise<Answer> =>
      lock(`login ${loginId}`, async () => {
        const record = await vault.login(loginId);
        if (!record) return GONE;
        if (standing(record, clock.now()).state === 'connected') return OK;
        const pasted = readPasted(text);
        if ('kind' in pasted) return notAToken(pasted);
        if (isOtherUser(record, pasted)) return OTHER_USER;
        return (await keepPasted(record, pasted)) ?? OK;
      }),

    /** Renews on a person's click. */
    renewNow: async ({ loginId }: { loginId: string }): Promise<Answer> => {
      const result = await handle(loginId, { type: 'renew-now' });
      if (!result) return GONE;
      if (result.refused) return notNow(result.refused, clock.now());
      const { first } = result;
      return first === null || first.kind === 'issued' || first.kind === 'proven'
        ? OK
        : refusal(first, 'renewal', result.record);
    },

    pauseKeeping: ({ loginId }: { loginId: string }): Promise<Answer> =>
      handle(loginId, { type: 'pause' }).then((result) => (result ? OK : GONE)),

    resumeKeeping: ({ loginId }: { loginId: string }): Promise<Answer> =>
      handle(loginId, { type: 'resume' }).then((result) => (result ? OK : GONE)),

    /** Pauses keeping for 15 minutes, or until the tab of the last web login is left; it resumes by itself. */
    yieldKeeping: async ({ loginId, until }: YieldInput): Promise<Answer> => {
      const record = await vault.login(loginId);
      const open = record?.webSessions.findLast(({ left }) => left !== true);
      const tabId = until === 'tab' ? (open?.tabId ?? null) : null;
      return (await handle(loginId, { type: 'yield', tabId })) ? OK : GONE;
    },

    editLogin: ({ loginId, label, slots, declared }: EditInput): Promise<Answer> =>
      lock(`login ${loginId}`, async () => {
        const record = await vault.login(loginId);
        if (!record) return GONE;
        const journal = [{ at: clock.now(), loginId, what: 'edited' as const }];
        const ledger = { ...record.ledger, declared };
        await vault.write({ record: { ...record, label, slots, ledger }, journal });
        await publish();
        return OK;
      }),

    removeLogin: ({ loginId }: { loginId: string }): Promise<Answer> =>
      lock(`login ${loginId}`, async () => {
        await vault.remove(loginId);
        await publish();
        return OK;
      }),

    /** A sign-in form is on screen in that tab: the ledger as fresh as it can be for a card. */
    signInFormSeen: async (tabId: number, host: string): Promise<LoginRecord[]> => {
      await tabLeft(tabId, host);
      await lookForOthers(true);
      return vault.logins();
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
          return handle(record.id, { type: 'web-session', call, tabId, host, ...word });
        }),
      );
      for (const result of told) if (result.status === 'rejected') throw result.reason;
    },
  };
}

/** What the next way of signing in may get over. */
const NEEDS_WINDOW: readonly Outcome['kind'][] = [
  // No refresh token, or none that is taken.
  'damaged',
  'unauthorized',
  'code-refused',
  // The broker's page has something to ask.
  'window-closed',
  'access-denied',
  'authorization-timed-out',
  'other-user',
];

const INTERRUPTED: Failure = { kind: 'interrupted' };

const OK: Answer = { ok: true };
/** The broker has a handful of front doors. */
const HOSTS_KEPT = 10;
/** A look holds up nothing that matters, least of all the card that waits for it. */
const LOOK_LIMIT_MS = 3_000;

function say(field: Field, sentence: string, nextStep: string): Refusal {
  return { ok: false, field, sentence, nextStep, said: null, waitMs: null, ticket: null };
}

const GONE = say('form', 'This login is no longer here.', 'Close and open this window again.');
const USER_NAME_NEEDED = say(
  'userName',
  'What you pasted does not say whose token it is.',
  'Type the user name of the login.',
);
const TOKEN_REFUSED = say(
  'pasted',
  'The broker does not accept this token here.',
  'It has run out, the other program has renewed it since, or it belongs to the other environment. Copy the present one.',
);
const OTHER_USER = say(
  'pasted',
  'This token belongs to another user.',
  'Paste one of this login, or take it over as a login of its own on the options page.',
);

/** The second sign-in of a login is offered what the first one has: it would only open one more session. */
function alreadyHere(login: LoginRecord, now: number): Refusal {
  return say(
    'userName',
    `This login is already here, as “${login.label}”.`,
    hasLiveSession(login, now)
      ? 'Use its session: Copy token in its row gives it to any program.'
      : 'Use Reconnect in its row, or remove it first.',
  );
}

/** What was pasted holds no token; when it is a refusal of the broker, its words are shown. */
function notAToken({ said }: Failure): Refusal {
  const sentence =
    said === undefined
      ? 'There is no token in what you pasted.'
      : 'What you pasted is not a token but a refusal of the broker.';
  const nextStep = 'Paste the access token, or the whole reply that it came in.';
  return { ...say('pasted', sentence, nextStep), said: said ?? null };
}

function isOtherUser(record: LoginRecord, { token, userName }: Pasted): boolean {
  if (token.userId !== null && record.userId !== null) return token.userId !== record.userId;
  return userName !== null && !isSameUser(record, { userName });
}

const SECRET_NEEDED = say(
  'apiKey',
  'The API secret is not kept on this computer.',
  'Type it in as well.',
);

const HELD_BACK: Record<'limited' | 'failed-often', Refusal> = {
  limited: say(
    'form',
    'The broker has asked not to be called for a while.',
    'Wait for the countdown: a try before that makes it longer.',
  ),
  'failed-often': {
    ...say(
      'form',
      `${FAILED_SIGN_INS} sign-ins have failed within an hour. After about five the broker locks this network out.`,
      'Wait, and check meanwhile what you type. On another network, try anyway.',
    ),
    mayInsist: true,
  },
};

const CLIENT_SECRET_NEEDED = say(
  'apiKey',
  'The client secret is not kept on this computer.',
  'Type it in.',
);

const NOT_NOW: Record<Refused['why'], Refusal> = {
  'no-session': say('form', 'There is no session to renew.', 'Reconnect.'),
  limited: say(
    'form',
    'The broker has asked for quiet, and asking again would make it longer.',
    'Wait.',
  ),
  budget: say(
    'form',
    `This network has made the ${ALLOWED} renewals that the broker allows in an hour.`,
    'Nothing to do: Holdfast renews each login when its turn comes.',
  ),
};

function notNow({ why, until }: Refused, now: number): Refusal {
  return { ...NOT_NOW[why], waitMs: until === null ? null : Math.max(0, until - now) };
}

const FIELDS: Partial<Record<FailureKind, Field>> = {
  'wrong-credentials': 'password',
  'password-compromised': 'password',
  'password-expired': 'password',
  'user-locked': 'userName',
  'user-closed': 'userName',
  'email-unconfirmed': 'userName',
  'terms-outdated': 'userName',
  'app-not-registered': 'apiKey',
  'redirect-mismatch': 'apiKey',
  'other-user': 'userName',
  'wrong-environment': 'environment',
};

function refusal(
  failure: Failure,
  during: 'sign-in' | 'oauth' | 'renewal',
  record: LoginRecord,
): Refusal {
  return {
    ok: false,
    field: FIELDS[failure.kind] ?? 'form',
    ...(during === 'renewal'
      ? describeFailure(failure, during, record)
      : describeSignIn(failure, during === 'oauth', record)),
    // At a sign-in a lock-out is to be sat out where the next try would be made.
    waitMs: during === 'renewal' ? (failure.waitMs ?? null) : waitAsked(failure),
    ticket: failure.ticket ?? null,
  };
}

function signInRefused({ first, record }: Run, { by }: Credentials): Refusal {
  return refusal(asFailure(first), by === 'oauth' ? 'oauth' : 'sign-in', record);
}

function tokenOf({ accessToken, mdAccessToken }: Issued): Token {
  return { accessToken, mdAccessToken };
}

/** The host that the broker names for this login in an answer, if it names one. */
function namedBy(outcome: Outcome, { environment }: LoginRecord): string[] {
  if (outcome.kind === 'proven') return [];
  const named = outcome.kind === 'issued' ? outcome.hosts[environment] : outcome.named;
  return named === undefined ? [] : [named];
}

function asFailure(outcome: Outcome | null): Failure {
  return outcome === null || outcome.kind === 'issued' || outcome.kind === 'proven'
    ? { kind: 'interrupted' }
    : outcome;
}

function isSame(login: LoginRecord, input: Pick<LoginRecord, 'userName' | 'environment'>): boolean {
  return login.environment === input.environment && isSameUser(login, input);
}
