import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maintenance, type Span } from '../../utils/tradovate/maintenance.ts';
import { central, days } from './chicago.ts';

test.each([
  ['Monday morning', '2026-11-23T09:00', '2026-11-23T16:00', '2026-11-23T17:00'],
  ['in Monday’s', '2026-11-23T16:30', '2026-11-23T16:00', '2026-11-23T17:00'],
  ['at the begin of Monday’s', '2026-11-23T16:00', '2026-11-23T16:00', '2026-11-23T17:00'],
  ['at the end of Monday’s', '2026-11-23T17:00', '2026-11-24T16:00', '2026-11-24T17:00'],
  ['Thursday evening', '2026-11-26T18:00', '2026-11-27T16:00', '2026-11-27T20:00'],
  ['Friday night', '2026-11-27T21:00', '2026-11-28T22:00', '2026-11-29T06:30'],
  ['in Saturday’s', '2026-11-28T23:00', '2026-11-28T22:00', '2026-11-29T06:30'],
  ['in Sunday’s', '2026-11-29T03:00', '2026-11-28T22:00', '2026-11-29T06:30'],
  ['Sunday noon', '2026-11-29T12:00', '2026-11-30T16:00', '2026-11-30T17:00'],
  ['around New Year', '2026-12-31T18:00', '2027-01-01T16:00', '2027-01-01T20:00'],
])('%s: the window that holds or comes next', (_, now, from, until) => {
  expect(maintenance(central(now))).toEqual({ from: central(from), until: central(until) });
});

test.each([
  ['forward', '2027-03-14T04:00', 7.5],
  ['back', '2026-11-01T01:30', 9.5],
])('the night the clocks go %s has its own length', (_, now, hours) => {
  const { from, until } = maintenance(central(now));
  expect((until - from) / 3_600_000).toBe(hours);
});

/** Every window that begins in the years, as the broker’s page says it. */
function windows(firstYear: number, lastYear: number): Span[] {
  return [...days(firstYear, lastYear)].flatMap((day) => {
    const begin = (time: string) => central(day.toPlainDateTime(time));
    if (day.dayOfWeek <= 4) return { from: begin('16:00'), until: begin('17:00') };
    if (day.dayOfWeek === 5) return { from: begin('16:00'), until: begin('20:00') };
    if (day.dayOfWeek === 7) return [];
    return { from: begin('22:00'), until: central(day.add({ days: 1 }).toPlainDateTime('06:30')) };
  });
}

test('at any time from 2026 to 2030 it is the first that is not over', () => {
  const all = windows(2025, 2031);
  const expected = (now: number) => all.find(({ until }) => until > now);
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2031, 0, 1) }), (now) => {
      expect(maintenance(now)).toEqual(expected(now));
    }),
    { numRuns: 1_000 },
  );
  for (const { from, until } of all.slice(0, -1))
    for (const edge of [from - 1, from, until - 1, until])
      expect(maintenance(edge)).toEqual(expected(edge));
});
