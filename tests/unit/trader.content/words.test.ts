import { expect, test } from 'vitest';
import type { Risk } from '../../../utils/keeper/slots.ts';
import * as words from '../../../entrypoints/trader.content/words.ts';

const now = new Date(2026, 10, 20, 15, 0).getTime();
const risk: Risk = {
  loginId: '1',
  label: 'APEX-3',
  openedAt: new Date(2026, 10, 20, 9, 12).getTime(),
  known: 2,
  slots: 2,
  sure: 'likely',
};

test('says when the session was opened', () => {
  expect(words.openedAt(risk.openedAt, now)).toMatch(/^at 0?9:12( AM)? today$/u);
  expect(words.openedAt(new Date(2026, 10, 19, 23, 59).getTime(), now)).toMatch(/ yesterday$/);
  expect(words.openedAt(new Date(2026, 10, 15, 21, 40).getTime(), now)).toMatch(/ on Sun, Nov 15$/);
});

test('says which of how many', () => {
  expect(words.sessionAtRisk(risk, now)).toMatch(
    /^the session Holdfast opened at .* today, the oldest of 2 known; 2 allowed$/,
  );
  expect(words.sessionAtRisk({ ...risk, known: 1, slots: 1 }, now)).toMatch(
    /the only one known; 1 allowed$/,
  );
});

test('one short sentence for the ear', () => {
  expect(words.announcement([risk, risk])).toBe(
    'Holdfast warning. This sign-in may close a session. Sessions at risk: 2.',
  );
});

test('the words follow the certainty and never promise', () => {
  expect(words.certainty([risk])).toMatch(/most likely/);
  expect(words.certainty([{ ...risk, sure: 'possible' }])).toMatch(/^If you sign in as this login/);
  expect(words.certainty([risk, { ...risk, loginId: '2' }])).toMatch(
    /^If you sign in as one of these logins/,
  );
  const all = [words.HEADING, words.announcement([risk]), words.certainty([risk])].join(' ');
  expect(all).not.toMatch(/\bwill\b/);
});
