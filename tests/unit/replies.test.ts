import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../utils/keeper/decide/decide.ts';
import { hasLiveSession, readRecord } from '../../utils/records/login.ts';
import { passwordNote } from '../../utils/keeper/status/user.ts';
import {
  readIssued,
  readLastSession,
  readProof,
  redact,
  type RawReply,
} from '../../utils/tradovate/replies.ts';
import { freshLogin } from '../sample-login.ts';

const reply = (body: unknown, status = 200): RawReply => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  date: null,
  retryAfterMs: null,
});

const NOW = Date.UTC(2026, 10, 21, 11);

const GOOD = {
  accessToken: 'a.b.c',
  mdAccessToken: 'd.e.f',
  expirationTime: '2026-11-21T12:00:00.000Z',
  userId: 7,
  userStatus: 'Active',
  passwordExpirationTime: '2027-01-01T00:00:00.000Z',
  orgName: 'Sample Firm',
  apiHosts: { live: 'live.tradovateapi.com', demo: 'demo.tradovateapi.com', replay: 'x' },
};

describe('the answer to a sign-in or a renewal', () => {
  test('is a token with all that comes with it', () => {
    expect(readIssued(reply(GOOD))).toEqual({
      kind: 'issued',
      accessToken: 'a.b.c',
      mdAccessToken: 'd.e.f',
      expirationTime: Date.parse('2026-11-21T12:00:00Z'),
      userId: 7,
      userStatus: 'Active',
      passwordExpirationTime: Date.parse('2027-01-01T00:00:00Z'),
      organisation: 'Sample Firm',
      hosts: { live: 'live.tradovateapi.com', demo: 'demo.tradovateapi.com' },
      date: null,
    });
  });

  test.each([
    ['milliseconds', 1_800_000_000_000, 1_800_000_000_000],
    ['no time', undefined, null],
    ['nonsense', 'soon', null],
  ])('has an expiration time given as %s', (_, expirationTime, read) => {
    expect(readIssued(reply({ ...GOOD, expirationTime }))).toMatchObject({ expirationTime: read });
  });

  test.each([
    ['ISO with Z', '2026-12-04T16:00:00.123Z', Date.UTC(2026, 11, 4, 16, 0, 0, 123)],
    ['ISO without seconds', '2026-12-04T16:00Z', Date.UTC(2026, 11, 4, 16)],
    ['milliseconds', 1_800_000_000_000, 1_800_000_000_000],
    ['none', undefined, null],
    ['null', null, null],
    ['nonsense', 'soon', null],
    ['nothing', '', null],
    ['an object', { at: 1 }, null],
    ['the first day that .NET knows', '0001-01-01T00:00:00Z', null],
    ['before all time', -1, null],
    ['beyond all time', 1e300, null],
  ])('has the end of the password given as %s', (_, passwordExpirationTime, read) => {
    expect(readIssued(reply({ ...GOOD, passwordExpirationTime }))).toMatchObject({
      kind: 'issued',
      passwordExpirationTime: read,
    });
  });

  test.each([
    ['Active', 'Active'],
    ['TemporaryLocked', 'TemporaryLocked'],
    ['Suspended', 'Suspended'],
    ['', null],
    [null, null],
    [undefined, null],
    [5, null],
    [['Closed'], null],
  ])('is a token whatever the status of the user beside it: %j', (userStatus, read) => {
    expect(readIssued(reply({ ...GOOD, userStatus }))).toMatchObject({
      kind: 'issued',
      userStatus: read,
    });
  });

  test.each([
    [' Sample Firm ', 'Sample Firm'],
    ['', ''],
    ['NinjaTrader', ''],
    ['tradovate', ''],
    ['Tradovate of Ohio', 'Tradovate of Ohio'],
    ['x'.repeat(23).concat(' ').repeat(9), 'x'.repeat(23).concat(' ').repeat(9).slice(0, 60)],
    ['a-piece-of-a-token-0123456789', '…'],
    [null, null],
    [{ name: 'Sample Firm' }, null],
  ])('names the organisation %j as %j', (orgName, read) => {
    expect(readIssued(reply({ ...GOOD, orgName }))).toMatchObject({ organisation: read });
  });

  test.each([
    [
      'a penalty',
      200,
      { 'p-ticket': 't', 'p-time': 15 },
      { kind: 'penalty', ticket: 't', waitMs: 15_000 },
    ],
    ['a captcha', 200, { 'p-ticket': 't', 'p-time': 15, 'p-captcha': true }, { kind: 'captcha' }],
    [
      'a penalty beside a token',
      200,
      { ...GOOD, 'p-ticket': 't', 'p-time': 5 },
      { kind: 'penalty' },
    ],
    [
      'an error beside a token',
      200,
      { ...GOOD, error: 'invalid_client' },
      { kind: 'app-not-registered' },
    ],
    [
      'an errorText beside a token',
      200,
      { ...GOOD, errorText: 'Access is denied' },
      { kind: 'unauthorized' },
    ],
    [
      'a wrong password',
      200,
      {
        errorText:
          'Incorrect username or password. Please try again, noting that passwords are case-sensitive.',
      },
      { kind: 'wrong-credentials' },
    ],
    [
      'an unregistered app',
      200,
      { errorText: 'The app is not registered' },
      { kind: 'app-not-registered' },
    ],
    [
      'another environment',
      200,
      { errorText: 'This should be called on demo.tradovateapi.com' },
      { kind: 'wrong-environment' },
    ],
    [
      'another host of the broker',
      200,
      { errorText: 'This should be called on https://Demo-Firm.tradovateapi.com/v1.' },
      { kind: 'host-moved', named: 'demo-firm.tradovateapi.com' },
    ],
    [
      'another host, with a 401',
      401,
      { errorText: 'This should be called on demo-firm.tradovateapi.com' },
      { kind: 'unauthorized', named: 'demo-firm.tradovateapi.com' },
    ],
    [
      'words nobody knows',
      200,
      { errorText: 'Something new' },
      { kind: 'refused', said: 'Something new' },
    ],
    ['a status without a token', 200, { userStatus: 'TemporaryLocked' }, { kind: 'user-locked' }],
    ['a status that nobody knows', 200, { userStatus: 'toString' }, { kind: 'unreadable' }],
    ['no token', 200, {}, { kind: 'unreadable' }],
    ['an empty token', 200, { ...GOOD, accessToken: '' }, { kind: 'unreadable' }],
    ['nothing', 200, '', { kind: 'unreadable' }],
    ['half a body', 200, '{"accessToken":"a.b', { kind: 'unreadable' }],
    ['a web page', 200, '<!doctype html><title>Sorry</title>', { kind: 'unreadable' }],
    ['null', 200, 'null', { kind: 'unreadable' }],
    ['401, empty', 401, '', { kind: 'unauthorized' }],
    [
      '401 with words',
      401,
      { errorText: 'Access is denied' },
      { kind: 'unauthorized', said: 'Access is denied' },
    ],
    ['403', 403, '', { kind: 'unauthorized' }],
    ['401 as plain words', 401, 'Access is denied', { kind: 'unauthorized' }],
    ['401 as words in quotes', 401, '"Expired Access Token"', { kind: 'unauthorized' }],
    ['a gateway’s 403', 403, '<html><body>Forbidden</body></html>', { kind: 'intercepted' }],
    ['a gateway’s 401', 401, '<!doctype html><title>Sign in</title>', { kind: 'intercepted' }],
    ['a gateway’s 403 in JSON', 403, { message: 'Forbidden' }, { kind: 'intercepted' }],
    ['a proxy’s 407', 407, 'Proxy Authentication Required', { kind: 'intercepted' }],
    ['a gateway’s 451', 451, '<html>', { kind: 'intercepted' }],
    ['400 with words', 400, { errorText: 'Bad cid' }, { kind: 'refused', said: 'Bad cid' }],
    ['400, empty', 400, '', { kind: 'refused' }],
    ['404', 404, '', { kind: 'not-found' }],
    ['408', 408, '', { kind: 'request-timeout' }],
    ['421', 421, '', { kind: 'host-moved' }],
    ['423', 423, '', { kind: 'locked-out' }],
    ['429, empty', 429, '', { kind: 'rate-limited' }],
    [
      '429 with a ticket',
      429,
      { 'p-ticket': 't', 'p-time': 3 },
      { kind: 'penalty', waitMs: 3_000 },
    ],
    ['500', 500, 'oops', { kind: 'broker-error' }],
    ['503 as a page', 503, '<html>', { kind: 'broker-error' }],
    ['a token with a 500', 500, GOOD, { kind: 'broker-error' }],
  ])(
    'bug class 2: an HTTP 200 that carries an error is not a token: %s',
    (_, status, body, failure) => {
      expect(readIssued(reply(body, status))).toMatchObject(failure);
    },
  );

  test('bug class 14: the market-data token is kept beside the access token, or known to be absent', () => {
    expect(readIssued(reply(GOOD))).toMatchObject({ mdAccessToken: 'd.e.f' });
    const { mdAccessToken: _, ...without } = GOOD;
    expect(readIssued(reply(without))).toMatchObject({ kind: 'issued', mdAccessToken: null });
  });

  test.each([
    'evil.example',
    'tradovateapi.com.evil.example',
    'eviltradovateapi.com',
    'tradovateapi.com',
    'demo.tradovateapi.com.',
    'demo.tradovateapi.com:8443',
    '10.0.0.1',
    '[::1]',
    'demo-d.tradovate.com',
    'demo-api.staging.ninjatrader.dev',
    'live.tradovateapi.com/path',
    'live.tradovateapi.com@evil.example',
    'https://live.tradovateapi.com',
    '-.tradovateapi.com',
    '',
    5,
  ])('bug class 13: a host that is not the broker’s is dropped: %s', (live) => {
    expect(readIssued(reply({ ...GOOD, apiHosts: { live } }))).toHaveProperty('hosts', {});
  });

  test('is read without a crash whatever it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        fc.oneof(fc.string(), fc.json()),
        (status, body) => {
          const read = readIssued(reply(body, status));
          expect(read.kind === 'issued' && (status < 200 || status > 299)).toBe(false);
        },
      ),
    );
  });

  test('of a damaged kind is never a token', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(GOOD)), fc.jsonValue(), (key, value) => {
        const read = readIssued(reply({ ...GOOD, [key]: value }));
        if (read.kind === 'issued') expect(read.accessToken.length).toBeGreaterThan(0);
      }),
    );
  });
});

test('bug class 3: nothing beside a token keeps it from being one, or from the disk', () => {
  const beside = fc.constantFrom(
    'userStatus',
    'passwordExpirationTime',
    'orgName',
    'expirationTime',
    'userId',
    'mdAccessToken',
    'apiHosts',
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('Closed', 'TemporaryLocked', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  );
  fc.assert(
    fc.property(
      fc.dictionary(beside, value),
      fc.option(fc.integer({ min: 0, max: 4e12 })),
      (said, date) => {
        const token = readIssued({ ...reply({ ...GOOD, ...said }), date });
        expect(token.kind).toBe('issued');
        const context = { now: NOW, random: Math.random, others: [] };
        const asked = decide(freshLogin(NOW), { type: 'sign-in' }, context);
        const { record } = decide(asked.record, { type: 'answered', outcome: token }, context);
        const read = readRecord(structuredClone(record));
        expect(read?.session).toEqual(record.session);
        expect(read?.failure).toBeNull();
        expect(hasLiveSession(read ?? record, NOW)).toBe(true);
        expect(() => passwordNote(read ?? record, NOW)).not.toThrow();
      },
    ),
  );
});

describe('the answer to a probe', () => {
  test.each([
    ['accounts', [{ id: 1 }], 'proven'],
    ['an empty list, as in weekend maintenance', [], 'proven'],
    ['an object', { id: 1 }, 'unreadable'],
    ['an errorText', { errorText: 'Access is denied' }, 'unauthorized'],
  ])('%s', (_, body, kind) => {
    expect(readProof(reply(body))).toMatchObject({ kind });
  });
});

test.each([
  'This should be called on evil.example',
  'This should be called on demo.tradovateapi.com.evil.example',
  'This should be called on demo-firm.tradovateapi.com:8443',
  'This should be called on demo-firm.tradovateapi.com@evil.example',
  'Read more at www.ninjatrader.com',
])('bug class 13: no host is taken from "%s"', (errorText) => {
  expect(readIssued(reply({ errorText }))).not.toHaveProperty('named');
});

test('a host of the broker is readable in its words', () => {
  const words = 'This operation should be called on demo-of-a-firm.tradovateapi.com.';
  expect(redact(words)).toBe(words);
});

test('bug class 9: nothing as long as a token is left in the broker’s words', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w-]{24,80}$/), (token) => {
      expect(redact(`Invalid access token ${token}!`)).not.toContain(token);
    }),
  );
});

test.each([
  [
    'the last session',
    [{ id: 7, lastSessionTime: '2026-11-21T12:00:00Z', failedPasswords: 0 }],
    200,
  ],
  ['no session yet', [{ id: 7, failedPasswords: 0 }], 200],
  ['another user’s', [], 200],
  ['no time', [{ lastSessionTime: 'soon' }], 200],
  ['an error in a 200', { errorText: 'Access is denied' }, 200],
  ['a refusal', '', 401],
])('session statistics: %s', (name, body, status) => {
  const expected = name === 'the last session' ? Date.parse('2026-11-21T12:00:00Z') : null;
  expect(readLastSession(reply(body, status))).toBe(expected);
});
