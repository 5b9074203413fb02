/**
 * The ways in: with an API key, on the broker's own page, or with the token of another program. Each
 * begins with a person's click, and what is refused leaves nothing behind.
 */
import type {
  Answer,
  OAuthAgainInput,
  OAuthInput,
  ReconnectInput,
  SignInInput,
  TakeOverAgainInput,
  TakeOverInput,
} from '../../messages/protocol.ts';
import type { Failure } from '../../tradovate/failure.ts';
import { readPasted, type Pasted } from '../../tradovate/pasted.ts';
import type { Issued } from '../../tradovate/replies.ts';
import type { Outcome } from '../../tradovate/outcome.ts';
import type { KeeperEvent } from '../decide/events.ts';
import { hostsOf, newLogin, type LoginRecord, type NewLogin } from '../../records/login.ts';
import { oauthFlow } from './oauth.ts';
import { callLimit } from '../when/retries.ts';
import type { Ports } from './ports.ts';
import { alreadyHere, refusalOf, refuse, type Declined, type Refusal } from '../status/refusal.ts';
import { afterSignIn, heldBack } from '../when/sign-in-limit.ts';
import { isSame, isSameUser } from '../status/sessions.ts';
import { sessionState } from '../status/standing.ts';

/** One sign-in: how the broker is asked, and what is known for its length and stored nowhere. */
export interface SignInBy {
  how: 'sign-in' | 'oauth';
  /**
   * Of the API key or the OAuth app, null when that has none; sealed after a sign-in that went
   * through, if the person asked for it.
   */
  secret: string | null;
  ask: (record: LoginRecord, host: string, limitMs: number) => Promise<Issued | Failure>;
}

/** How one run of a login ended: its record, and what its first call came to. */
export interface Run {
  record: LoginRecord;
  declined: Declined | null;
  first: Outcome | null;
}

/** What the keeper's shell does for a sign-in. */
export interface Core {
  run: (before: LoginRecord, event: KeeperEvent, by?: SignInBy) => Promise<Run>;
  publish: () => Promise<void>;
  /** The first of `hosts` that the browser lets Holdfast call, and those that it does not. */
  reach: (hosts: readonly string[]) => Promise<{ host: string | undefined; denied: string[] }>;
  /** A sign-in may have closed the session that the same user holds in the other environment. */
  tellSiblings: (record: LoginRecord) => void;
}

const OK: Answer = { ok: true };
const NO_APP = { appId: '', appVersion: '', cid: '' };
const INTERRUPTED: Failure = { kind: 'interrupted' };

/** What a call came to, if it was not what it was made for. */
export function asFailure(outcome: Outcome | null): Failure {
  return outcome === null || outcome.kind === 'issued' || outcome.kind === 'proven'
    ? INTERRUPTED
    : outcome;
}

export function waysIn(ports: Ports, { run, publish, reach, tellSiblings }: Core) {
  const { vault, client, clock, newId, lock } = ports;
  const oauth = oauthFlow(ports);

  function byKey({
    password,
    secret,
    ticket,
  }: Required<Pick<SignInInput, 'password' | 'secret'>> & {
    ticket?: string | undefined;
  }): SignInBy {
    return {
      how: 'sign-in',
      secret,
      ask: async ({ app, userName }, host, limitMs) => {
        const deviceId = await vault.deviceId();
        const said = { ...app, userName, deviceId, password, secret };
        return client.signIn(host, { ...said, ...(ticket && { ticket }) }, limitMs);
      },
    };
  }

  function onPage(secret: string | null, again: boolean): SignInBy {
    const ask = again ? oauth.signInAgain : oauth.signIn;
    return {
      how: 'oauth',
      secret,
      ask: (record, host, limitMs) => ask(record, secret, { host, limitMs }),
    };
  }

  /** One sign-in, unless too many have failed; what becomes of it counts for the next. */
  async function signIn(record: LoginRecord, by: SignInBy, insist = false): Promise<Run | Refusal> {
    const held = heldBack(await vault.failedSignIns(), clock.now());
    if (held !== null && !(insist && held.why === 'failed-often')) {
      return refuse(held.why, { waitMs: held.until - clock.now() });
    }
    const ran = await run(record, { type: 'sign-in' }, by);
    await lock('sign-ins', async () => {
      const after = afterSignIn(await vault.failedSignIns(), ran.first ?? INTERRUPTED, clock.now());
      await vault.setFailedSignIns(after);
    });
    return ran;
  }

  async function firstSignIn(record: LoginRecord, by: SignInBy, insist?: boolean): Promise<Answer> {
    const ran = await signIn(record, by, insist);
    if ('record' in ran && ran.record.session !== null) {
      tellSiblings(ran.record);
      return OK;
    }
    await vault.remove(record.id);
    await publish();
    return 'ok' in ran ? ran : refusalOf(asFailure(ran.first), by.how, ran.record);
  }

  async function signInAgain(record: LoginRecord, by: SignInBy, insist?: boolean): Promise<Answer> {
    const ran = await signIn(record, by, insist);
    if ('ok' in ran) return ran;
    if (ran.first?.kind !== 'issued') return refusalOf(asFailure(ran.first), by.how, ran.record);
    tellSiblings(record);
    return OK;
  }

  /** A login as it is before its first sign-in; a refusal when it is here already. */
  async function fresh(login: Omit<NewLogin, 'id'>): Promise<LoginRecord | Refusal> {
    const same = (await vault.logins()).find((known) => isSame(known, login));
    return same ? alreadyHere(same, clock.now()) : newLogin({ id: newId(), ...login }, clock.now());
  }

  /** The login that lost its session, unless it has healed: one more sign-in would only close another. */
  async function lost(loginId: string): Promise<LoginRecord | Answer> {
    const record = await vault.login(loginId);
    if (!record) return refuse('gone');
    return sessionState(record, clock.now()) === 'connected' ? OK : record;
  }

  /** The login here that holds this very token. */
  async function holderOf({ accessToken }: Issued): Promise<LoginRecord | null> {
    for (const login of await vault.logins()) {
      if ((await vault.token(login.id))?.accessToken === accessToken) return login;
    }
    return null;
  }

  /**
   * Asks the broker whether it accepts a pasted token, which until then is stored nowhere, and goes on
   * from there if it does.
   */
  async function keepPasted(before: LoginRecord, { token }: Pasted): Promise<Answer> {
    const record = { ...before, hosts: { ...before.hosts, ...token.hosts } };
    const { host, denied } = await reach(hostsOf(record));
    if (host === undefined) return refusalOf({ kind: 'not-permitted' }, 'sign-in', record);
    const outcome = await client.probe(host, token.accessToken, callLimit(Infinity));
    if (outcome.kind === 'unauthorized') return refuse('token-refused');
    if (outcome.kind !== 'proven') return refusalOf(outcome, 'sign-in', record);
    await run({ ...before, deniedHosts: denied }, { type: 'taken-over', token, host });
    return OK;
  }

  return {
    /** Redeems the refresh token of a login whose access token has run out. */
    refresh: oauth.refresh,

    /** Opens a session for a login that is new here. */
    signIn: (input: SignInInput): Promise<Answer> =>
      lock('sign-in', async () => {
        const { label, brand, environment, userName, appId, appVersion, cid } = input;
        const app = { appId, appVersion, cid };
        const login = { label, brand, environment, userName, app, keepsSecret: input.keepSecret };
        const record = await fresh({ way: 'api-key', ...login });
        if ('ok' in record) return record;
        return lock(`login ${record.id}`, () => firstSignIn(record, byKey(input), input.insist));
      }),

    /** The same on the broker's own page. */
    signInByOAuth: async (input: OAuthInput): Promise<Answer> => {
      // Written before the window opens, which may be open for minutes, in which others sign in.
      const record = await lock('sign-in', async () => {
        const { label, brand, environment, userName, clientId: cid } = input;
        const app = { ...NO_APP, cid };
        const added = await fresh({
          ...{ way: 'oauth', label, brand, environment, userName, app },
          keepsSecret: input.keepSecret,
          ...(input.secret === undefined && { secretless: true }),
          ...(input.twin === true && { twin: true }),
        });
        if (!('ok' in added)) await vault.write({ record: added });
        return added;
      });
      if ('ok' in record) return record;
      const by = onPage(input.secret ?? null, false);
      return lock(`login ${record.id}`, () => firstSignIn(record, by, input.insist));
    },

    /** Opens a new session for a login that lost its own. */
    reconnect: ({ loginId, password, ticket, insist, ...typed }: ReconnectInput): Promise<Answer> =>
      lock(`login ${loginId}`, async () => {
        const record = await lost(loginId);
        if ('ok' in record) return record;
        const secret = typed.secret ?? (await vault.appSecret(loginId));
        if (secret === undefined) return refuse('api-secret-needed');
        return signInAgain(record, byKey({ password, secret, ticket }), insist);
      }),

    /** The same on the broker's own page, or without it where the broker still knows who this is. */
    reconnectByOAuth: ({ loginId, insist, ...typed }: OAuthAgainInput): Promise<Answer> =>
      lock(`login ${loginId}`, async () => {
        const record = await lost(loginId);
        if ('ok' in record) return record;
        const secret = typed.secret ?? (await vault.appSecret(loginId)) ?? null;
        if (secret === null && !record.secretless) return refuse('client-secret-needed');
        return signInAgain(record, onPage(secret, true), insist);
      }),

    /** Keeps a session that another program opened; none is opened. */
    takeOver: (input: TakeOverInput): Promise<Answer> =>
      lock('sign-in', async () => {
        const pasted = readPasted(input.pasted);
        if ('kind' in pasted) return refuse('no-token-pasted', { said: pasted.said ?? null });
        const userName = pasted.userName ?? input.userName;
        if (userName === '') return refuse('user-name-needed');
        const holder = await holderOf(pasted.token);
        if (holder !== null) return alreadyHere(holder, clock.now());
        const { brand, environment } = input;
        const label = input.label || userName.slice(0, 60);
        const login = { label, brand, environment, userName, app: NO_APP, keepsSecret: false };
        const record = await fresh({ way: 'token', ...login });
        if ('ok' in record) return record;
        return lock(`login ${record.id}`, () => keepPasted(record, pasted));
      }),

    /** A new token for a login that was taken over and has lost its session. */
    takeOverAgain: ({ loginId, pasted: text }: TakeOverAgainInput): Promise<Answer> =>
      lock(`login ${loginId}`, async () => {
        const record = await lost(loginId);
        if ('ok' in record) return record;
        const pasted = readPasted(text);
        if ('kind' in pasted) return refuse('no-token-pasted', { said: pasted.said ?? null });
        return isOtherUser(record, pasted) ? refuse('token-of-other') : keepPasted(record, pasted);
      }),
  };
}

function isOtherUser(record: LoginRecord, { token, userName }: Pasted): boolean {
  if (token.userId !== null && record.userId !== null) return token.userId !== record.userId;
  return userName !== null && !isSameUser(record, { ...record, userName });
}
