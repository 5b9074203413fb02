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
import { hostsOf, newLogin, type LoginRecord, type NewLogin } from '../../records/login.ts';
import type { Failure } from '../../tradovate/failure.ts';
import { isFailure, type Outcome } from '../../tradovate/outcome.ts';
import { readPasted, type Pasted } from '../../tradovate/pasted.ts';
import type { Issued } from '../../tradovate/replies.ts';
import { added } from '../decide/notes.ts';
import { alreadyHere, refusalOf, refuse, type Refusal } from '../status/refusal.ts';
import { isSame, isSameUser } from '../status/sessions.ts';
import { sessionState } from '../status/state.ts';
import { callLimit } from '../when/retries.ts';
import { afterSignIn, heldBack } from '../when/sign-in-limit.ts';
import type { Calls, Credentials } from './calls.ts';
import type { Ports } from './ports.ts';
import type { Run, Steps } from './steps.ts';
import type { Writes } from './writes.ts';

const OK: Answer = { ok: true };
const NO_APP = { appId: '', appVersion: '', cid: '' };
const INTERRUPTED: Failure = { kind: 'interrupted' };

/** What a call came to, if it was not what it was made for. */
const asFailure = (outcome: Outcome | null): Failure =>
  outcome !== null && isFailure(outcome) ? outcome : INTERRUPTED;

export class SignIns {
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

  /** Opens a session for a login that is new here. */
  signIn(input: SignInInput): Promise<Answer> {
    const { lock } = this.#ports;
    return lock('sign-in', async () => {
      const { label, brand, environment, userName, appId, appVersion, cid } = input;
      const { password, secret, ticket, insist } = input;
      const app = { appId, appVersion, cid };
      const login = { label, brand, environment, userName, app, keepsSecret: input.keepSecret };
      const record = await this.#fresh({ way: 'api-key', ...login });
      if ('ok' in record) return record;
      const by = { how: 'sign-in' as const, password, secret, ticket };
      return lock(`login ${record.id}`, () => this.#firstSignIn(record, by, insist));
    });
  }

  /** The same on the broker's own page. */
  async signInByOAuth(input: OAuthInput): Promise<Answer> {
    const { lock } = this.#ports;
    // Written before the window opens, which may be open for minutes, in which others sign in.
    const record = await lock('sign-in', async () => {
      const { label, brand, environment, userName, clientId: cid } = input;
      const app = { ...NO_APP, cid };
      const fresh = await this.#fresh({
        ...{ way: 'oauth', label, brand, environment, userName, app },
        keepsSecret: input.keepSecret,
        ...(input.secret === undefined && { secretless: true }),
        ...(input.twin === true && { twin: true }),
      });
      if (!('ok' in fresh)) await this.#writes.login(fresh.id, () => added(fresh));
      return fresh;
    });
    if ('ok' in record) return record;
    const by = { how: 'oauth' as const, secret: input.secret ?? null, again: false };
    return lock(`login ${record.id}`, () => this.#firstSignIn(record, by, input.insist));
  }

  /** Opens a new session for a login that lost its own. */
  reconnect({ loginId, password, ticket, insist, ...typed }: ReconnectInput): Promise<Answer> {
    const { lock, vault } = this.#ports;
    return lock(`login ${loginId}`, async () => {
      const record = await this.#lost(loginId);
      if ('ok' in record) return record;
      const secret = typed.secret ?? (await vault.appSecret(loginId));
      if (secret === undefined) return refuse('api-secret-needed');
      return this.#signInAgain(record, { how: 'sign-in', password, secret, ticket }, insist);
    });
  }

  /** The same on the broker's own page, or without it where the broker still knows who this is. */
  reconnectByOAuth({ loginId, insist, ...typed }: OAuthAgainInput): Promise<Answer> {
    const { lock, vault } = this.#ports;
    return lock(`login ${loginId}`, async () => {
      const record = await this.#lost(loginId);
      if ('ok' in record) return record;
      const secret = typed.secret ?? (await vault.appSecret(loginId)) ?? null;
      if (secret === null && !record.secretless) return refuse('client-secret-needed');
      return this.#signInAgain(record, { how: 'oauth', secret, again: true }, insist);
    });
  }

  /** Keeps a session that another program opened; none is opened. */
  takeOver(input: TakeOverInput): Promise<Answer> {
    const { lock, clock } = this.#ports;
    return lock('sign-in', async () => {
      const pasted = readPasted(input.pasted);
      if ('kind' in pasted) return refuse('no-token-pasted', { said: pasted.said ?? null });
      const userName = pasted.userName ?? input.userName;
      if (userName === '') return refuse('user-name-needed');
      const holder = await this.#holderOf(pasted.token);
      if (holder !== null) return alreadyHere(holder, clock.now());
      const { brand, environment } = input;
      const label = input.label || userName.slice(0, 60);
      const login = { label, brand, environment, userName, app: NO_APP, keepsSecret: false };
      const record = await this.#fresh({ way: 'token', ...login });
      if ('ok' in record) return record;
      return lock(`login ${record.id}`, () => this.#keepPasted(record, pasted));
    });
  }

  /** A new token for a login that was taken over and has lost its session. */
  takeOverAgain({ loginId, pasted: text }: TakeOverAgainInput): Promise<Answer> {
    return this.#ports.lock(`login ${loginId}`, async () => {
      const record = await this.#lost(loginId);
      if ('ok' in record) return record;
      const pasted = readPasted(text);
      if ('kind' in pasted) return refuse('no-token-pasted', { said: pasted.said ?? null });
      return isOtherUser(record, pasted)
        ? refuse('token-of-other')
        : this.#keepPasted(record, pasted);
    });
  }

  /** One sign-in, unless too many have failed; what becomes of it counts for the next. */
  async #attempt(record: LoginRecord, by: Credentials, insist = false): Promise<Run | Refusal> {
    const { vault, clock, lock } = this.#ports;
    const held = heldBack(await vault.failedSignIns(), clock.now());
    if (held !== null && !(insist && held.why !== 'quiet-asked')) {
      return refuse(held.why, { waitMs: held.until - clock.now() });
    }
    const ran = await this.#steps.signIn(record, by);
    this.#tellOfOther(record, ran.first);
    await lock('sign-ins', async () => {
      const after = afterSignIn(await vault.failedSignIns(), ran.first ?? INTERRUPTED, clock.now());
      await vault.setFailedSignIns(after);
    });
    return ran;
  }

  /** Somebody else was signed in on the broker's page, or nobody knows who: that may have cost them a session. */
  #tellOfOther(record: LoginRecord, outcome: Outcome | null): void {
    if (outcome?.kind === 'user-unknown') this.#steps.tellOthers(record, () => true);
    if (outcome?.kind !== 'other-user') return;
    const found = { ...record, userName: outcome.said ?? record.userName };
    this.#steps.tellOthers(record, (other) => isSameUser(other, found));
  }

  async #firstSignIn(record: LoginRecord, by: Credentials, insist?: boolean): Promise<Answer> {
    const ran = await this.#attempt(record, by, insist);
    if ('record' in ran && ran.record.session !== null) {
      this.#steps.tellSiblings(ran.record);
      return OK;
    }
    await this.#writes.remove(record.id);
    return 'ok' in ran ? ran : refusalOf(asFailure(ran.first), by.how, ran.record);
  }

  async #signInAgain(record: LoginRecord, by: Credentials, insist?: boolean): Promise<Answer> {
    const ran = await this.#attempt(record, by, insist);
    if ('ok' in ran) return ran;
    if (ran.first?.kind !== 'issued') return refusalOf(asFailure(ran.first), by.how, ran.record);
    this.#steps.tellSiblings(record);
    return OK;
  }

  /** A login as it is before its first sign-in; a refusal when it is here already. */
  async #fresh(login: Omit<NewLogin, 'id'>): Promise<LoginRecord | Refusal> {
    const { vault, clock, newId } = this.#ports;
    const same = (await vault.logins()).find((known) => isSame(known, login));
    return same ? alreadyHere(same, clock.now()) : newLogin({ id: newId(), ...login }, clock.now());
  }

  /** The login that lost its session, unless it has healed: one more sign-in would only close another. */
  async #lost(loginId: string): Promise<LoginRecord | Answer> {
    const { vault, clock } = this.#ports;
    const record = await vault.login(loginId);
    if (!record) return refuse('gone');
    return sessionState(record, clock.now()) === 'connected' ? OK : record;
  }

  /** The login here that holds this very token. */
  async #holderOf({ accessToken }: Issued): Promise<LoginRecord | null> {
    const { vault } = this.#ports;
    for (const login of await vault.logins()) {
      if ((await vault.token(login.id))?.accessToken === accessToken) return login;
    }
    return null;
  }

  /**
   * Asks the broker whether it accepts a pasted token, which until then is stored nowhere, and goes on
   * from there if it does.
   */
  async #keepPasted(before: LoginRecord, { token }: Pasted): Promise<Answer> {
    const record = { ...before, hosts: { ...before.hosts, ...token.hosts } };
    const { host, denied } = await this.#calls.reach(hostsOf(record));
    if (host === undefined) return refusalOf({ kind: 'not-permitted' }, 'sign-in', record);
    const { client } = this.#ports;
    const outcome = await client.probe(host, token.accessToken, callLimit(Infinity));
    if (outcome.kind === 'unauthorized') return refuse('token-refused');
    if (outcome.kind !== 'proven') return refusalOf(outcome, 'sign-in', record);
    await this.#steps.takeOver({ ...before, deniedHosts: denied }, token, host);
    return OK;
  }
}

function isOtherUser(record: LoginRecord, { token, userName }: Pasted): boolean {
  if (token.userId !== null && record.userId !== null) return token.userId !== record.userId;
  return userName !== null && !isSameUser(record, { ...record, userName });
}
