import fc from 'fast-check';
import { expect, test } from 'vitest';
import { centralToEpoch, epochToCentral } from '../../utils/tradovate/central-time.ts';
import { central, days, wallClock } from './chicago.ts';

const greenwich = (local: Temporal.PlainDateTime): number =>
  local.toZonedDateTime('UTC').epochMilliseconds;

test('the wall clock is the one Temporal knows, at any time', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2036, 0, 1) }), (now) => {
      const local = wallClock(now);
      expect(epochToCentral(now)).toBe(greenwich(local));
      expect(centralToEpoch(greenwich(local))).toBe(central(local));
    }),
    { numRuns: 1_000 },
  );
});

test('every quarter of an hour around the changes of the clocks, those that are left out included', () => {
  const changes = [...days(2026, 2030)].filter(
    (day) => day.toZonedDateTime('America/Chicago').hoursInDay !== 24,
  );
  expect(changes).toHaveLength(10);
  for (const day of changes)
    for (let minutes = 0; minutes < 6 * 60; minutes += 15) {
      const local = day.toPlainDateTime().add({ minutes });
      const epoch = central(local);
      expect(centralToEpoch(greenwich(local)), local.toString()).toBe(epoch);
      expect(epochToCentral(epoch)).toBe(greenwich(wallClock(epoch)));
      expect(epochToCentral(epoch - 1)).toBe(greenwich(wallClock(epoch - 1)));
    }
});
