// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { MarketNote } from '../../../components/parts/MarketNote.tsx';
import { Notes } from '../../../components/popup/Notes.tsx';
import { atTime } from '../../../utils/words/time.ts';
import { central } from '../chicago.ts';
import { opening, sentence } from '../../sentence.ts';
import { settle, show, words } from './page.ts';

const THANKSGIVING = { holiday: sentence('holiday_thanksgiving') };
const RECORDS = { setting: () => Promise.resolve(undefined) };

test.each([
  ['2026-11-21T12:00', '2026-11-22T17:00', 'market_weekend', {}],
  ['2026-11-23T16:30', '2026-11-23T17:00', 'market_break', {}],
  ['2026-11-26T13:00', '2026-11-26T17:00', 'market_holiday', THANKSGIVING],
  ['2028-11-23T13:00', '2028-11-23T17:00', 'market_holidayExpected', THANKSGIVING],
] as const)('at %s, until %s: %s', (at, until, key, holiday) => {
  const now = central(at);
  show(<MarketNote now={now} />);
  expect(words()).toBe(sentence(key, { ...holiday, time: atTime(central(until), now) }));
});

test('nothing is said of an open one', async () => {
  show(<Notes records={RECORDS} logins={[]} now={central('2026-11-23T12:00')} />);
  await settle();
  expect(words()).toBe('');
});

test('the popup says it in its first frame, and goes on saying it', async () => {
  show(<Notes records={RECORDS} logins={[]} now={central('2026-11-21T12:00')} />);
  expect(words()).toContain(opening('market_weekend'));
  await settle();
  expect(words()).toContain(opening('market_weekend'));
});
