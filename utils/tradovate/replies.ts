/**
 * Reading what the broker answers. An HTTP 200 proves nothing: the order of looking is `p-ticket`,
 * `error`, `errorText`, and only then a token that validates (FACTS.md row 14).
 */
import * as v from 'valibot';
import type { Failure, FailureKind } from './failure.ts';
import { isBrand } from './front-doors.ts';
import { isBrokerHost, KNOWN_HOSTS, type ApiHosts } from './hosts.ts';
import { USER_STATUS } from './user-status.ts';

/** What arrived, before anybody has judged it. */
export interface RawReply {
  status: number;
  body: string;
  /** `Date` header as epoch ms on the broker's clock, when readable. */
  date: number | null;
  /** `Retry-After` in ms, when present. */
  retryAfterMs: number | null;
}

/**
 * A token as issued by accessTokenRequest or renewAccessToken (the shapes are the same,
 * FACTS.md §3).
 */
export interface Issued {
  kind: 'issued';
  accessToken: string;
  /** The market-data token that comes with it; null when the broker left it out. */
  mdAccessToken: string | null;
  /** End of life on the broker's clock, epoch ms; null when it was not said. */
  expirationTime: number | null;
  userId: number | null;
  /**
   * `Active`, `Closed`, `Initiated`, `TemporaryLocked` or `UnconfirmedEmail` (FACTS.md §2); null
   * when it was not said.
   */
  userStatus?: string | null;
  /**
   * End of the password on the broker's clock, epoch ms; null when it was not said (FACTS.md §2).
   */
  passwordExpirationTime?: number | null;
  /**
   * `orgName` (FACTS.md §2): empty where that is nobody but a front door, null when it was not
   * said.
   */
  organisation?: string | null;
  /** Empty when the reply named none: keep the last known (FACTS.md row 17). */
  hosts: ApiHosts;
  date: number | null;
  /** How long it lives from now, ms: OAuth says that instead of an end. */
  lifeMs?: number;
  /** Redeemed when the access token has died; each one works once. */
  refresh?: { token: string; lifeMs: number | null };
  /** The user's name, where it was asked for. */
  userName?: string;
}

/** Whose token it is. */
export interface Identity {
  kind: 'identity';
  userId: number | null;
  name: string;
}

/** A call that needs a valid token was answered. */
export interface Proven {
  kind: 'proven';
  /** Names of the trading accounts that were listed; absent when there were none. */
  accounts?: string[];
}

const penaltySchema = v.object({
  'p-ticket': v.string(),
  'p-time': v.optional(v.number(), 0),
  'p-captcha': v.optional(v.boolean(), false),
});

const anything = v.optional(v.unknown());

// A good token is never thrown away for an odd field beside it.
const issuedSchema = v.object({
  accessToken: v.pipe(v.string(), v.minLength(1)),
  mdAccessToken: v.fallback(v.nullish(v.string()), null),
  // ISO-8601 in UTC by the documentation; one client has met a number of ms (FACTS.md §3).
  expirationTime: anything,
  userId: v.fallback(v.nullish(v.number()), null),
  userStatus: anything,
  passwordExpirationTime: anything,
  orgName: anything,
  apiHosts: anything,
});

const sessionStatsSchema = v.tupleWithRest(
  [v.object({ lastSessionTime: v.string() })],
  v.unknown(),
);

/** Reads the answer to a sign-in or a renewal. */
export function readIssued(reply: RawReply): Issued | Failure {
  const body = readBody(reply);
  if ('kind' in body) return body;
  const parsed = v.safeParse(issuedSchema, body.value);
  if (!parsed.success) return { kind: 'unreadable', status: reply.status };
  const { accessToken, mdAccessToken, expirationTime, userId, apiHosts, ...said } = parsed.output;
  return {
    kind: 'issued',
    accessToken,
    mdAccessToken: mdAccessToken ?? null,
    expirationTime: readTime(expirationTime),
    userId: userId ?? null,
    userStatus: readName(said.userStatus) || null,
    passwordExpirationTime: readTime(said.passwordExpirationTime),
    organisation: readOrganisation(said.orgName),
    hosts: readHosts(apiHosts),
    date: reply.date,
  };
}

const seconds = v.fallback(v.nullish(v.pipe(v.number(), v.minValue(1))), null);
const redeemedSchema = v.object({
  access_token: v.pipe(v.string(), v.minLength(1)),
  refresh_token: v.fallback(v.nullish(v.string()), null),
  expires_in: seconds,
  refresh_token_expires_in: seconds,
  apiHosts: v.optional(v.unknown()),
});

/**
 * Reads the answer to a code or a refresh token (FACTS.md §1: failures come as HTTP 200 with
 * `error`).
 */
export function readRedeemed(reply: RawReply): Issued | Failure {
  const body = readBody(reply);
  if ('kind' in body) return body;
  const parsed = v.safeParse(redeemedSchema, body.value);
  if (!parsed.success) return { kind: 'unreadable', status: reply.status };
  const { access_token, refresh_token, expires_in, apiHosts } = parsed.output;
  const refreshSeconds = parsed.output.refresh_token_expires_in ?? null;
  return {
    kind: 'issued',
    accessToken: access_token,
    mdAccessToken: null,
    expirationTime: null,
    userId: null,
    hosts: readHosts(apiHosts),
    date: reply.date,
    ...(expires_in == null ? {} : { lifeMs: expires_in * 1_000 }),
    ...(refresh_token
      ? { refresh: { token: refresh_token, lifeMs: refreshSeconds && refreshSeconds * 1_000 } }
      : {}),
  };
}

/**
 * Reads the metadata of the broker's OAuth server (RFC 8414): is S256 among what it takes? Where there
 * is none it takes no PKCE; what says nothing of it is a failure.
 */
export function readTakesPkce(reply: RawReply): boolean | Failure {
  const failure = readStatus(reply);
  if (failure && failure.kind !== 'not-found' && failure.kind !== 'refused') return failure;
  const { code_challenge_methods_supported: methods } = (parseJson(reply.body) ?? {}) as Record<
    string,
    unknown
  >;
  return Array.isArray(methods) && methods.includes('S256');
}

const identitySchema = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1)),
  // Just after the issue it may be missing for some minutes (FACTS.md §5).
  userId: v.fallback(v.nullish(v.number()), null),
});

/** Reads the answer to `/auth/me`. */
export function readIdentity(reply: RawReply): Identity | Failure {
  const body = readBody(reply);
  if ('kind' in body) return body;
  const parsed = v.safeParse(identitySchema, body.value);
  if (!parsed.success) return { kind: 'unreadable', status: reply.status };
  return { kind: 'identity', name: parsed.output.name, userId: parsed.output.userId ?? null };
}

/**
 * Reads the answer to a call that only works with a valid token and lists something. An empty list
 * is a proof too: accounts vanish from it during weekend maintenance (FACTS.md §5).
 */
export function readProof(reply: RawReply): Proven | Failure {
  const body = readBody(reply);
  if ('kind' in body) return body;
  if (!Array.isArray(body.value)) return { kind: 'unreadable', status: reply.status };
  const accounts = (body.value as unknown[]).flatMap((account) => {
    const name = readName((account as { name?: unknown } | null)?.name);
    return name === null || name === '' ? [] : [name];
  });
  return { kind: 'proven', ...(accounts.length > 0 ? { accounts: accounts.slice(0, 100) } : {}) };
}

/** Reads `lastSessionTime` out of an answer of userSessionStats, epoch ms on the broker's clock. */
export function readLastSession(reply: RawReply): number | null {
  const body = readBody(reply);
  const parsed = 'kind' in body ? null : v.safeParse(sessionStatsSchema, body.value);
  return parsed?.success === true ? readTime(parsed.output[0].lastSessionTime) : null;
}

function readBody(reply: RawReply): { value: unknown } | Failure {
  const failure = readStatus(reply);
  const value = parseJson(reply.body);
  const penalty = v.safeParse(penaltySchema, value);
  if (penalty.success) {
    const { 'p-ticket': ticket, 'p-time': seconds, 'p-captcha': captcha } = penalty.output;
    if (captcha) return { kind: 'captcha', status: reply.status };
    return { kind: 'penalty', status: reply.status, ticket, waitMs: seconds * 1_000 };
  }
  const words = readWords(value);
  if (failure && isIntercepted(failure, reply.body, words))
    return { kind: 'intercepted', status: reply.status };
  if (failure) return { ...failure, ...words };
  const kind = kindOf(value, words);
  if (kind) return { kind, status: reply.status, ...words };
  return value === undefined ? { kind: 'unreadable', status: reply.status } : { value };
}

/**
 * A refusal is the broker's when it has no body or the broker's words in it (FACTS.md §2); anything
 * else comes from a gateway on the way and says nothing about the token.
 */
function isIntercepted({ kind }: Failure, body: string, { said }: Words): boolean {
  if (kind !== 'unauthorized' && kind !== 'refused') return false;
  return said === undefined && body.trim() !== '' && !DENIED.test(body);
}

/** As a body of its own, in quotes or not. */
const DENIED = /^\s*"?(?:access is denied|(?:expired|invalid) access token)\.?"?\s*$/i;

function readStatus({ status, retryAfterMs }: RawReply): Failure | null {
  if (status >= 200 && status < 300) return null;
  const kind =
    STATUS[status] ??
    (status >= 500 ? 'broker-error' : status >= 300 && status < 400 ? 'host-moved' : 'refused');
  return retryAfterMs === null ? { kind, status } : { kind, status, waitMs: retryAfterMs };
}

const STATUS: Partial<Record<number, FailureKind>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  404: 'not-found',
  408: 'request-timeout',
  421: 'host-moved',
  423: 'locked-out',
  429: 'rate-limited',
};

/** The texts are the broker's and may change: whatever matches none is shown as it is ("refused"). */
const SAID: readonly (readonly [RegExp, FailureKind])[] = [
  [/should be called on|wrong environment|use live/i, 'wrong-environment'],
  [/not registered|invalid_client|application not found/i, 'app-not-registered'],
  [/compromised|leaked/i, 'password-compromised'],
  [/password.*expired|expired.*password/i, 'password-expired'],
  [/incorrect username|incorrect password|invalid (?:username|credentials)/i, 'wrong-credentials'],
  [/terms (?:and|&) conditions|terms of (?:use|service)/i, 'terms-outdated'],
  [/locked/i, 'user-locked'],
  [/closed/i, 'user-closed'],
  [/confirm.*e-?mail|e-?mail.*confirm/i, 'email-unconfirmed'],
  [/access is denied|(?:expired|invalid) access token/i, 'unauthorized'],
];

/** Why there is no token in an answer with a good status; null when nothing says so. */
function kindOf(value: unknown, { said, named }: Words): FailureKind | null {
  if (typeof value !== 'object' || value === null) return null;
  const { userStatus, hibpHint, outdatedTaC, accessToken } = value as Record<string, unknown>;
  if (accessToken === undefined) {
    const kind = USER_STATUS.get(userStatus);
    if (kind !== undefined) return kind;
    if (typeof hibpHint === 'string' && hibpHint !== '') return 'password-compromised';
    if (outdatedTaC === true) return 'terms-outdated';
  }
  if (said === undefined) return null;
  if (named !== undefined && !Object.values(KNOWN_HOSTS).includes(named)) return 'host-moved';
  const { error } = value as Record<string, unknown>;
  const known = typeof error === 'string' ? kindOfError(error, said) : null;
  if (known) return known;
  return SAID.find(([pattern]) => pattern.test(said))?.[1] ?? 'refused';
}

/**
 * `error` of the OAuth calls (FACTS.md §1), as far as it is known; the words tell apart what one
 * value is used for.
 */
export function kindOfError(error: string, said: string): FailureKind | null {
  if (/redirect/i.test(said)) return 'redirect-mismatch';
  return ERRORS[error] ?? null;
}

const ERRORS: Partial<Record<string, FailureKind>> = {
  access_denied: 'access-denied',
  invalid_client: 'app-not-registered',
  unauthorized_client: 'app-not-registered',
  invalid_grant: 'code-refused',
  invalid_token: 'unauthorized',
};

type Words = Pick<Failure, 'said' | 'named'>;

function readWords(value: unknown): Words {
  if (typeof value !== 'object' || value === null) return {};
  const { error, error_description: description, errorText } = value as Record<string, unknown>;
  for (const text of [description, error, errorText]) {
    if (typeof text !== 'string' || text === '') continue;
    const named = CALLED_ON.exec(text.toLowerCase())?.[1];
    const isHost = named !== undefined && isBrokerHost(named);
    return { said: redact(text), ...(isHost ? { named } : {}) };
  }
  return {};
}

/**
 * "This operation should be called on …" (FACTS.md §1). Any other host in a text may be a web
 * page's.
 */
const CALLED_ON = /\bcalled (?:on|at) (?:https:\/\/)?([a-z0-9.-]+?)\.?(?=[\s/,;!?"')]|$)/;

/** The broker's words are shown and journalled, so anything long enough to be a token is cut out. */
export function redact(text: string): string {
  const cut = (long: string) => (isBrokerHost(long.replace(/\.$/, '')) ? long : '…');
  return text.replaceAll(/[\w.~+/=-]{24,}/g, cut).slice(0, 200);
}

/** What cannot be written as a date, on whichever clock, is no time. */
const LAST_TIME = 8e15;

function readTime(time: unknown): number | null {
  const parsed = typeof time === 'string' ? Date.parse(time) : time;
  return typeof parsed === 'number' && parsed > 0 && parsed < LAST_TIME ? parsed : null;
}

/** The firm that a user trades for; empty where that is the broker itself under one of its names. */
function readOrganisation(name: unknown): string | null {
  const firm = readName(name);
  const isBroker = firm !== null && isBrand(firm.toLowerCase());
  return isBroker ? '' : firm;
}

function readName(name: unknown): string | null {
  return typeof name === 'string' ? redact(name.trim()).slice(0, 60) : null;
}

const HOST_KEYS = ['live', 'demo', 'mdLive', 'mdDemo'] as const;

function readHosts(named: unknown): ApiHosts {
  const hosts: ApiHosts = {};
  if (typeof named !== 'object' || named === null) return hosts;
  for (const key of HOST_KEYS) {
    const host = (named as Record<string, unknown>)[key];
    if (typeof host === 'string' && isBrokerHost(host.toLowerCase()))
      hosts[key] = host.toLowerCase();
  }
  return hosts;
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
