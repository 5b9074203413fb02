/**
 * How names, times and durations are written for people. English words with a 24-hour clock: the
 * times are compared with logs and broker messages, where "02:10" must not be ambiguous.
 */
import { DAY, HOUR, MINUTE, SECOND } from '../durations.ts';
import type { LoginRecord, ProofBy } from '../records/login.ts';
import { FRONT_DOORS, type Brand } from '../tradovate/front-doors.ts';

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const minutes = new Intl.DateTimeFormat('en-GB', clock);
const seconds = new Intl.DateTimeFormat('en-GB', { ...clock, second: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

export const nameOf = (brand: Brand): string => FRONT_DOORS[brand].name;

export const CALLS: Record<ProofBy, string> = {
  'sign-in': 'sign-in',
  renewal: 'renewal',
  probe: 'check',
  refresh: 'refresh',
  link: 'live link',
};

/** Where it trades and with whom, a firm or else a front door: "demo · Apex", "Tradovate · live". */
export function place({
  brand,
  environment,
  twin,
  organisation,
}: Pick<LoginRecord, 'brand' | 'environment' | 'twin' | 'organisation'>): string {
  const where = `${environment}${twin ? ' (development)' : ''}`;
  return organisation ? `${where} · ${organisation}` : `${nameOf(brand)} · ${where}`;
}

/** "14:32", or with the date when that is another day than `now`. */
export function atTime(at: number, now: number): string {
  return dated(minutes.format(at), at, now);
}

/** "14:32:10", or with the date when that is another day than `now`. */
export function atSecond(at: number, now: number): string {
  return dated(seconds.format(at), at, now);
}

function dated(time: string, at: number, now: number): string {
  return date.format(at) === date.format(now) ? time : `${date.format(at)}, ${time}`;
}

/** A remaining time: "1 h 5 min", "58 min", "4 min 10 s" when it gets short, "45 s". */
export function duration(ms: number): string {
  if (ms >= HOUR)
    return joined(Math.floor(ms / HOUR), 'h', Math.floor((ms % HOUR) / MINUTE), 'min');
  if (ms >= 5 * MINUTE) return `${Math.floor(ms / MINUTE)} min`;
  const whole = Math.max(0, Math.ceil(ms / SECOND));
  return whole >= 60 ? joined(Math.floor(whole / 60), 'min', whole % 60, 's') : `${whole} s`;
}

function joined(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** "just now", "2 min ago", "3 h ago", "2 days ago". */
export function ago(ms: number): string {
  if (ms < 5 * SECOND) return 'just now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s ago`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`;
  const days = Math.floor(ms / DAY);
  return days === 1 ? '1 day ago' : `${days} days ago`;
}
