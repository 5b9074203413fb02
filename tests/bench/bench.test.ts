/** The benchmark's own proofs: it repeats itself, its bound is exact, and its short cuts change nothing. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chart } from './chart.ts';
import { CONTENDERS } from './contenders.ts';
import { leastRenewals, type Tally } from './meter.ts';
import { DAY, HOUR, MINUTE, month, type Month } from './month.ts';
import { Program, type Line } from './policies.ts';
import { headline, inReadme, type Results } from './report.ts';
import { run } from './run.ts';
import { after, holding, merged, outside } from './spans.ts';

const oneDay = async (): Promise<Results> => {
  const day = month(7, 3, true, 1);
  const rows: { name: string; tally: Tally }[] = [];
  for (const { name, make } of CONTENDERS) rows.push({ name, tally: await run(make, day) });
  return [{ size: 3, rows }];
};

test('one day, twice: the same figures, words and picture', async () => {
  const first = await oneDay();
  const second = await oneDay();
  expect(second).toEqual(first);
  expect(inReadme(second)).toBe(inReadme(first));
  expect(headline(second)).toBe(headline(first));
  expect(chart(second)).toBe(chart(first));
  expect(new Set(first[0]?.rows.map(({ tally }) => JSON.stringify(tally))).size).toBe(7);
});

test('the vault in memory and the one in IndexedDB give the same two days', async () => {
  const days = month(15, 2, true, 2);
  expect(days.strangers.some(({ where }) => where === 'here')).toBe(true);
  expect(days.deaths.some(({ step }) => step !== null)).toBe(true);
  expect(await run(null, days, true)).toEqual(await run(null, days, false));
}, 60_000);

/** Renews each token at the last moment that is open to it, and lets one go that nothing can save. */
class Clairvoyant extends Program {
  override readonly signsInByItself = false;
  readonly #open: Month['open'];

  constructor(line: Line, { open }: Month) {
    super(line);
    this.#open = open;
  }

  override slept(): void {
    // It knew.
  }

  protected started(login: string): void {
    const last = (this.held.get(login)?.expiresAt ?? 0) - 1;
    const span = this.#open.findLast(({ from }) => from <= last);
    const latest = Math.min(last, (span?.until ?? 0) - 1);
    const next = this.#open.find(({ from }) => from > latest);
    const inTime = holding(this.#open, latest + 1) ?? (next && next.from < latest + 80 * MINUTE);
    if (latest > this.now && inTime) this.timer(login, latest - this.now);
  }

  protected fire(login: string): void {
    this.renewed(login);
    this.started(login);
  }
}

test('who knows the future has a token in all survivable time, by the least possible renewals', async () => {
  for (const [seed, nights] of [
    [1, false],
    [2, true],
  ] as const) {
    const days: Month = { ...month(seed, 1, nights, 10), strangers: [], faults: [] };
    const tally = await run((line) => new Clairvoyant(line, days), days);
    expect(tally.survivedMs).toBe(tally.survivableMs);
    expect(tally.renewals).toBe(tally.leastRenewals);
    expect(tally).toMatchObject({ needless: 0, unasked: 0, limitHits: 0 });
  }
});

test('the least possible number of renewals is the least of all that were tried', () => {
  const bits = fc.array(fc.boolean(), { minLength: 8, maxLength: 18 });
  fc.assert(
    fc.property(bits, fc.integer({ min: 2, max: 6 }), (openAt, life) => {
      const open = openAt.flatMap((is, at) => (is ? [{ from: at, until: at + 1 }] : []));
      const least = exhaustively(openAt, life);
      if (least === null) return;
      expect(leastRenewals(merged(open), 0, openAt.length, life)).toBe(least);
    }),
    { seed: 1 },
  );
});

/** Fewest renewals that cover every moment; null when none do. A renewal needs a token that is still valid. */
function exhaustively(open: boolean[], life: number): number | null {
  let reached = new Set([life]);
  for (let count = 0; count <= open.length; count++) {
    if ([...reached].some((end) => end >= open.length)) return count;
    const next = new Set<number>();
    for (const end of reached) {
      for (let at = 0; at < Math.min(end, open.length); at++) {
        if (open[at] && at + life > end) next.add(at + life);
      }
    }
    reached = next;
  }
  return null;
}

test('the month keeps the documented maintenance windows, and repeats itself by its seed', () => {
  const one = month(1, 2, true);
  expect(month(1, 2, true)).toEqual(one);
  expect(month(2, 2, true)).not.toEqual(one);
  // It begins on a Monday at 09:00 Central Time.
  const windows = [
    [7, 8],
    [4 * 24 + 8, 4 * 24 + 11],
    [5 * 24 + 13, 5 * 24 + 21.5],
  ] as const;
  for (const [from, until] of windows) {
    const at = (hours: number) => one.from + hours * HOUR;
    expect(holding(one.outages, at(from))?.until).toBeGreaterThanOrEqual(at(until));
    expect(holding(one.outages, at(until) - 1)).toBeDefined();
  }
  // More logins change nothing for those that were there.
  expect(month(1, 5, true).outages).toEqual(one.outages);
  expect(month(1, 5, true).strangers.filter(({ login }) => login === 'login-1')).toEqual(
    one.strangers.filter(({ login }) => login === 'login-1'),
  );
  expect(one.until - one.from).toBe(30 * DAY);
});

test('spans: merged, left over, and time that goes by in them', () => {
  const gaps = merged([
    { from: 5, until: 7 },
    { from: 1, until: 3 },
    { from: 6, until: 9 },
  ]);
  expect(gaps).toEqual([
    { from: 1, until: 3 },
    { from: 5, until: 9 },
  ]);
  const left = outside({ from: 0, until: 12 }, gaps);
  expect(left).toEqual([
    { from: 0, until: 1 },
    { from: 3, until: 5 },
    { from: 9, until: 12 },
  ]);
  expect(after(left, 0, 0)).toBe(0);
  expect(after(left, 1, 0)).toBe(3);
  expect(after(left, 0, 2)).toBe(4);
  expect(after(left, 4, 2)).toBe(10);
  expect(after(left, 4, 9)).toBe(Infinity);
});
