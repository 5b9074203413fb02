/**
 * The wall clock of broker and exchange: Central Time, with its daylight-saving changes. By Intl,
 * because Temporal is not in Chromium before 144.
 */
import { HOUR } from '../durations.ts';

const CHICAGO = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Chicago',
  hour: 'numeric',
  hourCycle: 'h23',
});

/** What the wall clock shows at `epoch` ms, as the epoch ms at which one in Greenwich shows it. */
export function epochToCentral(epoch: number): number {
  return epoch + offset(epoch);
}

/**
 * When the wall clock shows `local`, epoch ms. Of an hour that comes twice, the first; in the hour
 * that is left out, an hour later.
 */
export function centralToEpoch(local: number): number {
  const inSummer = local + 5 * HOUR;
  return offset(inSummer) === -5 * HOUR ? inSummer : local + 6 * HOUR;
}

/** By the hour, as Intl is asked for the same few hours again and again. */
const offsets = new Map<number, number>();

/** In ms, never above 0: Chicago is whole hours behind Greenwich. */
function offset(epoch: number): number {
  const hour = Math.floor(epoch / HOUR);
  const ahead = offsets.get(hour) ?? (Number(CHICAGO.format(epoch)) - hour) % 24;
  offsets.set(hour, ahead);
  return ((ahead - 24) % 24) * HOUR;
}
