/** Times, durations and places as people read them: in English by 24 hours unless a test says otherwise. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { sentence, sentenceFor } from '../sentence.ts';

type Cycle = 'h12' | 'h23';

/** The words as a person reads them who has this language and this clock; they are made once for each. */
async function wordsFor(language: string, cycle: Cycle) {
  vi.resetModules();
  vi.doMock('../../utils/platform/i18n.ts', async (original) => ({
    ...(await original<object>()),
    hourCycle: () => cycle,
  }));
  const { browser } = await import('./fake-browser.ts');
  vi.spyOn(browser.i18n, 'getUILanguage').mockReturnValue(language);
  return import('../../utils/words/time.ts');
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Friday, by this computer's clock. */
const NOW = new Date('2026-11-20T15:00:00').getTime();
const on = (day: number, hour: number) => new Date(2026, 10, day, hour, 12, 5).getTime();

let words: Awaited<ReturnType<typeof wordsFor>>;
beforeEach(async () => {
  words = await wordsFor('en-GB', 'h23');
});

test.each([
  [80 * MINUTE, sentence('time_hoursMinutes', { hours: '1', minutes: '20' }), '1 h 20 min'],
  [120.5 * MINUTE, sentence('time_hours', { hours: '2' }), '2 h'],
  [58.9 * MINUTE, sentence('time_minutes', { minutes: '58' }), '58 min'],
  [
    4 * MINUTE + 10_000,
    sentence('time_minutesSeconds', { minutes: '4', seconds: '10' }),
    '4 min 10 s',
  ],
  [60_000, sentence('time_minutes', { minutes: '1' }), '1 min'],
  [45_000, sentence('time_seconds', { seconds: '45' }), '45 s'],
  [-1, sentence('time_seconds', { seconds: '0' }), '0 s'],
])('duration of %d ms is "%s"', (ms, said, english) => {
  expect(words.duration(ms)).toBe(said);
  expect(said).toBe(english);
});

test.each([
  [1_000, sentence('time_justNow'), 'just now'],
  [30_000, sentence('time_secondsAgo', { seconds: '30' }), '30 s ago'],
  [2.5 * MINUTE, sentence('time_minutesAgo', { minutes: '2' }), '2 min ago'],
  [3 * HOUR, sentence('time_hoursAgo', { hours: '3' }), '3 h ago'],
  [25 * HOUR, sentenceFor('time_daysAgo', 1), '1 day ago'],
  [49 * HOUR, sentenceFor('time_daysAgo', 2), '2 days ago'],
])('%d ms ago is "%s"', (ms, said, english) => {
  expect(words.ago(ms)).toBe(said);
  expect(said).toBe(english);
});

describe('a time', () => {
  test.each([
    [20, '09:12', '09:12:05'],
    [19, '09:12 yesterday', '09:12:05 yesterday'],
    [21, '09:12 tomorrow', '09:12:05 tomorrow'],
    [15, '09:12 on Sun 15 Nov', '09:12:05 on Sun 15 Nov'],
    [22, '09:12 on Sun 22 Nov', '09:12:05 on Sun 22 Nov'],
  ])('of the %dth of November, on the 20th', (day, time, second) => {
    expect(words.atTime(on(day, 9), NOW)).toBe(time);
    expect(words.atSecond(on(day, 9), NOW)).toBe(second);
  });

  test.each([
    ['en-US', 'h12', '9:12 PM', '9:12:05 PM', '9:12 PM on Sun, Nov 15', 'Nov 15'],
    ['en-GB', 'h12', '9:12 pm', '9:12:05 pm', '9:12 pm on Sun 15 Nov', '15 Nov'],
    ['en-US', 'h23', '21:12', '21:12:05', '21:12 on Sun, Nov 15', 'Nov 15'],
  ] as const)('for a person of %s with %s', async (language, cycle, ...said) => {
    const theirs = await wordsFor(language, cycle);
    const time = on(15, 21);
    expect([
      theirs.atTime(time, time),
      theirs.atSecond(time, time),
      theirs.atTime(time, NOW),
      theirs.date(time),
    ]).toEqual(said);
  });

  test('is of the day that this computer’s clock says, also an hour from midnight', () => {
    const midnight = new Date(2026, 10, 20).getTime();
    expect(words.atTime(midnight - 1, midnight)).toBe('23:59 yesterday');
    expect(words.atTime(midnight, midnight - 1)).toBe('00:00 tomorrow');
    expect(words.atTime(midnight, midnight + 24 * HOUR - 1)).toBe('00:00');
  });

  test('follows the language of the messages where the person’s own has none', async () => {
    const theirs = await wordsFor('de-DE', 'h23');
    expect(theirs.atTime(on(15, 9), NOW)).toBe('09:12 on Sun, Nov 15');
    expect([theirs.weekday(NOW), theirs.date(NOW)]).toEqual(['Friday', 'Nov 20']);
  });
});
