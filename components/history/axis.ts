import { DAY } from '../../utils/durations.ts';
import type { Span } from '../../utils/tradovate/maintenance.ts';
import { atTime, dayOfWeek } from '../../utils/words/time.ts';

/** Where a time axis is labelled: every six hours of this computer's clock, or every midnight. */
export function axis({ from, until }: Span): { at: number; words: string }[] {
  const days = until - from > 2 * DAY;
  const at = new Date(from);
  at.setHours(0, 0, 0, 0);
  const marks: { at: number; words: string }[] = [];
  for (; at.getTime() <= until; at.setHours(at.getHours() + (days ? 24 : 6))) {
    const time = at.getTime();
    // A label at the very edge would be cut.
    const edge = (until - from) / 40;
    if (time < from + edge || time > until - edge) continue;
    marks.push({ at: time, words: days ? dayOfWeek(time) : atTime(time, time) });
  }
  return marks;
}
