// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { Slept } from '../../../components/popup/Slept.tsx';
import type { LoginRecord } from '../../../utils/records/login.ts';
import type { Sleep } from '../../../utils/records/awake.ts';
import { sentence, sentenceFor } from '../../sentence.ts';
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

const hours = (h: string, minutes?: string) =>
  minutes === undefined
    ? sentence('time_hours', { hours: h })
    : sentence('time_hoursMinutes', { hours: h, minutes });
const AFTER = `${sentence('slept_for', { duration: hours('7', '12'), since: '06:48', until: '14:00' })} `;
const needed = (labels: string, count: number) => sentenceFor('slept_needed', count, { labels });

test.each<[LoginRecord[], string]>([
  [[login(ONE)], sentenceFor('slept_survived', 1)],
  [[login(ONE, gone)], `${sentenceFor('slept_lost', 1)} ${needed('APEX-1', 1)}`],
  [[login(ONE, asked)], sentenceFor('slept_checked', 1)],
  [[login(ONE), login(TWO)], sentenceFor('slept_survived', 2)],
  [
    [login(ONE), login(TWO), login(THREE, gone)],
    `${sentenceFor('slept_some', 3, { survived: '2' })} ${needed('APEX-3', 1)}`,
  ],
  [
    [login(ONE, gone), login(TWO, gone)],
    `${sentenceFor('slept_lost', 2)} ${needed('APEX-1 and APEX-2', 2)}`,
  ],
  [
    [login(ONE), login(TWO, gone), login(THREE, asked)],
    `${sentenceFor('slept_soFar', 1, { sessions: '3', survived: '1' })} ${needed('APEX-2', 1)}`,
  ],
  [[login(ONE, asked), login(TWO, asked)], sentenceFor('slept_checked', 2)],
  [
    [ONE, TWO, THREE].map((label) => login(label, gone)),
    `${sentenceFor('slept_lost', 3)} ${needed('APEX-1, APEX-2 and APEX-3', 3)}`,
  ],
  [
    [ONE, TWO, THREE, FOUR].map((label) => login(label, gone)),
    `${sentenceFor('slept_lost', 4)} ${needed(`APEX-1, APEX-2 and ${sentenceFor('slept_more', 2)}`, 4)}`,
  ],
])('%#: %s', async (logins, expected) => {
  expect(await says(logins)).toBe(AFTER + expected);
});

test('claims no more than is known of how long it was', async () => {
  const survived = ` ${sentenceFor('slept_survived', 1)}`;
  expect(await says([login(ONE)], { due: NOW - 6 * HOUR })).toBe(
    sentence('slept_forAtLeast', { duration: hours('6'), until: '14:00' }) + survived,
  );
  expect(await says([login(ONE)], { from: 0, due: 0 })).toBe(sentence('slept_forLong') + survived);
  const since = sentence('time_yesterday', { time: '22:00' });
  expect(await says([login(ONE)], { from: NOW - 16 * HOUR, due: NOW - 16 * HOUR })).toBe(
    sentence('slept_for', { duration: hours('16'), since, until: '14:00' }) + survived,
  );
});

test('says nothing of a clock that was set', async () => {
  const logins = [login(ONE, { skewMs: -LONG })];
  expect(await says(logins, { held: [{ id: logins[0]?.id ?? '', skewMs: 500 }] })).toBe('');
});
