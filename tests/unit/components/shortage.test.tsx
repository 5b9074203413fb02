// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { Shortage } from '../../../components/parts/Shortage.tsx';
import type { LoginRecord } from '../../../utils/records/login.ts';
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
    '18 logins need 17 renewals an hour; the broker allows a network 15. All are kept, but with little time to spare. Pause 2 to be safe.',
  ],
])('%i logins: %s', async (count, said) => {
  show(<Shortage logins={logins(count)} now={NOW} />);
  await settle();
  expect(words()).toBe(said);
});

test('the logins that will not be renewed are named, with their end', async () => {
  show(<Shortage logins={logins(21)} now={NOW} />);
  await settle();
  expect(words()).toMatch(
    /^21 logins need 20 renewals an hour; the broker allows a network 15\. Pause others, or these will not be renewed: ?APEX-20, ends at \d\d:\d\d ?APEX-21, ends at \d\d:\d\d$/,
  );
});
