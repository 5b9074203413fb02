import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Holiday } from '../../utils/tradovate/market-holidays.ts';
import { market, type Closure } from '../../utils/tradovate/market-hours.ts';
import { central, days } from './chicago.ts';

/**
 * When trading ends on the days that are special: `-` for not at all. From 2026 to 2028 the days are
 * the ones the New York Stock Exchange has named.
 */
const SPECIAL: Record<string, string> = {
  '2026-01-01': '-',
  '2026-01-19': '12:00',
  '2026-02-16': '12:00',
  '2026-04-03': '08:15',
  '2026-05-25': '12:00',
  '2026-06-19': '12:00',
  '2026-07-03': '12:00',
  '2026-09-07': '12:00',
  '2026-11-26': '12:00',
  '2026-11-27': '12:15',
  '2026-12-24': '12:15',
  '2026-12-25': '-',
  '2027-01-01': '-',
  '2027-01-18': '12:00',
  '2027-02-15': '12:00',
  '2027-03-26': '-',
  '2027-05-31': '12:00',
  '2027-06-18': '12:00',
  '2027-07-05': '12:00',
  '2027-09-06': '12:00',
  '2027-11-25': '12:00',
  '2027-11-26': '12:15',
  '2027-12-24': '-',
  '2028-01-17': '12:00',
  '2028-02-21': '12:00',
  '2028-04-14': '-',
  '2028-05-29': '12:00',
  '2028-06-19': '12:00',
  '2028-07-03': '12:15',
  '2028-07-04': '12:00',
  '2028-09-04': '12:00',
  '2028-11-23': '12:00',
  '2028-11-24': '12:15',
  '2028-12-25': '-',
  '2029-01-01': '-',
  '2029-01-15': '12:00',
  '2029-02-19': '12:00',
  '2029-03-30': '-',
  '2029-05-28': '12:00',
  '2029-06-19': '12:00',
  '2029-07-03': '12:15',
  '2029-07-04': '12:00',
  '2029-09-03': '12:00',
  '2029-11-22': '12:00',
  '2029-11-23': '12:15',
  '2029-12-24': '12:15',
  '2029-12-25': '-',
  '2030-01-01': '-',
  '2030-01-21': '12:00',
  '2030-02-18': '12:00',
  '2030-04-19': '-',
  '2030-05-27': '12:00',
  '2030-06-19': '12:00',
  '2030-07-03': '12:15',
  '2030-07-04': '12:00',
  '2030-09-02': '12:00',
  '2030-11-28': '12:00',
  '2030-11-29': '12:15',
  '2030-12-24': '12:15',
  '2030-12-25': '-',
};

const endOf = (day: Temporal.PlainDate): string =>
  day.dayOfWeek > 5 ? '-' : (SPECIAL[day.toString()] ?? '16:00');

/** Trading from 2026 to 2030, each from its opening to its closing, by Temporal. */
const SESSIONS = [...days(2026, 2030)].flatMap((day) => {
  const end = endOf(day);
  const eve = day.subtract({ days: 1 });
  return end === '-'
    ? []
    : { from: central(eve.toPlainDateTime('17:00')), until: central(day.toPlainDateTime(end)) };
});

function expectedAt(now: number) {
  const openings = SESSIONS.map(({ from }) => from);
  const closings = SESSIONS.map(({ until }) => until);
  return {
    open: SESSIONS.some(({ from, until }) => now >= from && now < until),
    opens: openings.find((at) => at > now),
    closes: closings.find((at) => at > now),
  };
}

function shown(now: number) {
  const { closed, opens, closes } = market(now);
  return { open: closed === null, opens: opens.at, closes: closes.at };
}

describe('from 2026 to 2030', () => {
  const [first, last] = [central('2026-01-01T17:00'), central('2030-12-27T00:00')];

  test('it is open, opens and closes as Temporal has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), (now) => {
        expect(shown(now)).toEqual(expectedAt(now));
      }),
      { numRuns: 1_000 },
    );
  });

  test('to the millisecond at every opening and closing', () => {
    for (const { from, until } of SESSIONS.filter((session) => session.until < last))
      for (const edge of [from - 1, from, until - 1, until])
        expect(shown(edge), new Date(edge).toISOString()).toEqual(expectedAt(edge));
  });

  test('a week with a change of the clocks is as long as it should be', () => {
    const week = (friday: string) => market(central(friday)).opens.at - central(friday);
    expect(week('2027-03-12T16:00') / 3_600_000).toBe(48);
    expect(week('2026-10-30T16:00') / 3_600_000).toBe(50);
  });
});

const holiday = (day: Holiday): Closure => ({ kind: 'holiday', day });
const early = (day: Holiday): Closure => ({ kind: 'early-close', day });

test.each<[now: string, closed: Closure | null, opens: string, closes: string]>([
  // An ordinary week
  ['2026-11-16T09:30', null, '2026-11-16T17:00', '2026-11-16T16:00'],
  ['2026-11-16T16:30', { kind: 'daily-break' }, '2026-11-16T17:00', '2026-11-17T16:00'],
  ['2026-11-20T16:30', { kind: 'weekend' }, '2026-11-22T17:00', '2026-11-23T16:00'],
  ['2026-11-21T12:00', { kind: 'weekend' }, '2026-11-22T17:00', '2026-11-23T16:00'],
  ['2026-11-22T16:59', { kind: 'weekend' }, '2026-11-22T17:00', '2026-11-23T16:00'],
  ['2026-11-22T17:00', null, '2026-11-23T17:00', '2026-11-23T16:00'],
  // Holidays of 2026
  ['2026-01-01T09:00', holiday('newYear'), '2026-01-01T17:00', '2026-01-02T16:00'],
  ['2026-01-18T17:00', null, '2026-01-19T17:00', '2026-01-19T12:00'],
  ['2026-01-19T12:00', holiday('martinLutherKing'), '2026-01-19T17:00', '2026-01-20T16:00'],
  ['2026-02-16T16:30', holiday('presidents'), '2026-02-16T17:00', '2026-02-17T16:00'],
  ['2026-04-02T17:00', null, '2026-04-05T17:00', '2026-04-03T08:15'],
  ['2026-04-03T08:15', holiday('goodFriday'), '2026-04-05T17:00', '2026-04-06T16:00'],
  ['2026-04-03T17:00', { kind: 'weekend' }, '2026-04-05T17:00', '2026-04-06T16:00'],
  ['2026-05-25T13:00', holiday('memorial'), '2026-05-25T17:00', '2026-05-26T16:00'],
  ['2026-06-19T13:00', holiday('juneteenth'), '2026-06-21T17:00', '2026-06-22T16:00'],
  ['2026-07-02T13:00', null, '2026-07-02T17:00', '2026-07-02T16:00'],
  ['2026-07-03T13:00', holiday('independence'), '2026-07-05T17:00', '2026-07-06T16:00'],
  ['2026-09-07T13:00', holiday('labor'), '2026-09-07T17:00', '2026-09-08T16:00'],
  ['2026-11-25T16:30', { kind: 'daily-break' }, '2026-11-25T17:00', '2026-11-26T12:00'],
  ['2026-11-26T13:00', holiday('thanksgiving'), '2026-11-26T17:00', '2026-11-27T12:15'],
  ['2026-11-27T12:15', early('thanksgivingFriday'), '2026-11-29T17:00', '2026-11-30T16:00'],
  ['2026-12-24T12:15', early('christmasEve'), '2026-12-27T17:00', '2026-12-28T16:00'],
  ['2026-12-24T17:00', holiday('christmas'), '2026-12-27T17:00', '2026-12-28T16:00'],
  ['2026-12-26T10:00', { kind: 'weekend' }, '2026-12-27T17:00', '2026-12-28T16:00'],
  ['2026-12-31T16:00', holiday('newYear'), '2027-01-03T17:00', '2027-01-04T16:00'],
  // Kept on another day, or not at all
  ['2027-03-25T16:30', holiday('goodFriday'), '2027-03-28T17:00', '2027-03-29T16:00'],
  ['2027-06-18T13:00', holiday('juneteenth'), '2027-06-20T17:00', '2027-06-21T16:00'],
  ['2027-07-02T13:00', null, '2027-07-04T17:00', '2027-07-02T16:00'],
  ['2027-07-05T13:00', holiday('independence'), '2027-07-05T17:00', '2027-07-06T16:00'],
  ['2027-12-23T16:00', holiday('christmas'), '2027-12-26T17:00', '2027-12-27T16:00'],
  ['2027-12-31T13:00', null, '2028-01-02T17:00', '2027-12-31T16:00'],
  ['2027-12-31T16:00', { kind: 'weekend' }, '2028-01-02T17:00', '2028-01-03T16:00'],
  ['2028-07-03T13:00', early('independenceEve'), '2028-07-03T17:00', '2028-07-04T12:00'],
  ['2028-12-24T17:00', holiday('christmas'), '2028-12-25T17:00', '2028-12-26T16:00'],
  ['2028-12-31T18:00', holiday('newYear'), '2029-01-01T17:00', '2029-01-02T16:00'],
])('at %s', (now, closed, opens, closes) => {
  const is = market(central(now));
  expect(is.closed).toEqual(closed);
  expect([is.opens.at, is.closes.at]).toEqual([central(opens), central(closes)]);
});

/** What CME did before 2026: the rules are taken from it. */
test.each([
  ['2021-12-24', '-'],
  ['2021-12-31', '16:00'],
  ['2022-04-15', '-'],
  ['2022-06-20', '12:00'],
  ['2022-07-01', '16:00'],
  ['2022-12-26', '-'],
  ['2023-01-02', '-'],
  ['2023-02-20', '12:00'],
  ['2023-04-07', '08:15'],
  ['2023-07-03', '12:15'],
  ['2024-01-15', '12:00'],
  ['2024-03-29', '-'],
  ['2024-06-19', '12:00'],
  ['2024-07-03', '12:15'],
  ['2024-07-04', '12:00'],
  ['2024-11-29', '12:15'],
  ['2024-12-24', '12:15'],
  ['2025-01-20', '12:00'],
  ['2025-04-18', '-'],
  ['2025-12-25', '-'],
])('the rules hold for %s, when trading ended at %s', (day, end) => {
  const evening = central(
    Temporal.PlainDate.from(day).subtract({ days: 1 }).toPlainDateTime('17:00'),
  );
  const { closed, closes } = market(evening);
  if (end === '-') expect(closed?.kind).toBe('holiday');
  else expect([closed, closes.at]).toEqual([null, central(`${day}T${end}`)]);
});

describe('what the exchange has not announced is only expected:', () => {
  test.each([
    ['an ordinary day', '2029-08-15T10:00', [true, true, true]],
    ['a holiday of 2026', '2026-11-26T13:00', [true, true, true]],
    ['New Year’s Day of 2027', '2026-12-31T18:00', [true, true, true]],
    ['the break before a holiday', '2027-01-15T10:00', [true, false, true]],
    ['a week-end before a holiday', '2027-01-16T10:00', [true, false, false]],
    ['the morning of a holiday', '2027-01-18T10:00', [false, true, false]],
    ['the afternoon of a holiday', '2027-01-18T13:00', [false, true, true]],
    ['an evening that is left out', '2027-03-25T18:00', [false, true, true]],
    ['the afternoon before a holiday without trading', '2027-03-25T16:30', [false, false, false]],
    ['a week-end that a holiday lengthens', '2028-12-30T10:00', [true, false, false]],
    ['a holiday on a Saturday, kept on no other day', '2027-12-31T10:00', [false, true, false]],
  ])('%s', (_, now, [state, opens, closes]) => {
    const is = market(central(now));
    expect([is.certain, is.opens.certain, is.closes.certain]).toEqual([state, opens, closes]);
  });
});
