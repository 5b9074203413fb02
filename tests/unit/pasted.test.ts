import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPasted } from '../../utils/tradovate/pasted.ts';

const TOKEN = 'not-a-real-token.abcdefghij';
const EXPIRY = Date.UTC(2026, 10, 23, 16, 20);

/** A token with claims, as they are seen (FACTS.md §3). */
const jwt = (claims: object): string =>
  ['{}', JSON.stringify(claims), 'made-up signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

describe('what another program holds', () => {
  const whole = {
    token: {
      kind: 'issued',
      accessToken: TOKEN,
      mdAccessToken: 'md-token',
      expirationTime: EXPIRY,
      userId: 7,
      userStatus: null,
      passwordExpirationTime: null,
      organisation: null,
      hosts: { demo: 'demo.tradovateapi.com' },
      date: null,
    },
    userName: 'sam',
  };
  const MD = `${TOKEN}-market`;
  const all = { ...whole, token: { ...whole.token, mdAccessToken: MD } };
  const iso = new Date(EXPIRY).toISOString();

  test('is read from the reply of accessTokenRequest', () => {
    const reply = {
      accessToken: TOKEN,
      mdAccessToken: MD,
      expirationTime: iso,
      userId: 7,
      name: 'sam',
      userStatus: 'Active',
      hasLive: true,
      apiHosts: { demo: 'demo.tradovateapi.com' },
    };
    expect(readPasted(JSON.stringify(reply))).toEqual(all);
    expect(readPasted(`\n ${JSON.stringify(reply, null, 2)}\n`)).toEqual(all);
  });

  test.each([
    ['OAuth', { access_token: TOKEN, refresh_token: 'x', expires_in: 4800, token_type: 'bearer' }],
    ['a header', { token: `Bearer ${TOKEN}` }],
    ['another case', { AccessToken: TOKEN }],
    ['environment variables', { ACCESS_TOKEN: TOKEN, ACCESS_TOKEN_OLD: 'x' }],
    ['inside something else', { saved: { auth: { accessToken: TOKEN } } }],
    ['in a list', [{ id: 1 }, { accessToken: TOKEN }]],
    ['beside an empty one', { token: null, accessToken: TOKEN }],
    ['beside an error that is none', { error: null, errorText: '', accessToken: TOKEN }],
    ['below an error', { error: 'old', d: { accessToken: TOKEN } }],
    ['bare', TOKEN],
    ['as a JSON text', JSON.stringify(TOKEN)],
    ['bare with a prefix', `  Bearer ${TOKEN}\n`],
    ['a header line', `Authorization: Bearer ${TOKEN}`],
  ])('is found whatever it is called: %s', (_, held) => {
    const text = typeof held === 'string' ? held : JSON.stringify(held);
    expect(readPasted(text)).toMatchObject({ token: { accessToken: TOKEN } });
  });

  test.each([
    ['ISO', { expirationTime: iso }],
    ['milliseconds', { expirationTime: EXPIRY }],
    ['seconds', { expires_at: EXPIRY / 1_000 }],
    ['digits', { expiration: String(EXPIRY) }],
  ])('tells its end as %s', (_, end) => {
    expect(readPasted(JSON.stringify({ accessToken: TOKEN, ...end }))).toMatchObject({
      token: { expirationTime: EXPIRY },
    });
  });

  test('tells its end and its user by itself when nothing else does', () => {
    const token = jwt({ exp: EXPIRY / 1_000, sub: '20001' });
    expect(readPasted(token)).toMatchObject({ token: { expirationTime: EXPIRY, userId: 20_001 } });
    expect(readPasted(JSON.stringify({ token, expirationTime: EXPIRY + 1_000 }))).toMatchObject({
      token: { expirationTime: EXPIRY + 1_000 },
    });
  });

  test('may say nothing at all beside the token: how long it was valid once is no end', () => {
    expect(readPasted(JSON.stringify({ access_token: TOKEN, expires_in: 4800 }))).toMatchObject({
      token: { expirationTime: null, userId: null, mdAccessToken: null },
      userName: null,
    });
  });
});

test('may be digits alone', () => {
  expect(readPasted('12345678901234567890')).toMatchObject({
    token: { accessToken: '12345678901234567890' },
  });
});

describe('what is no token', () => {
  test.each([
    '',
    'hello',
    'null',
    '{}',
    '[]',
    '7',
    '{"accessToken":""}',
    '{"accessToken":"a b c"}',
  ])('is not taken for one: %s', (text) =>
    expect(readPasted(text)).toMatchObject({ kind: 'unreadable' }),
  );

  test('but a refusal comes with the broker’s words', () => {
    const text = JSON.stringify({ errorText: 'The app is not registered' });
    expect(readPasted(text)).toMatchObject({ said: 'The app is not registered' });
  });

  test('a token beside a refusal is not one either (FACTS.md row 14)', () => {
    const text = JSON.stringify({ accessToken: TOKEN, errorText: 'Access is denied' });
    expect(readPasted(text)).toMatchObject({ kind: 'unauthorized' });
  });
});

const token = fc.stringMatching(/^[\w.~+/-]{16,200}$/);
const accessName = fc.constantFrom('accessToken', 'access_token', 'AccessToken', 'ACCESS-TOKEN');
/** Fields that nobody knows, and known ones with anything in them. */
const junk = fc.dictionary(
  fc.oneof(
    fc.string().filter((name) => !/token|error|ticket/i.test(name)),
    fc.constantFrom('expirationTime', 'userId', 'name', 'apiHosts', 'mdAccessToken', 'expires_at'),
  ),
  fc.jsonValue(),
);

test('10,000 replies: no token is lost, whatever stands beside it', () => {
  fc.assert(
    fc.property(
      token,
      accessName,
      junk,
      fc.nat(2),
      fc.nat(4),
      (held, name, beside, deep, space) => {
        let reply: unknown = { ...beside, [name]: held };
        for (let level = 0; level < deep; level++) reply = { saved: reply };
        expect(readPasted(JSON.stringify(reply, null, space))).toMatchObject({
          token: { accessToken: held },
        });
      },
    ),
    { numRuns: 10_000 },
  );
});

test('10,000 damaged texts: no crash, and what is called a token stands in the text as it is', () => {
  const reply = fc
    .record({ accessToken: token, expirationTime: fc.jsonValue(), userId: fc.jsonValue() })
    .map((value) => JSON.stringify(value));
  const damaged = fc
    .tuple(fc.oneof(reply, token, fc.json()), fc.nat(400), fc.nat(60), fc.string())
    .map(([text, at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
  fc.assert(
    fc.property(fc.oneof(damaged, fc.string(), fc.json()), (text) => {
      const read = readPasted(text);
      if ('kind' in read) return;
      expect(read.token.accessToken).toMatch(/^[\w.~+/=-]{16,}$/);
      expect(JSON.stringify(text) + unescaped(text)).toContain(read.token.accessToken);
    }),
    { numRuns: 10_000 },
  );
});

/** The text with JSON's escapes taken out, as far as it is JSON. */
function unescaped(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
