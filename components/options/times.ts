/** Times as people type them into the settings. */
import { MINUTES_A_DAY } from '../../utils/durations.ts';
import { nextStart } from '../../utils/keeper/when/trading-day.ts';
import type { Times } from '../../utils/records/settings.ts';

export const DAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

/** "08:30", of minutes since midnight. */
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

const HERE = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** "Tuesday 15:30", the next start on this computer's clock; null when there is none. */
export function nextHere(starts: Times, now: number): string | null {
  const at = nextStart(now, starts);
  return at === Infinity ? null : HERE.format(at).replace(',', '');
}
