/**
 * How places, times and durations are written for people: in the language of the messages around
 * them, and with the person's own 12 or 24 hours, the same on card, popup and pages.
 */
import { DAY, HOUR, MINUTE, SECOND } from '../durations.ts';
import {
  hourCycle,
  language,
  number,
  once,
  say,
  sayCount,
  type MessageKey,
} from '../platform/i18n.ts';
import type { LoginRecord } from '../records/login.ts';
import { FRONT_DOORS, type Brand } from '../tradovate/front-doors.ts';

/** The same in every language. */
export const nameOf = (brand: Brand): string => FRONT_DOORS[brand].name;

/** By environment, and whether it is the twin for development. */
const PLACES = {
  demo: ['place_demo', 'place_demoTwin'],
  live: ['place_live', 'place_liveTwin'],
} as const satisfies Record<LoginRecord['environment'], readonly MessageKey[]>;

/** Where it trades and with whom, a firm or else a front door: "demo · Apex", "Tradovate · live". */
export function place({
  brand,
  environment,
  twin,
  organisation,
}: Pick<LoginRecord, 'brand' | 'environment' | 'twin' | 'organisation'>): string {
  const where = say(PLACES[environment][twin ? 1 : 0]);
  return organisation
    ? say('place_ofFirm', { firm: organisation, place: where })
    : say('place_ofBrand', { brand: nameOf(brand), place: where });
}

function format(form: () => Intl.DateTimeFormatOptions): (at: number) => string {
  const made = once(() => new Intl.DateTimeFormat(language(), form()));
  return (at) => made().format(at);
}

const clock = (): Intl.DateTimeFormatOptions => {
  const cycle = hourCycle();
  const hour = cycle === 'h11' || cycle === 'h12' ? 'numeric' : '2-digit';
  return { hour, minute: '2-digit', hourCycle: cycle };
};

const minutes = format(clock);
const seconds = format(() => ({ ...clock(), second: '2-digit' }));
const day = format(() => ({ weekday: 'short', day: 'numeric', month: 'short' }));

/** "7 Dec". */
export const date = format(() => ({ day: 'numeric', month: 'short' }));

/** "Fri 27". */
export const dayOfWeek = format(() => ({ weekday: 'short', day: 'numeric' }));

/** "Friday". */
export const weekday = format(() => ({ weekday: 'long' }));

/** "14:32", "14:32 yesterday", "14:32 on Sun 15 Nov": the day, unless it is that of `now`. */
export function atTime(at: number, now: number): string {
  return onDay(minutes(at), at, now);
}

/** "14:32:10", and the day in the same way. */
export function atSecond(at: number, now: number): string {
  return onDay(seconds(at), at, now);
}

function onDay(time: string, at: number, now: number): string {
  switch (daysBetween(now, at)) {
    case 0:
      return time;
    case -1:
      return say('time_yesterday', { time });
    case 1:
      return say('time_tomorrow', { time });
    default:
      return say('time_onDay', { day: day(at), time });
  }
}

/** How many midnights of this computer's clock lie between: 1 from today to tomorrow. */
export function daysBetween(from: number, to: number): number {
  return Math.round((midnightBefore(to) - midnightBefore(from)) / DAY);
}

const midnightBefore = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** A remaining time: "1 h 5 min", "58 min", "4 min 10 s" when it gets short, "45 s". */
export function duration(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms / SECOND));
  if (ms >= HOUR) return hours(Math.floor(ms / HOUR), Math.floor((ms % HOUR) / MINUTE));
  if (ms >= 5 * MINUTE) return say('time_minutes', { minutes: number(Math.floor(ms / MINUTE)) });
  if (whole < 60) return say('time_seconds', { seconds: number(whole) });
  const [min, s] = [number(Math.floor(whole / 60)), number(whole % 60)];
  return whole % 60 === 0
    ? say('time_minutes', { minutes: min })
    : say('time_minutesSeconds', { minutes: min, seconds: s });
}

function hours(h: number, min: number): string {
  return min === 0
    ? say('time_hours', { hours: number(h) })
    : say('time_hoursMinutes', { hours: number(h), minutes: number(min) });
}

/** "just now", "2 min ago", "3 h ago", "2 days ago". */
export function ago(ms: number): string {
  if (ms < 5 * SECOND) return say('time_justNow');
  if (ms < MINUTE) return say('time_secondsAgo', { seconds: number(Math.floor(ms / SECOND)) });
  if (ms < HOUR) return say('time_minutesAgo', { minutes: number(Math.floor(ms / MINUTE)) });
  if (ms < DAY) return say('time_hoursAgo', { hours: number(Math.floor(ms / HOUR)) });
  return sayCount('time_daysAgo', Math.floor(ms / DAY));
}
