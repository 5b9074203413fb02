/** What the person has set, as it is kept in the vault and sent by the options page. */
import { MINUTES_A_DAY } from '../durations.ts';
import { isFlag } from './field.ts';

/** Times of the week, each in minutes since Sunday 00:00, Central Time. */
export type Times = readonly number[];

/** The opening on Sunday, 17:00 Central Time, and 08:30 from Monday to Friday. */
export const USUAL_STARTS: Times = [1020, 1950, 3390, 4830, 6270, 7710];

/** Notifications: that a session ends, has ended, is back; before trading begins; before the weekend. */
export type NoticeKind = 'ends' | 'ready' | 'idle';

export interface Settings extends Record<NoticeKind, boolean> {
  /** When the person begins to trade. */
  starts: Times;
  /** When no notification is shown, in minutes since midnight on this computer's clock. */
  quiet: { on: boolean; from: number; until: number };
}

export const DEFAULTS: Settings = {
  ends: true,
  ready: true,
  idle: true,
  starts: USUAL_STARTS,
  quiet: { on: false, from: 22 * 60, until: 7 * 60 },
};

/** More would be a check all the time. */
export const MOST_STARTS = 28;

const isTime = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 7 * MINUTES_A_DAY;

const CHECKS: Record<keyof Settings, (value: unknown) => boolean> = {
  ends: isFlag,
  ready: isFlag,
  idle: isFlag,
  starts: (value) => Array.isArray(value) && value.length <= MOST_STARTS && value.every(isTime),
  quiet: (value) => {
    const { on, from, until } = (value ?? {}) as Record<string, unknown>;
    return isFlag(on) && isTime(from) && isTime(until) && from !== until;
  },
};

/** What was found on disk; a part that is missing or damaged is as it was before anything was set. */
export function readSettings(stored: unknown): Settings {
  return { ...DEFAULTS, ...Object.fromEntries(soundOf(stored)) };
}

export function isSettings(value: unknown): value is Settings {
  return soundOf(value).length === Object.keys(CHECKS).length;
}

function soundOf(value: unknown): [string, unknown][] {
  const parts = (value ?? {}) as Record<string, unknown>;
  return Object.entries(CHECKS).flatMap(([name, check]) =>
    check(parts[name]) ? [[name, parts[name]]] : [],
  );
}
