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
   * so (FACTS.md §1). A failure: that could not be learned.
   */
  takesPkce(limitMs: number): Promise<boolean | Failure>;
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
    signIn: async (host, login, limitMs) => {
      // The schema says text, the examples and a production client use a number (FACTS.md §2).
      const number = /^\d{1,15}$/.test(login.cid) ? Number(login.cid) : login.cid;
      const send = (cid: string | number) =>
        ask(readIssued, `https://${host}/v1/auth/accesstokenrequest`, limitMs, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
          body: JSON.stringify(signInBody(login, cid)),
        });
      const answer = await send(number);
      // "This does not look as it must": nothing was opened, nor counted as a wrong password.
      const malformed = answer.kind === 'refused' && answer.status === 400;
      return malformed && number !== login.cid ? send(login.cid) : answer;
    },
    redeem: (host, grant, limitMs) =>
      ask(readRedeemed, `https://${host}/auth/oauthtoken`, limitMs, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          Accept: 'application/json',
        },
        body: grantBody(grant).toString(),
      }),
    takesPkce: (limitMs) => {
      const url = `https://${KNOWN_HOSTS.demo}/.well-known/oauth-authorization-server`;
      return ask(readTakesPkce, url, limitMs, { method: 'GET' });
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

function signInBody(login: SignIn, cid: string | number): Record<string, unknown> {
  return {
    name: login.userName,
    password: login.password,
    appId: login.appId,
    appVersion: login.appVersion,
    deviceId: login.deviceId,
    cid,
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
    const date = readDate(response.headers.get('Date'));
    return {
      status,
      body: await textOf(response),
      date,
      retryAfterMs: readRetryAfter(response.headers.get('Retry-After'), date),
    };
  } catch {
    if (signal.aborted) return { kind: 'no-answer', ...(status === undefined ? {} : { status }) };
    if (status !== undefined) return { kind: 'unreadable', status };
    return { kind: onLine() ? 'unreachable' : 'offline' };
  }
}

/** Thousands of accounts are less. Whatever sends more must not fill the memory of the one who keeps all logins. */
const MOST_BYTES = 4_000_000;

/** The body as text; throws when it is longer than any answer is. */
async function textOf({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    bytes += part.value.byteLength;
    if (bytes > MOST_BYTES) {
      void reader?.cancel().catch(() => undefined);
      throw new RangeError('Too long an answer.');
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

function readDate(header: string | null): number | null {
  const time = header === null ? NaN : Date.parse(header);
  return Number.isNaN(time) ? null : time;
}

/** In seconds, or as a moment on the clock of the broker, which says in `Date` what time it is there. */
function readRetryAfter(header: string | null, date: number | null): number | null {
  const text = header?.trim() ?? '';
  if (text === '') return null;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text) - (date ?? NaN);
  return ms >= 0 ? ms : null;
}
