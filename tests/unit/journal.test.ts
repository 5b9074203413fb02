/** Lines of the journal as they are found on disk: data of today, and the prose of earlier versions. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLine, readLines, type JournalLine } from '../../utils/records/journal.ts';

const AT = Date.UTC(2026, 10, 23, 15, 0, 0);
const found = (what: string, note?: string) => ({
  at: AT,
  loginId: 'x',
  what,
  ...(note === undefined ? {} : { note }),
});

test.each<[string, string | undefined, Partial<JournalLine>]>([
  ['renewed', undefined, {}],
  ['failed', 'renewal · no-answer', { during: 'renewal', kind: 'no-answer' }],
  ['failed', 'probe · broker-error · 503', { during: 'probe', kind: 'broker-error', status: 503 }],
  [
    'failed',
    'sign-in · refused · Not now · later',
    { during: 'sign-in', kind: 'refused', said: 'Not now · later' },
  ],
  ['interrupted', 'renewal · interrupted', { during: 'renewal', kind: 'interrupted' }],
  ['failed', 'something else', { prose: 'something else' }],
  ['ended', 'evicted', { cause: 'evicted' }],
  ['asleep', `since ${new Date(AT).toISOString()}`, { since: AT }],
  ['asleep', 'since yesterday', { prose: 'since yesterday' }],
  ['web login seen', 'trader.tradovate.com', { host: 'trader.tradovate.com' }],
  ['warning shown', 'trader.tradovate.com', { host: 'trader.tradovate.com' }],
  ['host named', 'firm.tradovateapi.com', { host: 'firm.tradovateapi.com' }],
  ['token copied', 'market-data token', { part: 'market-data' }],
  ['link lost', 'silent', { loss: 'silent' }],
])('an earlier version\'s "%s", "%s" is read as data', (what, note, details) => {
  expect(readLine(found(what, note))).toEqual({ at: AT, loginId: 'x', what, ...details });
});

test('a line of today is read as it was written', () => {
  const line: JournalLine = { at: AT, loginId: 'x', what: 'failed', during: 'probe', status: 503 };
  expect(readLine(structuredClone(line))).toEqual(line);
});

test('what cannot be read is left out, and never throws', () => {
  expect(readLines([null, found('unheard of'), { ...found('renewed'), at: 'now' }])).toEqual([]);
  fc.assert(
    fc.property(fc.anything(), (stored) => {
      expect(() => readLine(stored)).not.toThrow();
    }),
  );
});
