/** The hours in which no notification is shown. */
import { MINUTE, MINUTES_A_DAY } from '../../durations.ts';
import type { Settings } from '../../records/settings.ts';

/** `at`, or the end of the quiet hours it lies in; epoch ms. When clocks change, an hour off. */
export function afterQuiet({ quiet: { on, from, until } }: Settings, at: number): number {
  const clock = new Date(at);
  const minute = clock.getHours() * 60 + clock.getMinutes();
  const since = (minute - from + MINUTES_A_DAY) % MINUTES_A_DAY;
  const inside = since < (until - from + MINUTES_A_DAY) % MINUTES_A_DAY;
  if (!on || !inside) return at;
  return at - (at % MINUTE) + ((until - minute + MINUTES_A_DAY) % MINUTES_A_DAY) * MINUTE;
}
