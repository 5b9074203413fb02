/**
 * The broker's maintenance windows, in Central Time (FACTS.md §8). Two copies of its page differ on
 * when Friday's begins, so the earlier time is taken.
 */
import { DAY, HOUR, WEEK } from '../durations.ts';
import { centralToEpoch, epochToCentral } from './central-time.ts';

/** Epoch ms; `until` is not in it. */
export interface Span {
  from: number;
  until: number;
}

/** The broker may be unwell that long before and after a window (FACTS.md §8, row 25). */
const BUFFER_MS = HOUR / 2;

type Hours = readonly [from: number, until: number];

/** From Saturday 22:00 to Sunday 06:30, as every window in hours since Sunday 00:00. */
const WEEKEND: Hours = [7 * 24 - 2, 7 * 24 + 6.5];
const WINDOWS: readonly Hours[] = [
  [-2, 6.5],
  [24 + 16, 24 + 17],
  [48 + 16, 48 + 17],
  [72 + 16, 72 + 17],
  [96 + 16, 96 + 17],
  [120 + 16, 120 + 20],
];

/** The window that `now`, epoch ms, lies in, or the next one. */
export function maintenance(now: number): Span {
  const local = epochToCentral(now);
  // The epoch began on a Thursday.
  const sinceSunday = (local + 4 * DAY) % WEEK;
  const [from, until] = WINDOWS.find(([, end]) => end * HOUR > sinceSunday) ?? WEEKEND;
  const at = (hours: number) => centralToEpoch(local - sinceSunday + hours * HOUR);
  return { from: at(from), until: at(until) };
}

/** The window that may be why nothing was answered at `at`, epoch ms; null when there is none. */
export function maintenanceAt(at: number): Span | null {
  const window = maintenance(at - BUFFER_MS);
  return at >= window.from - BUFFER_MS ? window : null;
}
