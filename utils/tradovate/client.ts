/**
 * The calls Holdfast makes. Each one answers with what the broker said or how it failed, and
 * never throws. The caller decides what that means.
 */
import type { Failure } from './failure.ts';
import { isBrokerHost, KNOWN_HOSTS } from './hosts.ts';
import {
  readIdentity,
  readIssued,
  readLastSession,
  readProof,
  readRedeemed,
  readTakesPkce,
  type Identity,
  type Issued,
  type Proven,
  type RawReply,
} from './replies.ts';

export interface SignIn {
  userName: string;
  password: string;
  appId: string;
  appVersion: string;
  deviceId: string;
  cid: string;
  secret: string;
  /** `p-ticket` of the penalty this repeats. */
  ticket?: string;
}

/** A code or a refresh token, to be exchanged for a session. */
export type Grant = {
  clientId: string;
  /** Null: a public client. */
  secret: string | null;
} & (
  { code: string; redirectUri: string; verifier?: string | undefined } | { refreshToken: string }
);

export interface Client {
  /** Opens a session, and may so close the oldest one of the login (FACTS.md §3). */
  signIn(host: string, login: SignIn, limitMs: number): Promise<Issued | Failure>;
  /** Opens a session for a code; for a refresh token perhaps too (FACTS.md row 10: assume so). */
  redeem(host: string, grant: Grant, limitMs: number): Promise<Issued | Failure>;
  /**
   * Whether the broker takes codes with PKCE (S256) from public clients; its demo host alone says
   * so (FACTS.md §1).
   */
  takesPkce(limitMs: number): Promise<boolean>;
  /**
   * Whose token it is. Only the live host answers, and of failing calls it counts ten an hour
   * (FACTS.md row 22).
   */
  whoIs(host: string, accessToken: string, limitMs: number): Promise<Identity | Failure>;
  /** Extends the session that `accessToken` belongs to; opens none (FACTS.md §3). */
  renew(host: string, accessToken: string, limitMs: number): Promise<Issued | Failure>;
  /**
   * Asks whether the token still works, by the cheapest call that both environments answer
   * (FACTS.md row 22).
   */
  probe(host: string, accessToken: string, limitMs: number): Promise<Proven | Failure>;
  /**
   * When the last session of that user was opened, epoch ms on the broker's clock. Null for any
   * other answer: whether ordinary users may ask is unknown (FACTS.md §3, row 27).
   */
  lastSession(
    host: string,
    accessToken: string,
    userId: number,
    limitMs: number,
  ): Promise<number | null>;
}

export interface Network {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** False only when the computer knows that it is offline. */
  onLine: () => boolean;
  /**
   * Whether the extension may call that host: people can take it back at any time
   * (platform FACTS.md §8).
   */
  mayCall: (host: string) => Promise<boolean>;
}

/** The client over the given network. */
export function createClient(network: Network): Client {
  const ask = async <T>(
    read: (reply: RawReply) => T,
    url: string,
    limitMs: number,
    init: RequestInit,
  ): Promise<T | Failure> => {
    const reply = await call(network, url, limitMs, init);
    return 'kind' in reply ? reply : read(reply);
  };
  return {
    signIn: (host, login, limitMs) =>
      ask(readIssued, `https://${host}/v1/auth/accesstokenrequest`, limitMs, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(signInBody(login)),
      }),
    redeem: (host, grant, limitMs) =>
      ask(readRedeemed, `https://${host}/auth/oauthtoken`, limitMs, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          Accept: 'application/json',
        },
        body: grantBody(grant).toString(),
      }),
    takesPkce: async (limitMs) => {
      const url = `https://${KNOWN_HOSTS.demo}/.well-known/oauth-authorization-server`;
      return (await ask(readTakesPkce, url, limitMs, { method: 'GET' })) === true;
    },
    whoIs: (host, accessToken, limitMs) =>
      ask(readIdentity, `https://${host}/v1/auth/me`, limitMs, bearer(accessToken)),
    renew: (host, accessToken, limitMs) =>
      ask(readIssued, `https://${host}/v1/auth/renewaccesstoken`, limitMs, bearer(accessToken)),
    probe: (host, accessToken, limitMs) =>
      ask(readProof, `https://${host}/v1/account/list`, limitMs, bearer(accessToken)),
    lastSession: async (host, accessToken, userId, limitMs) => {
      const url = `https://${host}/v1/userSessionStats/deps?masterid=${userId}`;
      const answer = await ask(readLastSession, url, limitMs, bearer(accessToken));
      return typeof answer === 'number' ? answer : null;
    },
  };
}

function signInBody(login: SignIn): Record<string, unknown> {
  return {
    name: login.userName,
    password: login.password,
    appId: login.appId,
    appVersion: login.appVersion,
    deviceId: login.deviceId,
    // The schema says string, the examples and a production client use a number (FACTS.md §2).
    cid: Number(login.cid),
    sec: login.secret,
    ...(login.ticket === undefined ? {} : { 'p-ticket': login.ticket }),
  };
}

function grantBody(grant: Grant): URLSearchParams {
  return new URLSearchParams({
    ...('code' in grant
      ? {
          grant_type: 'authorization_code',
          code: grant.code,
          redirect_uri: grant.redirectUri,
          ...(grant.verifier !== undefined && { code_verifier: grant.verifier }),
        }
      : { grant_type: 'refresh_token', refresh_token: grant.refreshToken }),
    client_id: grant.clientId,
    ...(grant.secret !== null && { client_secret: grant.secret }),
  });
}

const bearer = (accessToken: string): RequestInit => ({
  method: 'GET',
  headers: { Authorization: `Bearer ${accessToken}`, Accept: 'application/json' },
});

async function call(
  { fetch, onLine, mayCall }: Network,
  url: string,
  limitMs: number,
  init: RequestInit,
): Promise<RawReply | Failure> {
  // The one door that tokens and passwords leave by. Without permission the browser would not stop
  // them: it asks the host whether other people's pages may call it (CORS), and the broker may say yes.
  const { host } = new URL(url);
  if (!isBrokerHost(host) || !(await mayCall(host))) return { kind: 'not-permitted' };
  const signal = AbortSignal.timeout(limitMs);
  let status: number | undefined;
  try {
    const response = await fetch(url, {
      ...init,
      signal,
      cache: 'no-store',
      credentials: 'omit',
      // A redirect would carry the token to a host nobody agreed to; it means the host has moved
      // (FACTS.md row 18).
      redirect: 'manual',
      referrerPolicy: 'no-referrer',
    });
    if (response.type === 'opaqueredirect') return { kind: 'host-moved' };
    status = response.status;
    return {
      status,
      body: await response.text(),
      date: readDate(response.headers.get('Date')),
      retryAfterMs: readRetryAfter(response.headers.get('Retry-After')),
    };
  } catch {
    if (signal.aborted) return { kind: 'no-answer', ...(status === undefined ? {} : { status }) };
    if (status !== undefined) return { kind: 'unreadable', status };
    return { kind: onLine() ? 'unreachable' : 'offline' };
  }
}

function readDate(header: string | null): number | null {
  const time = header === null ? NaN : Date.parse(header);
  return Number.isNaN(time) ? null : time;
}

function readRetryAfter(header: string | null): number | null {
  const seconds = header === null || header.trim() === '' ? NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}
