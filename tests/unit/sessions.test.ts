import { expect, test } from 'vitest';
import type { LoginRecord, WebSession } from '../../utils/records/login.ts';
import { knownSessions, withLook, mayLook } from '../../utils/keeper/status/sessions.ts';
import { freshLogin, greenLogin } from '../sample-login.ts';

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;

const web = (ago: number, change: Partial<WebSession> = {}): WebSession => ({
  tabId: ago,
  host: 'trader.tradovate.com',
  openedAt: NOW - ago * MINUTE,
  seenAt: NOW - ago * MINUTE,
  ...change,
});
const ledger = (change: Partial<LoginRecord['ledger']>) => ({
  ledger: { ...freshLogin(0).ledger, ...change },
});
const other = greenLogin(NOW, { id: 'other', userName: 'trader_4', label: 'Other' });

/** What is told of each: whose and how old, `?` for soft, and the tab while it is open. */
const told = (record: LoginRecord, others: LoginRecord[] = []) =>
  knownSessions(record, NOW, [record, ...others]).map(
    ({ whose, openedAt, firm, tabId }) =>
      `${whose} ${openedAt === null ? '-' : (NOW - openedAt) / MINUTE}${firm ? '' : '?'}${tabId === undefined ? '' : ' tab'}`,
  );

test.each<[string, Partial<LoginRecord>, LoginRecord[], string[]]>([
  ['ours, proven', {}, [], ['holdfast 100']],
  ['ours, not proven for long', { proof: null }, [], ['holdfast 100?']],
  [
    'ours, being checked',
    { check: { reason: 'web-login', since: NOW, at: NOW, tries: 0 } },
    [],
    ['holdfast 100?'],
  ],
  ['ours, proven dead', { end: { at: NOW, cause: 'evicted' } }, [], []],
  ['a web login in an open tab', { webSessions: [web(10)] }, [], ['holdfast 100', 'web 10 tab']],
  [
    'its tab is closed: the broker was not told',
    { webSessions: [web(10, { left: true })] },
    [],
    ['holdfast 100', 'web 10?'],
  ],
  ['ended by time', { webSessions: [web(91)] }, [], ['holdfast 100']],
  [
    'old, but extended since',
    { webSessions: [web(200, { seenAt: NOW - 5 * MINUTE })] },
    [],
    ['web 200 tab', 'holdfast 100'],
  ],
  [
    'ended by proof: ours is alive, so of two later ones only one can be of this login',
    { webSessions: [web(20), web(10)] },
    [],
    ['holdfast 100', 'web 10 tab'],
  ],
  [
    'of which login is not known',
    { webSessions: [web(10)] },
    [other],
    ['holdfast 100', 'web 10? tab'],
  ],
  [
    'of this login, as the person said',
    { webSessions: [web(10, { meant: true })] },
    [other],
    ['holdfast 100', 'web 10 tab'],
  ],
  [
    'of another login, as the person said',
    { webSessions: [web(10, { meant: false })] },
    [other],
    ['holdfast 100'],
  ],
  [
    'of the same user in the other environment',
    { slots: 3, webSessions: [web(10)] },
    [{ ...other, userName: 'TRADER_3', slots: 3 }],
    ['holdfast 100', 'holdfast 100', 'web 10 tab'],
  ],
  [
    'declared ones, on and off',
    ledger({
      declared: [
        { name: 'TradingView', on: true },
        { name: 'phone', on: false },
      ],
    }),
    [],
    ['holdfast 100', 'declared -'],
  ],
  [
    'only the broker’s statistics tell of it',
    ledger({ unseen: [NOW - 30 * MINUTE] }),
    [],
    ['holdfast 100', 'unseen 30?'],
  ],
  [
    'the statistics tell of a web login that was seen as well',
    { ...ledger({ unseen: [NOW - 10 * MINUTE - 20_000] }), webSessions: [web(10)] },
    [],
    ['holdfast 100', 'web 10 tab'],
  ],
  [
    'the statistics told of it long ago',
    ledger({ unseen: [NOW - 91 * MINUTE] }),
    [],
    ['holdfast 100'],
  ],
])('the ledger: %s', (_, change, others, expected) => {
  expect(told(greenLogin(NOW, change), others)).toEqual(expected);
});

test.each([
  ['newer than any known opening', 30, [30]],
  ['our own sign-in', 100, []],
  ['our own renewal, should the broker count it', 2, []],
  ['older than ours', 150, []],
  ['refused or unreadable', null, []],
])('a look into the statistics: %s', (_, ago, expected) => {
  const skewMs = 3 * MINUTE;
  const record = greenLogin(NOW, { skewMs });
  const last = ago === null ? null : NOW - ago * MINUTE + skewMs;
  const { look, unseen } = withLook(record, last, NOW, [record, other]).ledger;
  expect(unseen.map((at) => (NOW - at) / MINUTE)).toEqual(expected);
  expect(look).toEqual({ at: NOW, refused: ago === null });
});

test('looks are rare, rarer after a refusal, and none is made while anything is amiss', () => {
  const green = greenLogin(NOW, { userId: 7 });
  const after = (minutes: number, refused = false): LoginRecord => ({
    ...green,
    ...ledger({ look: { at: NOW - minutes * MINUTE, refused } }),
  });
  expect(mayLook(green, NOW)).toBe(true);
  expect([4, 5].map((minutes) => mayLook(after(minutes), NOW))).toEqual([false, true]);
  expect([23.9, 24].map((hours) => mayLook(after(hours * 60, true), NOW))).toEqual([false, true]);
  for (const trouble of [
    { userId: null },
    { end: { at: NOW, cause: 'evicted' } },
    { pausedAt: NOW },
    { quietUntil: NOW + 1 },
    { failure: { kind: 'broker-error', at: NOW, during: 'renewal' } },
    { call: { kind: 'renewal', since: NOW, until: NOW } },
  ] as Partial<LoginRecord>[]) {
    expect(mayLook({ ...green, ...trouble }, NOW)).toBe(false);
  }
});
