// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { LateNotes } from '../../../components/popup/LateNotes.tsx';
// Loaded ahead, so that it is there within a few turns.
import '../../../components/popup/Notes.tsx';
import { MarketNote } from '../../../components/parts/MarketNote.tsx';
import { atTime } from '../../../utils/words/time.ts';
import { central } from '../chicago.ts';
import { settle, show, words } from './page.ts';

const RECORDS = { setting: () => Promise.resolve(undefined) };

test.each([
  ['2026-11-21T12:00', '2026-11-22T17:00', 'over the weekend', ''],
  ['2026-11-23T16:30', '2026-11-23T17:00', 'for its daily break', ''],
  ['2026-11-26T13:00', '2026-11-26T17:00', 'for Thanksgiving', ''],
  ['2028-11-23T13:00', '2028-11-23T17:00', 'for Thanksgiving', ' (expected)'],
])('at %s, until %s: %s', (at, until, because, expected) => {
  const now = central(at);
  show(<MarketNote now={now} />);
  expect(words()).toBe(
    `The exchange is closed ${because}, until ${atTime(central(until), now)}${expected}. Sessions are kept all the same.`,
  );
});

test('nothing is said of an open one', async () => {
  show(<LateNotes records={RECORDS} logins={[]} now={central('2026-11-23T12:00')} />);
  await settle();
  expect(words()).toBe('');
});

test('it comes after the first paint', async () => {
  show(<LateNotes records={RECORDS} logins={[]} now={central('2026-11-21T12:00')} />);
  expect(words()).toBe('');
  await settle();
  expect(words()).toContain('The exchange is closed');
});
