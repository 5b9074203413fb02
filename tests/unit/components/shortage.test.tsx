// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { Shortage } from '../../../components/parts/Shortage.tsx';
import type { LoginRecord } from '../../../utils/records/login.ts';
import { sentence, sentenceFor } from '../../sentence.ts';
import { atTime } from '../../../utils/words/time.ts';
import { green, MINUTE, NOW, settle, show, words } from './page.ts';

/** Logins that were renewed one after the other. */
const logins = (count: number): LoginRecord[] =>
  Array.from({ length: count }, (_, index) => {
    const { session, ...login } = green({ id: `login-${index}`, label: `APEX-${index + 1}` });
    const expiresAt = NOW + (80 - 4 * (index % 20)) * MINUTE;
    return { ...login, addedAt: index, session: session && { ...session, expiresAt } };
  });

test.each([
  [16, ''],
  [
    18,
    `${sentenceFor('shortage_need', 18, { allowed: '15', needed: '17' })} ${sentenceFor('shortage_pause', 2)}`,
  ],
])('%i logins: %s', async (count, said) => {
  show(<Shortage logins={logins(count)} now={NOW} />);
  await settle();
  expect(words()).toBe(said);
});

test('the logins that will not be renewed are named, with their end', async () => {
  show(<Shortage logins={logins(21)} now={NOW} />);
  await settle();
  const ends = (label: string, minutes: number) =>
    sentence('shortage_ends', { label, time: atTime(NOW + minutes * MINUTE, NOW) });
  expect(words()).toBe(
    `${sentenceFor('shortage_need', 21, { allowed: '15', needed: '20' })} ${sentence('shortage_leftOut')}` +
      ends('APEX-20', 4) +
      ends('APEX-21', 80),
  );
});
