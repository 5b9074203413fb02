/** What the benchmark found, in words and tables. */
import { DAYS, SEEDS } from './contenders.ts';
import type { Tally } from './meter.ts';
import { DAY, HOUR } from './month.ts';

export type Results = { size: number; rows: { name: string; tally: Tally }[] }[];

/** A share in per cent, rounded down: 100 is said only where it is true. */
export const percent = (part: number, whole: number): string =>
  part === whole ? '100' : (Math.floor((part / whole) * 10_000) / 100).toFixed(2);

/** A count, per login and 30 days; a count above nothing is never said to be nothing. */
export function each(count: number, { totalMs }: Tally): string {
  const value = perMonth(count, totalMs);
  if (count === 0) return '0';
  return value < 0.1 ? '<0.1' : value.toFixed(value < 100 ? 1 : 0);
}

export const perMonth = (count: number, totalMs: number): number => (count / totalMs) * 30 * DAY;

const ratio = (part: number, whole: number): string =>
  whole === 0 ? '–' : (part / whole).toFixed(2);

/** The real keeper's share of survivable time, in one sentence. */
export function headline(results: Results): string {
  const shares = results.map(({ size, rows }) => {
    const tally = rows[0]?.tally;
    const share = tally ? percent(tally.survivedMs, tally.survivableMs) : '–';
    return `${share} % with ${logins(size)}`;
  });
  return `Of the time in which a token could be had, Holdfast had one in ${shares.join(', ')}.`;
}

/** Ends with the tables, in Markdown: the part of README.md beside this that is between the markers. */
export function inReadme(results: Results): string {
  return [
    '![How long policies are without a token that could have been kept, and how many sign-ins that costs](bench.svg)',
    `${DAYS} days in virtual time, ${SEEDS.length} times (seeds ${SEEDS.join(', ')}), the same for everybody: what Holdfast promises, and where it stands today.`,
    targets(results),
    lost(results),
    ...results.map(
      ({ size, rows }) =>
        `<details>\n<summary>All policies with ${logins(size)}</summary>\n\n${table(rows)}\n\n</details>`,
    ),
    NOTES,
  ].join('\n\n');
}

const logins = (size: number): string => (size === 1 ? '1 login' : `${size} logins`);

function table(rows: Results[number]['rows']): string {
  const lines = rows.map(({ name, tally }) => [
    name,
    `${percent(tally.survivedMs, tally.survivableMs)} %`,
    `${percent(tally.validMs, tally.totalMs)} %`,
    `${each(tally.needed, tally)} + ${each(tally.needless, tally)}`,
    each(tally.unasked, tally),
    each(tally.evictedOthers, tally),
    ratio(tally.renewals, tally.leastRenewals),
    each(tally.limitHits, tally),
    ((tally.wakes / tally.awakeMs) * HOUR).toFixed(1),
  ]);
  const head = [
    'policy',
    'survivable time with a token',
    'all time with a token',
    'unplanned sign-ins: needed + needless',
    'sessions opened unasked',
    'others’ sessions closed',
    'renewals / least',
    'limit hits',
    'wake-ups an hour',
  ];
  return markdown(head, lines);
}

interface Target {
  what: string;
  met: (tally: Tally) => boolean;
  said: (tally: Tally) => string;
}

const TARGETS: readonly Target[] = [
  {
    what: 'a valid token in 100 % of survivable time',
    met: ({ survivedMs, survivableMs }) => survivedMs === survivableMs,
    said: ({ survivedMs, survivableMs }) => `${percent(survivedMs, survivableMs)} %`,
  },
  {
    what: 'no session opened beyond the person’s',
    met: ({ unasked }) => unasked === 0,
    said: (tally) => each(tally.unasked, tally),
  },
  {
    what: 'renewals at most 1.05 × the least possible',
    // Fewer than the least is no saving: tokens were lost.
    met: ({ renewals, leastRenewals }) =>
      renewals >= leastRenewals && renewals <= 1.05 * leastRenewals,
    said: ({ renewals, leastRenewals }) =>
      ratio(renewals, leastRenewals) +
      (renewals < leastRenewals ? ', as tokens were lost instead' : ''),
  },
  {
    what: 'wake-ups at most 1.2 × the events due',
    met: ({ wakes, eventsDue }) => wakes <= 1.2 * eventsDue,
    said: ({ wakes, eventsDue }) => ratio(wakes, eventsDue),
  },
  {
    what: 'no call refused by a limit',
    met: ({ limitHits }) => limitHits === 0,
    said: (tally) => each(tally.limitHits, tally),
  },
];

/** The real keeper against what was promised for it. */
function targets(results: Results): string {
  const lines = TARGETS.map(({ what, met, said }) => [
    what,
    ...results.map(({ rows }) => {
      const tally = rows[0]?.tally;
      return tally ? `${met(tally) ? 'met' : '**not met**'}: ${said(tally)}` : '';
    }),
  ]);
  return markdown(['target', ...results.map(({ size }) => logins(size))], lines);
}

/** What was in the way where the real keeper lost a token that could have been kept. */
function lost(results: Results): string {
  const reasons = [
    ['a maintenance window', 'lostInMaintenance'],
    ['the computer asleep', 'lostAsleep'],
    ['another outage', 'lostInFailures'],
    ['the limit of 15 renewals an hour', 'lostToLimits'],
    ['anything else', 'lostOtherwise'],
  ] as const;
  const lines = reasons.map(([reason, key]) => [
    reason,
    ...results.map(({ rows }) => (rows[0] ? each(rows[0].tally[key], rows[0].tally) : '')),
  ]);
  const head = [
    'tokens Holdfast could have kept but lost to',
    ...results.map(({ size }) => logins(size)),
  ];
  return markdown(head, lines);
}

function markdown(head: string[], lines: string[][]): string {
  const row = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n');
}

const NOTES = `How it is measured. Counts are per login and ${DAYS} days. The broker is the local Tradovate: tokens
live 80 minutes, two sessions a login, the old token dies with a renewal, 15 renewals an hour for the
whole network. It answers nothing in its maintenance windows (Mon-Thu 16-17, Fri 17-20, Sat 22 to
Sun 06:30 Central) and in outages of 2 minutes to 3 hours; lids are closed for 5 to 50 minutes, in
every second month the computer sleeps at night; the owner looks into the web trader, here or on a
phone; other programs come and go; workers die; now and then a renewal gets a penalty, a 429, a 500 or
a page.

- *Survivable* is the time in which some policy could have had a valid token without a new sign-in.
  It ends when another sign-in closes the session, or where an outage or sleep longer than a token's
  life begins, and begins again with the policy's next sign-in. To use all of it one would have to
  see every outage and every closed lid coming. The limit on renewals is not taken off.
- *Needed* sign-ins are those after such an end; the *needless* ones follow a loss that could have
  been avoided, or replace a token that was good.
- Holdfast and the documentation's sample wait for a person, who signs in again after ten minutes at
  the computer (07:00 to 22:30). The others have the password and sign in within a minute: that gives
  them more of all time, and opens the sessions that are counted as unasked.
- *Least* is each login's renewals as late as possible, knowing the whole month.
- Worker deaths hit Holdfast alone. The others are given a page or process that never ends.
- Wake-ups are for each hour awake; what is due at the same moment is one. Holdfast’s are those in
  Chromium. Firefox adds one a minute while there is something to keep, because it puts alarms off
  by the time the computer slept.`;
