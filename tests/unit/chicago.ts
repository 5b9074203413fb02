/** Central Time as Temporal knows it: the oracle for what product code works out by Intl. */

const ZONE = 'America/Chicago';

/** Epoch ms of a local time like `2026-11-23T16:30`. Of an hour that comes twice, the first. */
export function central(local: string | Temporal.PlainDateTime): number {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE).epochMilliseconds;
}

export function wallClock(epoch: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epoch).toZonedDateTimeISO(ZONE).toPlainDateTime();
}

/** Every day of the years, both included. */
export function* days(firstYear: number, lastYear: number): Generator<Temporal.PlainDate> {
  let day = Temporal.PlainDate.from({ year: firstYear, month: 1, day: 1 });
  for (; day.year <= lastYear; day = day.add({ days: 1 })) yield day;
}
