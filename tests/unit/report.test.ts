/** The support report: what is in it, and that no secret can be. */
import type { JournalDetails } from '../../utils/records/journal.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalLine } from '../../utils/records/journal.ts';
import { report, withoutSecrets, type ReportInput } from '../../utils/words/report.ts';
import { greenLogin } from '../sample-login.ts';
import { allSecrets } from '../../utils/vault/secrets.ts';
import { atPage, oauthInputOf } from './broker-page.ts';
import { central } from './chicago.ts';
import { sentence } from '../sentence.ts';
import { PASSWORD, World } from './world.ts';
import { sampleApp } from '../simulator/broker-types.ts';

const MINUTE = 60_000;
const NOW = central('2026-11-23T12:00');

const dead = greenLogin(NOW, {
  accounts: ['APEX0001234', 'APEX0001235'],
  end: { at: NOW - 5 * MINUTE, cause: 'rejected' },
  failure: {
    kind: 'unauthorized',
    at: NOW - 5 * MINUTE,
    during: 'renewal',
    status: 401,
    said: 'Access is denied for trader_3',
  },
  skewMs: 2_500,
  userStatus: 'TemporaryLocked',
  organisation: 'Sample Firm',
  passwordExpiresAt: NOW + 3 * 24 * 60 * MINUTE,
});
const live = greenLogin(NOW, { id: 'two', label: 'Main', userName: 'kim', environment: 'live' });

const line = (
  minutes: number,
  what: JournalLine['what'],
  details?: JournalDetails,
): JournalLine => ({
  at: NOW - minutes * MINUTE,
  loginId: dead.id,
  what,
  ...details,
});

const made = (change: Partial<ReportInput> = {}): string =>
  report({
    now: NOW,
    zone: 'Europe/Berlin',
    logins: [dead, live],
    journal: [line(6, 'renewal started'), line(5, 'ended', { cause: 'rejected' })],
    versions: { holdfast: '0.1.0', browser: 'Some browser' },
    permissions: ['alarms', 'idle', 'https://demo.tradovateapi.com/*'],
    webLogin: 'no',
    shorten: false,
    secrets: [],
    ...change,
  });

test('everything a helper asks for is in it', () => {
  const text = made();
  for (const said of [
    'Made: 2026-11-23 19:00:00 GMT+01:00 (Europe/Berlin)',
    'Holdfast 0.1.0 in Some browser',
    'Permissions: alarms, idle, https://demo.tradovateapi.com/*',
    'Sign-in on the broker’s own page works: no',
    'Exchange: open',
    'Connected: 1 of 2',
    'Login APEX-3',
    'State: Disconnected, as of 2026-11-23 18:55:00 GMT+01:00',
    `Cause: rejected (likely): ${sentence('cause_rejected')}`,
    `Next step: ${sentence('cause_reconnect')}`,
    'Broker’s words: "Access is denied for trader_3"',
    'Last failure: unauthorized at a renewal, status 401, 2026-11-23 18:55:00 GMT+01:00',
    'User: trader_3, tradovate, demo',
    'Status of the user: TemporaryLocked',
    'Organisation: Sample Firm',
    'Password ends: 2026-11-26 19:00:00 GMT+01:00',
    'Accounts: APEX0001234, APEX0001235',
    'Broker’s clock: 2.5 s ahead of this one',
    '2026-11-23 18:55:00 GMT+01:00 · APEX-3 · ended · rejected',
    'Login Main',
  ])
    expect(text).toContain(said);
});

test('the journal is cut to its last 200 lines', () => {
  const journal = Array.from({ length: 300 }, (_, index) => line(300 - index, 'proven'));
  const text = made({ journal });
  expect(text.match(/· proven/g)?.length).toBe(200);
  expect(text).toContain('2026-11-23 18:59:00 GMT+01:00 · APEX-3 · proven');
});

test('a live link is told with why it was lost last', () => {
  const lost = { why: 'silent', lostAt: NOW - 5 * MINUTE, heardAt: NOW, up: true } as const;
  const zeros = { tries: 0, retryAt: NOW, accounts: 0, positions: 0, orders: 0, since: NOW };
  const linked = greenLogin(NOW, { link: { by: 'socket', ...zeros, ...lost } });
  expect(made({ logins: [linked] })).toContain(
    'Live link: up, lost last: silent, 2026-11-23 18:55:00 GMT+01:00',
  );
});

test('more logins than can be renewed are said to be so', () => {
  const many = Array.from({ length: 18 }, (_, index) => greenLogin(NOW, { id: String(index) }));
  expect(made({ logins: many })).toContain('Renewals needed: 17 an hour, allowed to a network: 15');
});

test('names are cut short wherever they stand, on request', () => {
  const text = made({ shorten: true });
  for (const name of ['trader_3', 'APEX-3', 'APEX0001234', 'Sample Firm', 'Main', 'kim'])
    expect(text).not.toContain(name);
  expect(text).toContain('Access is denied for tr…_3');
  expect(text).toContain('Accounts: AP…34, AP…35');
});

describe('no secret can get into it', () => {
  /** Whether any piece of 12 characters of `secret` is in `text`. */
  const leaks = (text: string, secret: string): boolean =>
    Array.from({ length: Math.max(1, secret.length - 11) }, (_, at) =>
      secret.slice(at, at + 12),
    ).some((piece) => text.includes(piece));

  test('wherever somebody wrote it', () => {
    const secret = 'f03741b6-f634-48d6-9308-c8fb871150c2';
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl';
    const logins = [
      { ...dead, label: secret, userName: token.slice(4, 30), accounts: [secret.slice(3, 15)] },
      { ...live, hosts: { live: `${token.slice(20)}.tradovateapi.com` } },
    ];
    const journal = [
      line(3, 'failed', { said: `x${secret}y` }),
      line(2, 'failed', { said: token.slice(9, 21) }),
    ];
    for (const shorten of [true, false]) {
      const text = made({ logins, journal, shorten, secrets: [secret, token] });
      expect(leaks(text, secret)).toBe(false);
      expect(leaks(text, token)).toBe(false);
    }
    expect(leaks(made({ logins, journal }), secret)).toBe(true);
  });

  test('whatever the text and the secrets', () => {
    const secrets = fc.array(fc.string({ minLength: 4, maxLength: 40 }), { maxLength: 4 });
    fc.assert(
      fc.property(secrets, fc.array(fc.nat()), fc.string(), (all, cuts, other) => {
        const mixed = cuts
          .map((cut, index) => (all[index % all.length] ?? '').slice(cut % 9) + other)
          .join('');
        const clean = withoutSecrets(mixed, all);
        expect(clean.length).toBe(mixed.length);
        for (const secret of all.filter((one) => !one.includes('█')))
          expect(leaks(clean, secret)).toBe(false);
      }),
    );
  });

  test('of a real keeper, with all that it stores', async () => {
    const world = await World.create({ name: 'sam' }, { name: 'kim' });
    await world.signIn('sam', { label: sampleApp.sec, keepSecret: true });
    atPage(world, 'kim');
    await world.keeper.signInByOAuth(oauthInputOf('kim'));
    await world.pass(2 * 60 * MINUTE);
    const secrets = await allSecrets(world.vault);
    // Two tokens each, the secret of the API key and of the app, a refresh token, the device id.
    expect(secrets).toHaveLength(8);
    expect(secrets.every((secret) => secret.length > 12)).toBe(true);
    const input = { logins: await world.vault.logins(), journal: await world.vault.journal() };
    const text = made({ ...input, now: world.now, secrets });
    for (const secret of [...secrets, PASSWORD]) expect(leaks(text, secret)).toBe(false);
    expect(text).toContain('User: sam');
  });
});
