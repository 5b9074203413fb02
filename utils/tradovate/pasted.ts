/**
 * Reading the token that another program holds, as a person pastes it: the reply of
 * accessTokenRequest, what programs make of it, the OAuth spelling, or the bare token.
 */
import type { Failure } from './failure.ts';
import { parseJson, readIssued, type Issued } from './replies.ts';

export interface Pasted {
  token: Issued;
  /** The user it belongs to; null when that is not said. */
  userName: string | null;
}

/** Spellings in lower case without separators, the surest of each first, and what they are here. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  accessToken: ['accesstoken', 'token'],
  mdAccessToken: ['mdaccesstoken', 'mdtoken'],
  expirationTime: ['expirationtime', 'expiresat', 'expiration'],
  userId: ['userid'],
  userName: ['username', 'name'],
  apiHosts: ['apihosts'],
  'p-ticket': ['pticket'],
  error: ['error'],
  error_description: ['errordescription'],
  errorText: ['errortext'],
};

/** What may stand in an `Authorization: Bearer` header (RFC 6750); shorter is no token anybody issues. */
const TOKEN = /^[\w.~+/=-]{16,}$/;
const BEARER = /^(?:authorization\s*:\s*)?bearer\s+/i;
/** Programs keep the reply inside something of their own. */
const DEPTH = 3;
/** A time as a number below this is in seconds: as milliseconds it would be before 1973. */
const FIRST_MS = 1e11;

/** The token in `text`; a failure with the broker's words when it is a refusal, `unreadable` when it is neither. */
export function readPasted(text: string): Pasted | Failure {
  const trimmed = text.trim();
  const value = parseJson(trimmed) ?? trimmed;
  // A token of digits alone is JSON too, but no number.
  if (typeof value !== 'object') return read({ accessToken: isText(value) ? value : trimmed });
  const object = find(value, holdsToken, DEPTH) ?? find(value, holdsRefusal, DEPTH);
  return object === null ? { kind: 'unreadable' } : read(object);
}

const isText = (value: unknown): value is string => typeof value === 'string';

type Fields = Record<string, unknown>;

const holdsToken = ({ accessToken }: Fields) => tokenIn(accessToken) !== undefined;
const holdsRefusal = (object: Fields) =>
  ['errorText', 'error', 'p-ticket'].some((name) => name in object);

/** `value` itself, or the nearest object in it, that `is` what is looked for; its fields as they are named here. */
function find(value: unknown, is: (object: Fields) => boolean, depth: number): Fields | null {
  if (typeof value !== 'object' || value === null) return null;
  const object = canonical(value);
  if (is(object)) return object;
  if (depth === 0) return null;
  for (const inner of Object.values(value)) {
    const found = find(inner, is, depth - 1);
    if (found !== null) return found;
  }
  return null;
}

function canonical(value: object): Fields {
  const plain = new Map(
    Object.entries(value).map(([name, held]) => [
      name.toLowerCase().replaceAll(/[-_ ]/g, ''),
      held,
    ]),
  );
  const object: Fields = {};
  for (const [name, spellings] of Object.entries(SPELLINGS)) {
    const spelling = spellings.find((one) => plain.get(one) != null);
    if (spelling !== undefined) object[name] = plain.get(spelling);
  }
  return object;
}

function read(object: Fields): Pasted | Failure {
  const accessToken = tokenIn(object['accessToken']);
  const claims = accessToken === undefined ? {} : claimsOf(accessToken);
  const reply = readIssued({
    status: 200,
    body: JSON.stringify({
      ...object,
      accessToken,
      mdAccessToken: tokenIn(object['mdAccessToken']),
      expirationTime: readTime(object['expirationTime']) ?? readTime(claims['exp']),
      userId: readId(object['userId']) ?? readId(claims['sub']),
    }),
    date: null,
    retryAfterMs: null,
  });
  if (reply.kind !== 'issued') return reply;
  const { userName } = object;
  return { token: reply, userName: isText(userName) ? userName.trim() || null : null };
}

function tokenIn(value: unknown): string | undefined {
  const token = isText(value) ? value.trim().replace(BEARER, '') : '';
  return TOKEN.test(token) ? token : undefined;
}

/**
 * Tokens are JWTs nowadays, which nobody has promised (FACTS.md §3): what cannot be read is left
 * out.
 */
function claimsOf(token: string): Fields {
  const middle = token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '';
  try {
    return (parseJson(atob(middle)) ?? {}) as Fields;
  } catch {
    return {};
  }
}

/** The user whose token it is, where it can be read; null: it cannot. */
export function userIdIn(accessToken: string): number | null {
  return readId(claimsOf(accessToken)['sub']) ?? null;
}

/** Epoch ms of a number or a text of digits, in seconds or ms; any other text as it is. */
function readTime(value: unknown): string | number | undefined {
  const number = isText(value) && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number') return number < FIRST_MS ? number * 1_000 : number;
  return isText(number) ? number : undefined;
}

function readId(value: unknown): number | undefined {
  const id = isText(value) && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' ? id : undefined;
}
