import fc from 'fast-check';
import { expect, test } from 'vitest';
import { centralToEpoch, epochToCentral } from '../../utils/tradovate/central-time.ts';
import { maintenance } from '../../utils/tradovate/maintenance.ts';

const ZONE = 'America/Chicago';
const central = (text: string): number =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(ZONE).epochMilliseconds;
const shown = (epoch: number): string =>
  Temporal.Instant.fromEpochMilliseconds(epoch)
    .toZonedDateTimeISO(ZONE)
    .toPlainDateTime()
    .toString();

const anyTime = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2031, 0, 1) });

test.each([
  ['Monday morning', '2026-11-23T09:00', '2026-11-23T16:00', '2026-11-23T17:00'],
  ['in Monday’s', '2026-11-23T16:30', '2026-11-23T16:00', '2026-11-23T17:00'],
  ['at the end of Monday’s', '2026-11-23T17:00', '2026-11-24T16:00', '2026-11-24T17:00'],
  ['Thursday evening', '2026-11-26T18:00', '2026-11-27T16:00', '2026-11-27T20:00'],
  ['Friday night', '2026-11-27T21:00', '2026-11-28T22:00', '2026-11-29T06:30'],
  ['in Sunday’s', '2026-11-29T03:00', '2026-11-28T22:00', '2026-11-29T06:30'],
  ['Sunday noon', '2026-11-29T12:00', '2026-11-30T16:00', '2026-11-30T17:00'],
  ['the night the clocks go forward', '2027-03-14T04:00', '2027-03-13T22:00', '2027-03-14T06:30'],
  ['the night the clocks go back', '2026-10-31T23:00', '2026-10-31T22:00', '2026-11-01T06:30'],
])('%s: the window that holds or comes next', (_, now, from, until) => {
  expect(maintenance(central(now))).toEqual({ from: central(from), until: central(until) });
});

test('is always ahead or around, of an hour, four, or a night', () => {
  fc.assert(
    fc.property(anyTime, (now) => {
      const { from, until } = maintenance(now);
      expect(until).toBeGreaterThan(now);
      expect(maintenance(from)).toEqual({ from, until });
      expect(['16:00', '22:00']).toContain(shown(from).slice(11, 16));
      expect(['17:00', '20:00', '06:30']).toContain(shown(until).slice(11, 16));
    }),
  );
});

test('the wall clock in Chicago is the one Temporal knows', () => {
  fc.assert(
    fc.property(anyTime, (now) => {
      const local = epochToCentral(now);
      const plain = Temporal.Instant.fromEpochMilliseconds(now)
        .toZonedDateTimeISO(ZONE)
        .toPlainDateTime();
      expect(local).toBe(plain.toZonedDateTime('UTC').epochMilliseconds);
      expect(centralToEpoch(local)).toBe(
        plain.toZonedDateTime(ZONE, { disambiguation: 'earlier' }).epochMilliseconds,
      );
    }),
    { numRuns: 500 },
  );
});
