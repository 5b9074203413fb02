/**
 * A sign-in on the broker's own page, from the window to the token; and the refresh token that came
 * with it. Nothing is written here.
 */
import { firstHosts } from '../../tradovate/hosts.ts';
import type { Grant } from '../../tradovate/client.ts';
import { FAILURES, type Failure } from '../../tradovate/failure.ts';
import { authorizeUrl, readRedirect } from '../../tradovate/oauth.ts';
import { userIdIn } from '../../tradovate/pasted.ts';
import type { Identity, Issued } from '../../tradovate/replies.ts';
import type { LoginRecord } from '../../records/login.ts';
import { isSame, isSameUser } from '../status/sessions.ts';
import { callLimit } from '../when/retries.ts';
import type { Ports } from './ports.ts';

/** Where it is asked, and how long that may take. */
interface Where {
  host: string;
  limitMs: number;
}

/** Null: there is none, or none is kept. */
type Secret = string | null;

/** The next way of signing in may get over what this one came to. */
const nextWayHelps = (outcome: Issued | Failure): boolean =>
  outcome.kind !== 'issued' && FAILURES[outcome.kind].nextWayHelps;

export class OAuth {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Redeems the refresh token, which works once: the next one is written down before anything is asked with it. */
  async refresh(record: LoginRecord, secret: Secret, where: Where): Promise<Issued | Failure> {
    const { vault, client, clock } = this.#ports;
    const held = record.refresh !== null && clock.now() < record.refresh.until;
    const refreshToken = held ? await vault.refreshToken(record.id) : undefined;
    if (refreshToken === undefined || (secret === null && !record.secretless))
      return { kind: 'damaged' };
    const grant: Grant = { clientId: record.app.cid, secret, refreshToken };
    return client.redeem(where.host, grant, where.limitMs);
  }

  /** The broker's page in a window, or without one where it has nothing to ask; and the code that it gave. */
  async #throughPage(
    record: LoginRecord,
    secret: Secret,
    { host, limitMs }: Where,
    interactive: boolean,
  ): Promise<Issued | Failure> {
    const { client, newId, authorize, redirectUri } = this.#ports;
    const clientId = record.app.cid;
    const asked = { redirectUri: redirectUri(), state: newId() };
    const verifier = secret === null ? await this.#newVerifier() : undefined;
    if (typeof verifier === 'object') return verifier;
    const challenge = verifier && (await challengeOf(verifier));
    const url = authorizeUrl(record, { clientId, ...asked, challenge });
    const landed = await authorize(url, { interactive, limitMs });
    if ('kind' in landed) return landed;
    const answer = readRedirect(landed.address, asked);
    if ('kind' in answer) return answer;
    const { redirectUri: led } = asked;
    const grant: Grant = { clientId, secret, code: answer.code, redirectUri: led, verifier };
    const token = await client.redeem(host, grant, callLimit(Infinity));
    return token.kind === 'issued' ? this.#identified(record, token, interactive) : token;
  }

  /**
   * What the code of a public client is redeemed with, where the broker takes that: two random UUIDs are
   * 72 of the 43 to 128 characters. Where that cannot be learned now, nobody signs in without it.
   */
  async #newVerifier(): Promise<string | undefined | Failure> {
    const { client, newId } = this.#ports;
    const takes = await client.takesPkce(callLimit(Infinity));
    if (typeof takes === 'object') return takes;
    return takes ? newId() + newId() : undefined;
  }

  /**
   * The browser may be signed in at the broker as anybody: a token of another user must not get into
   * this login. Where neither the broker says whose it is (FACTS.md row 22) nor the token, it is taken
   * as it was asked for only if a person has `seen` who signs in, and nobody else is held here.
   */
  async #identified(record: LoginRecord, token: Issued, seen: boolean): Promise<Issued | Failure> {
    const others = (await this.#ports.vault.logins()).filter(({ id }) => id !== record.id);
    const who = await this.#whoIs(record, token.accessToken);
    if (who.kind === 'identity') {
      const { name: userName, userId } = who;
      const found = { ...record, userName };
      const isNew = record.session === null && record.userId === null;
      const isSameId = userId !== null && userId === record.userId;
      const isOther = isNew
        ? others.some((login) => isSame(login, found))
        : !isSameId && !isSameUser(record, found);
      return isOther ? { kind: 'other-user', said: userName } : { ...token, userName, userId };
    }
    const userId = userIdIn(token.accessToken);
    const strangers = others.filter((login) => !isSameUser(login, record));
    const theirs = strangers.find((login) => userId !== null && login.userId === userId);
    if (theirs) return { kind: 'other-user', said: theirs.userName };
    if (userId !== null && record.userId !== null)
      return userId === record.userId ? { ...token, userId } : { kind: 'other-user' };
    return seen && strangers.length === 0 ? { ...token, userId } : { kind: 'user-unknown' };
  }

  /** Asked once more where the broker has only just failed: a session was opened for the answer. */
  async #whoIs(record: LoginRecord, accessToken: string): Promise<Identity | Failure> {
    const { live } = firstHosts(record.twin === true);
    const ask = () => this.#ports.client.whoIs(live, accessToken, callLimit(Infinity));
    const who = await ask();
    return who.kind !== 'identity' && FAILURES[who.kind].silent !== null ? ask() : who;
  }

  /** For a login that is new here: always in a window, where the person sees who signs in. */
  signIn(record: LoginRecord, secret: Secret, where: Where): Promise<Issued | Failure> {
    return this.#throughPage(record, secret, where, true);
  }

  /**
   * The shortest way first: a refresh token, the broker's memory of this browser, and only then a
   * window. That memory may be of another user held here, whose session it would close: with more
   * than one there always is a person who sees who signs in.
   */
  async signInAgain(record: LoginRecord, secret: Secret, where: Where): Promise<Issued | Failure> {
    const short = { ...where, limitMs: callLimit(Infinity) };
    const redeemed = await this.refresh(record, secret, short);
    if (!nextWayHelps(redeemed)) return redeemed;
    const logins = await this.#ports.vault.logins();
    if (logins.every((login) => isSameUser(login, record))) {
      const silent = await this.#throughPage(record, secret, short, false);
      if (!nextWayHelps(silent)) return silent;
    }
    return this.#throughPage(record, secret, where, true);
  }
}

/** The challenge of PKCE's method S256 (RFC 7636 §4.2). */
async function challengeOf(verifier: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return btoa(String.fromCharCode(...new Uint8Array(hash)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
