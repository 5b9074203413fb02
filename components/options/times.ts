/** Days and times of the settings: as people type them, and as they are shown. */
import { MINUTES_A_DAY } from '../../utils/durations.ts';
import { nextStart } from '../../utils/keeper/when/trading-day.ts';
import type { Times } from '../../utils/records/settings.ts';
import { atTime, weekday } from '../../utils/words/time.ts';

/** The days of the week in the person's language; Sunday is the first, as it is when trading begins. */
export function weekdays(): string[] {
  // The first of January 2023 was a Sunday.
  return Array.from({ length: 7 }, (_, day) => weekday(new Date(2023, 0, 1 + day).getTime()));
}

/** The time at so many minutes since midnight as the person writes times, to be read and not typed. */
export function shownTime(minutes: number): string {
  const at = new Date(2023, 0, 1, 0, minutes).getTime();
  return atTime(at, at);
}

/** "08:30", of minutes since midnight, to be typed: alike in every language. */
export function asTime(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Minutes since midnight of "8:30", "08:30", "8.30" or "8:30 am"; null when it is no time. */
export function readTime(text: string): number | null {
  const parts = /^(\d{1,2})[:.](\d{2})\s*(am|pm)?$/i.exec(text.trim());
  if (parts === null) return null;
  const [hours, minutes, half] = [Number(parts[1]), Number(parts[2]), parts[3]?.toLowerCase()];
  if (minutes > 59 || (half ? hours < 1 || hours > 12 : hours > 23)) return null;
  return (half ? (hours % 12) + (half === 'pm' ? 12 : 0) : hours) * 60 + minutes;
}

/** The times of one day, "08:30, 17:00", as minutes since Sunday 00:00; null when one is no time. */
export function readDay(day: number, text: string): number[] | null {
  const times = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(readTime);
  return times.includes(null) ? null : times.map((time) => day * MINUTES_A_DAY + (time ?? 0));
}

/** The times of that day, as they are typed. */
export function typedDay(day: number, starts: Times): string {
  return starts
    .filter((at) => Math.floor(at / MINUTES_A_DAY) === day)
    .map((at) => asTime(at % MINUTES_A_DAY))
    .join(', ');
}

/** The day and time of the next start on this computer's clock; null when there is none. */
export function nextHere(starts: Times, now: number): { day: string; time: string } | null {
  const at = nextStart(now, starts);
  if (at === Infinity) return null;
  return { day: weekday(at), time: atTime(at, at) };
}
