// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { Slept } from '../../../components/popup/Slept.tsx';
import type { LoginRecord } from '../../../utils/records/login.ts';
import type { Sleep } from '../../../utils/records/awake.ts';
import { green, MINUTE, NOW, settle, show, words } from './page.ts';

const HOUR = 60 * MINUTE;
/** 06:48 to 14:00. */
const LONG = 7 * HOUR + 12 * MINUTE;

const login = (label: string, change: Partial<LoginRecord> = {}): LoginRecord =>
  green({ id: `login-${label}`, label, contactAt: NOW, ...change });
const gone: Partial<LoginRecord> = { contactAt: NOW - LONG, end: { at: NOW, cause: 'expired' } };
const asked: Partial<LoginRecord> = {
  contactAt: NOW - LONG,
  check: { reason: 'resumed', since: NOW, at: NOW, tries: 0 },
};

const [ONE, TWO, THREE, FOUR] = ['APEX-1', 'APEX-2', 'APEX-3', 'APEX-4'] as const;

async function says(logins: LoginRecord[], change: Partial<Sleep> = {}): Promise<string> {
  const from = NOW - LONG;
  const held = logins.map(({ id, skewMs }) => ({ id, skewMs }));
  const sleep = { from, due: from, until: NOW, held, ...change };
  show(<Slept awake={{ at: NOW, sleep }} logins={logins} now={NOW} />);
  await settle();
  return words();
}

const AFTER = 'Holdfast was asleep or closed for 7 h 12 min (06:48–14:00): ';

test.each<[LoginRecord[], string]>([
  [[login(ONE)], 'its session survived.'],
  [[login(ONE, gone)], 'its session did not survive. APEX-1 needs a sign-in.'],
  [[login(ONE, asked)], 'its session is being checked.'],
  [[login(ONE), login(TWO)], 'all 2 sessions survived.'],
  [
    [login(ONE), login(TWO), login(THREE, gone)],
    '2 of 3 sessions survived. APEX-3 needs a sign-in.',
  ],
  [
    [login(ONE, gone), login(TWO, gone)],
    'none of 2 sessions survived. APEX-1 and APEX-2 need a sign-in.',
  ],
  [
    [login(ONE), login(TWO, gone), login(THREE, asked)],
    '1 of 3 sessions survived so far, 1 is being checked. APEX-2 needs a sign-in.',
  ],
  [[login(ONE, asked), login(TWO, asked)], 'its 2 sessions are being checked.'],
  [
    [ONE, TWO, THREE].map((label) => login(label, gone)),
    'none of 3 sessions survived. APEX-1, APEX-2 and APEX-3 need a sign-in.',
  ],
  [
    [ONE, TWO, THREE, FOUR].map((label) => login(label, gone)),
    'none of 4 sessions survived. APEX-1, APEX-2 and 2 more need a sign-in.',
  ],
])('%#: %s', async (logins, expected) => {
  expect(await says(logins)).toBe(AFTER + expected);
});

test('claims no more than is known of how long it was', async () => {
  expect(await says([login(ONE)], { due: NOW - 6 * HOUR })).toMatch(
    /^Holdfast was asleep or closed for at least 6 h \(until 14:00\): /,
  );
  expect(await says([login(ONE)], { from: 0, due: 0 })).toMatch(/closed for more than 30 days: /);
  expect(await says([login(ONE)], { from: NOW - 16 * HOUR, due: NOW - 16 * HOUR })).toMatch(
    /closed for 16 h \(20 Nov, 22:00–14:00\): /,
  );
});

test('says nothing of a clock that was set', async () => {
  const logins = [login(ONE, { skewMs: -LONG })];
  expect(await says(logins, { held: [{ id: logins[0]?.id ?? '', skewMs: 500 }] })).toBe('');
});
