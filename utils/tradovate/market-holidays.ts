/**
 * The days on which CME Globex trades equity index futures shorter than usual, or not at all.
 *
 * They are the holidays of the New York Stock Exchange, which has named its own up to 2028. What CME
 * makes of each it announces year by year, and settles some two weeks before; the rules here are what
 * it has done since 2022. A storm or a day of mourning is in no rule.
 */

/** The last holiday, midnight in Greenwich, whose hours were checked against what CME has announced. */
const ANNOUNCED_UNTIL = Date.UTC(2027, 0, 1);

/** When trading ends, in hours since midnight, Central Time. */
const [HALT, EARLY, USUAL] = [12, 12.25, 16] as const;
/** Stocks do not trade, but there is a jobs report in the morning. */
const AFTER_REPORT = 8.25;

/** In words: `holiday_…` in the message files. */
export type Holiday =
  | 'newYear'
  | 'martinLutherKing'
  | 'presidents'
  | 'goodFriday'
  | 'memorial'
  | 'juneteenth'
  | 'independenceEve'
  | 'independence'
  | 'labor'
  | 'thanksgiving'
  | 'thanksgivingFriday'
  | 'christmasEve'
  | 'christmas';

interface Rule {
  name: Holiday;
  kind: 'holiday' | 'early-close';
  /** When trading ends, in hours since midnight, Central Time; null: there is none. */
  ends: number | null;
}

export interface SpecialDay extends Rule {
  /** False: expected, because CME has done so in other years. */
  announced: boolean;
}

/** What is special about a Monday to Friday, given as its midnight in Greenwich; null: nothing. */
export function specialDay(midnight: number): SpecialDay | null {
  const at = new Date(midnight);
  const rule = RULES.find(({ falls }) =>
    falls({
      year: at.getUTCFullYear(),
      month: at.getUTCMonth() + 1,
      date: at.getUTCDate(),
      weekday: at.getUTCDay(),
    }),
  );
  if (rule === undefined) return null;
  const { name, kind, ends } = rule;
  return { name, kind, ends, announced: midnight <= ANNOUNCED_UNTIL };
}

/** A Monday to Friday. */
interface Workday {
  year: number;
  /** From 1. */
  month: number;
  date: number;
  /** Monday is 1. */
  weekday: number;
}

type Falls = (day: Workday) => boolean;

const [MONDAY, THURSDAY, FRIDAY] = [1, 4, 5] as const;

const on =
  (month: number, date: number): Falls =>
  (day) =>
    day.month === month && day.date === date;

/** The only one in the seven days from `date` on. */
const weekdayFrom =
  (weekday: number, month: number, date: number): Falls =>
  (day) =>
    day.weekday === weekday && day.month === month && day.date >= date && day.date < date + 7;

/** The day before, if the day itself is a Tuesday to Friday. */
const eveOf =
  (month: number, date: number): Falls =>
  (day) =>
    day.weekday <= THURSDAY && on(month, date - 1)(day);

/** The day itself, or the Monday after its Sunday. */
const orMonday =
  (month: number, date: number): Falls =>
  (day) =>
    on(month, date)(day) || (day.weekday === MONDAY && on(month, date + 1)(day));

/** The day itself, or the Friday before its Saturday, or the Monday after its Sunday. */
const observed =
  (month: number, date: number): Falls =>
  (day) =>
    orMonday(month, date)(day) || (day.weekday === FRIDAY && on(month, date - 1)(day));

/** By Gauss’s rule for Easter, as it holds from 1982 to 2048. */
function isGoodFriday({ year, month, date }: Workday): boolean {
  const moon = (19 * (year % 19) + 24) % 30;
  const toSunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7;
  return Date.UTC(year, month - 1, date) === Date.UTC(year, 2, 22 + moon + toSunday - 2);
}

function rule(name: Holiday, ends: number | null, falls: Falls): Rule & { falls: Falls } {
  return { name, kind: ends === EARLY ? 'early-close' : 'holiday', ends, falls };
}

/** The first that falls on a day holds. */
const RULES = [
  rule('newYear', null, orMonday(1, 1)),
  // One on a Saturday is not kept (NYSE rule 7.2), and the Friday before is expected to be as ever.
  rule('newYear', USUAL, (day) => day.weekday === FRIDAY && on(12, 31)(day)),
  rule('martinLutherKing', HALT, weekdayFrom(MONDAY, 1, 15)),
  rule('presidents', HALT, weekdayFrom(MONDAY, 2, 15)),
  // The report comes on the first Friday of a month: so it was in 2015, 2021, 2023 and 2026.
  rule('goodFriday', AFTER_REPORT, (day) => isGoodFriday(day) && weekdayFrom(FRIDAY, 4, 1)(day)),
  rule('goodFriday', null, isGoodFriday),
  rule('memorial', HALT, weekdayFrom(MONDAY, 5, 25)),
  rule('juneteenth', HALT, observed(6, 19)),
  rule('independenceEve', EARLY, eveOf(7, 4)),
  rule('independence', HALT, observed(7, 4)),
  rule('labor', HALT, weekdayFrom(MONDAY, 9, 1)),
  rule('thanksgiving', HALT, weekdayFrom(THURSDAY, 11, 22)),
  rule('thanksgivingFriday', EARLY, weekdayFrom(FRIDAY, 11, 23)),
  rule('christmasEve', EARLY, eveOf(12, 25)),
  rule('christmas', null, observed(12, 25)),
];
