/** The broker calls that `decide` asks for, and what is needed to make them. */
import { SECOND } from '../../durations.ts';
import type { LoginRecord } from '../../records/login.ts';
import { isFailure, type Outcome } from '../../tradovate/outcome.ts';
import type { Token } from '../../vault/vault.ts';
import type { Answered } from '../decide/events.ts';
import type { Effect } from '../decide/step.ts';
import type { OAuth } from './oauth.ts';
import type { Ports } from './ports.ts';

/**
 * What a person signs in with, known for the length of the sign-in and stored nowhere. The secret is
 * that of the API key or of the OAuth app, null when that has none; it is sealed after a sign-in that
 * went through, if the person asked for it.
 */
export type Credentials =
  | { how: 'sign-in'; password: string; secret: string; ticket?: string | undefined }
  | { how: 'oauth'; secret: string | null; again: boolean };

/** After these pauses a token that could not be opened is opened again. */
const AGAIN_MS = [SECOND, 3 * SECOND];

export class Calls {
  readonly #ports: Pick<Ports, 'vault' | 'client' | 'mayCall' | 'wait'>;
  readonly #oauth: OAuth;

  constructor(ports: Pick<Ports, 'vault' | 'client' | 'mayCall' | 'wait'>, oauth: OAuth) {
    this.#ports = ports;
    this.#oauth = oauth;
  }

  /** Makes the call, and gives its answer as the next event. */
  async make(record: LoginRecord, effect: Effect, by?: Credentials): Promise<Answered> {
    const { host, denied } = await this.reach(effect.hosts);
    if (host === undefined) return { type: 'answered', outcome: { kind: 'not-permitted' }, denied };
    const outcome = await this.#ask(host, record, effect, by);
    const news = namedBy(outcome, record).filter((one) => !effect.hosts.includes(one));
    return { type: 'answered', outcome, host, denied: [...denied, ...(await this.deniedOf(news))] };
  }

  /** The first of `hosts` that may be called, and those that may not. */
  async reach(hosts: readonly string[]): Promise<{ host: string | undefined; denied: string[] }> {
    const denied = await this.deniedOf(hosts);
    return { host: hosts.find((one) => !denied.includes(one)), denied };
  }

  /** Those of `hosts` that the browser does not let Holdfast call. */
  async deniedOf(hosts: readonly string[]): Promise<string[]> {
    const may = await Promise.all(hosts.map((host) => this.#ports.mayCall(host)));
    return hosts.filter((_, index) => !may[index]);
  }

  async #ask(
    host: string,
    record: LoginRecord,
    { call, limitMs }: Effect,
    by?: Credentials,
  ): Promise<Outcome> {
    const { vault, client } = this.#ports;
    if (call === 'sign-in') return by ? this.#signIn(record, by, host, limitMs) : INTERRUPTED;
    if (call === 'refresh') {
      const secret = (await vault.appSecret(record.id)) ?? null;
      return this.#oauth.refresh(record, secret, { host, limitMs });
    }
    const token = await this.#token(record.id);
    if (!token) return { kind: 'damaged' };
    return client[call === 'renewal' ? 'renew' : 'probe'](host, token.accessToken, limitMs);
  }

  /** The browser may fail to open what is sealed for a moment: damage is what stays so. */
  async #token(id: string): Promise<Token | undefined> {
    const { vault, wait } = this.#ports;
    let token = await vault.token(id);
    for (const pause of AGAIN_MS) {
      if (token) break;
      await wait(pause);
      token = await vault.token(id);
    }
    return token;
  }

  async #signIn(
    record: LoginRecord,
    by: Credentials,
    host: string,
    limitMs: number,
  ): Promise<Outcome> {
    if (by.how === 'oauth') {
      const how = by.again ? 'signInAgain' : 'signIn';
      return this.#oauth[how](record, by.secret, { host, limitMs });
    }
    const { app, userName } = record;
    const { password, secret, ticket } = by;
    const deviceId = await this.#ports.vault.deviceId();
    const said = { ...app, userName, deviceId, password, secret };
    return this.#ports.client.signIn(host, { ...said, ...(ticket && { ticket }) }, limitMs);
  }
}

/** Nobody is there any more who would have signed in. */
const INTERRUPTED: Outcome = { kind: 'interrupted' };

/** The host that the broker names for this login in an answer, if it names one. */
function namedBy(outcome: Outcome, { environment }: LoginRecord): string[] {
  if (outcome.kind === 'proven') return [];
  const named = isFailure(outcome) ? outcome.named : outcome.hosts[environment];
  return named === undefined ? [] : [named];
}
