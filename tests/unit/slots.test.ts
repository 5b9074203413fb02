import { expect, test } from 'vitest';
import type { LoginRecord, WebSession } from '../../utils/keeper/login.ts';
import { knownSessions, risks } from '../../utils/keeper/slots.ts';
import { freshLogin } from '../sample-login.ts';

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;

/** A login whose own session was opened `own` minutes ago (null: none) and web ones so many minutes ago each. */
function login(own: number | null, web: number[], slots = 2): LoginRecord {
  const record = freshLogin(0, { id: `login-${own}-${web.join('-')}` });
  const seen = (ago: number): WebSession => ({
    tabId: ago,
    host: 'trader.tradovate.com',
    openedAt: NOW - ago * MINUTE,
    seenAt: NOW - ago * MINUTE,
  });
  return {
    ...record,
    slots,
    webSessions: web.map(seen),
    session:
      own === null
        ? null
        : {
            openedAt: NOW - own * MINUTE,
            renewedAt: null,
            expiresAt: NOW + MINUTE,
            lifeMs: 80 * MINUTE,
            renewals: 0,
          },
  };
}

test.each([
  ['only ours, two allowed', login(60, []), ['holdfast'], false],
  ['only ours, one allowed', login(60, [], 1), ['holdfast'], true],
  ['ours and a younger web login, two allowed', login(60, [10]), ['holdfast', 'web'], true],
  ['ours and a younger web login, three allowed', login(60, [10], 3), ['holdfast', 'web'], false],
  ['ours and an older web login: that one would go', login(10, [60]), ['web', 'holdfast'], false],
  ['a web login that ran out', login(60, [95]), ['holdfast'], false],
  [
    'two web logins after ours, of which one cannot be of this login',
    login(60, [20, 10]),
    ['holdfast', 'web'],
    true,
  ],
  [
    'ours after two web logins: the oldest of those is gone',
    login(10, [60, 50]),
    ['web', 'holdfast'],
    false,
  ],
  ['no session of ours', login(null, [10]), ['web'], false],
])('%s', (_, record, known, atRisk) => {
  expect(knownSessions(record, NOW).map(({ whose }) => whose)).toEqual(known);
  expect(risks([record], NOW).length > 0).toBe(atRisk);
});

test('a session that ended is at no risk', () => {
  const record: LoginRecord = { ...login(60, [], 1), end: { at: NOW, cause: 'evicted' } };
  expect(risks([record], NOW)).toEqual([]);
});

test('with several logins it is only possible that the one at risk is meant', () => {
  expect(risks([login(60, [], 1)], NOW)).toMatchObject([
    { sure: 'likely', label: 'APEX-3', known: 1, slots: 1 },
  ]);
  expect(risks([login(60, [], 1), login(50, [])], NOW)).toMatchObject([{ sure: 'possible' }]);
});
