/** The exchange's wall clock: Central Time, with its daylight-saving changes. Temporal is not in Chromium before 144. */

const FORMAT = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Chicago',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});

/** What the wall clock in Chicago shows at `epoch` ms, as the epoch ms at which one in Greenwich shows it. */
export function epochToCentral(epoch: number): number {
  const shown: Record<string, number> = {};
  for (const { type, value } of FORMAT.formatToParts(epoch)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  const milliseconds = ((epoch % 1_000) + 1_000) % 1_000;
  return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
}

/** When the wall clock in Chicago shows `local`, epoch ms. Of an hour that comes twice, the first. */
export function centralToEpoch(local: number): number {
  const guess = local + 6 * 60 * 60_000;
  const offset = (at: number) => epochToCentral(at) - at;
  const early = local - offset(guess - 60 * 60_000);
  return epochToCentral(early) === local ? early : local - offset(guess);
}
