/** Lengths of time in milliseconds. Every room may import this. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

/** For times of the day that are counted in minutes. */
export const MINUTES_A_DAY = 24 * 60;
