/** The hours in which no notification is shown. */
import type { Settings } from '../../records/settings.ts';

const MINUTE = 60_000;
/** In minutes. */
const DAY = 24 * 60;

/** `at`, or the end of the quiet hours it lies in; epoch ms. When clocks change, an hour off. */
export function afterQuiet({ quiet: { on, from, until } }: Settings, at: number): number {
  const clock = new Date(at);
  const minute = clock.getHours() * 60 + clock.getMinutes();
  const since = (minute - from + DAY) % DAY;
  const inside = since < (until - from + DAY) % DAY;
  if (!on || !inside) return at;
  return at - (at % MINUTE) + ((until - minute + DAY) % DAY) * MINUTE;
}
