/** What the person sets: kept, or as before anything was set; and when it is quiet. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULTS, isSettings, readSettings } from '../../utils/records/settings.ts';
import { afterQuiet } from '../../utils/keeper/when/quiet-hours.ts';
import {
  asTime,
  nextHere,
  readDay,
  readTime,
  shownTime,
  typedDay,
  weekdays,
} from '../../components/options/times.ts';
import { atTime } from '../../utils/words/time.ts';

const MINUTE = 60_000;

describe('on disk', () => {
  test('nothing, or what cannot be read, is as before anything was set', () => {
    for (const stored of [undefined, null, 7, 'text', [], {}])
      expect(readSettings(stored)).toEqual(DEFAULTS);
  });

  test('a damaged part costs that part alone', () => {
    const stored = { ...DEFAULTS, ready: false, starts: [8.5], quiet: { on: true } };
    expect(readSettings(stored)).toEqual({ ...DEFAULTS, ready: false });
  });

  test('whatever it is, what is read can be used and sent', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(DEFAULTS), '__proto__', 'x'), fc.jsonValue()),
        (stored) => {
          expect(isSettings(readSettings(stored))).toBe(true);
        },
      ),
    );
  });

  test.each([
    [null],
    [{}],
    [{ ...DEFAULTS, ends: 'yes' }],
    [{ ...DEFAULTS, starts: [7 * 24 * 60] }],
    [{ ...DEFAULTS, starts: [-1] }],
    [{ ...DEFAULTS, starts: Array.from({ length: 29 }, (_, at) => at) }],
    [{ ...DEFAULTS, quiet: { on: true, from: 60, until: 60 } }],
  ])('%j is not taken from a page', (input) => expect(isSettings(input)).toBe(false));
});

describe('quiet hours', () => {
  const local = (text: string) => new Date(text).getTime();
  const at = (text: string, from: number, until: number, on = true) =>
    afterQuiet({ ...DEFAULTS, quiet: { on, from, until } }, local(text));

  test.each([
    ['2026-11-24T21:59:59', '2026-11-24T21:59:59'],
    ['2026-11-24T22:00:00', '2026-11-25T07:00:00'],
    ['2026-11-25T00:00:30', '2026-11-25T07:00:00'],
    ['2026-11-25T06:59:59', '2026-11-25T07:00:00'],
    ['2026-11-25T07:00:00', '2026-11-25T07:00:00'],
  ])('from 22 to 7: at %s they end at %s', (now, end) => {
    expect(at(now, 22 * 60, 7 * 60)).toBe(local(end));
    expect(at(now, 22 * 60, 7 * 60, false)).toBe(local(now));
  });

  test('never is never', () => {
    const quiet = { on: true, from: 0, until: 1_439 };
    expect(afterQuiet({ ...DEFAULTS, quiet }, Infinity)).toBe(Infinity);
  });

  test('within one day', () => {
    expect(at('2026-11-24T12:30', 12 * 60, 13 * 60)).toBe(local('2026-11-24T13:00'));
    expect(at('2026-11-24T13:00', 12 * 60, 13 * 60)).toBe(local('2026-11-24T13:00'));
  });

  test('their end is later, within a day, and not quiet on a day without a change of the clock', () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    fc.assert(
      fc.property(minute, minute, fc.integer({ min: 0, max: 86_399 }), (from, until, second) => {
        fc.pre(from !== until);
        const settings = { ...DEFAULTS, quiet: { on: true, from, until } };
        const now = local('2026-11-24T00:00') + second * 1_000;
        const end = afterQuiet(settings, now);
        expect(end).toBeGreaterThanOrEqual(now);
        expect(end - now).toBeLessThanOrEqual(24 * 60 * MINUTE);
        expect(afterQuiet(settings, end)).toBe(end);
      }),
    );
  });
});

describe('times as people type them', () => {
  test.each([
    ['08:30', 510],
    ['8:30', 510],
    [' 8.30 ', 510],
    ['8:30 am', 510],
    ['8:30PM', 1_230],
    ['12:05 am', 5],
    ['12:00 pm', 720],
    ['00:00', 0],
    ['23:59', 1_439],
    ['24:00', null],
    ['8:60', null],
    ['13:00 pm', null],
    ['0:10 am', null],
    ['830', null],
    ['8', null],
    ['', null],
    ['half past eight', null],
  ])('%j', (text, minutes) => expect(readTime(text)).toBe(minutes));

  test('a day: several, none, and one that is wrong', () => {
    expect(readDay(1, '08:30, 17:00')).toEqual([1_950, 2_460]);
    expect(readDay(1, ' , ')).toEqual([]);
    expect(readDay(1, '08:30, soon')).toBeNull();
  });

  test('what is written for a day is read as the same', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 1_439 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), minutes, (day, times) => {
        const starts = times.map((time) => day * 1_440 + time);
        expect(readDay(day, typedDay(day, [...starts, (day + 1) * 1_440]))).toEqual(starts);
      }),
    );
    expect(asTime(65)).toBe('01:05');
  });
});

describe('days and times as they are shown', () => {
  test('the week begins on Sunday, as the fields do', () => {
    expect(weekdays()).toEqual([
      'Sunday',
      'Monday',
      'Tuesday',
      'Wednesday',
      'Thursday',
      'Friday',
      'Saturday',
    ]);
  });

  test('a time of day is written as every other time is', () => {
    const at = new Date('2026-11-24T15:30').getTime();
    expect(shownTime(15 * 60 + 30)).toBe(atTime(at, at));
  });

  test('the next start is told on this computer’s clock, without a date', () => {
    const now = new Date('2026-11-24T12:00:00Z').getTime();
    // 08:30 Central Time on that Tuesday.
    const at = new Date('2026-11-24T14:30:00Z').getTime();
    const day = weekdays()[new Date(at).getDay()];
    expect(nextHere([2 * 1_440 + 510], now)).toEqual({ day, time: atTime(at, at) });
    expect(nextHere([], now)).toBeNull();
  });
});
