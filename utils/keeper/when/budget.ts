/**
 * A limit on how much is done in any span of time, and what fits under it. Numbers only: whose
 * renewals these are is the business of renewals.ts. All times epoch ms.
 */

/**
 * Calls to authentication endpoints are counted by the minute, too (FACTS.md §2: ten); a sign-in
 * needs its own.
 */
const A_MINUTE = 8;
/** A renewal to be made. */
export interface Job {
  /** When it should be made at the latest. */
  wanted: number;
  /** When it is too late. */
  deadline: number;
  /** An earlier one would do, but would be wasted. */
  preferred: number;
  /** It must not be made before. */
  release: number;
}

/** So many renewals in any span of `windowMs`. */
export interface Budget {
  renewals: number;
  windowMs: number;
}

/** The earliest times at which `count` more renewals can be made. */
export function earliestTurns(
  count: number,
  used: readonly number[],
  now: number,
  budget: Budget,
): number[] {
  return turns(
    Array.from({ length: count }, () => now),
    used,
    budget,
  );
}

/** `wishes`, in their order, put off as far as the budget and what was used of it demand. */
function turns(wishes: readonly number[], used: readonly number[], budget: Budget): number[] {
  const made = [...used];
  for (const wish of wishes) {
    const hourAgo = made.at(-budget.renewals) ?? -Infinity;
    const minuteAgo = made.at(-A_MINUTE) ?? -Infinity;
    made.push(Math.max(wish, hourAgo + budget.windowMs, minuteAgo + budget.windowMs / 60));
  }
  return made.slice(used.length);
}

/**
 * The jobs that can be done before their deadlines, when each takes one of the `times`, and the
 * others: as many as possible, and the first of them rather than the last. Each is given the latest
 * time that is free, which never harms another (job sequencing with deadlines).
 */
export function inTime<J extends Job>(jobs: readonly J[], times: readonly number[]): [J[], J[]] {
  /** The latest free time at or before each, by its number; 0 stands for none. */
  const free = Array.from({ length: times.length + 1 }, (_, index) => index);
  const freeAt = (number: number): number => {
    let root = number;
    while ((free[root] ?? 0) !== root) root = free[root] ?? 0;
    for (let next = number; next !== root;) [next, free[next]] = [free[next] ?? 0, root];
    return root;
  };
  const [done, late]: [J[], J[]] = [[], []];
  for (const one of jobs) {
    const number = freeAt(countUpTo(times, one.deadline));
    if (number > 0) free[number] = number - 1;
    (number > 0 ? done : late).push(one);
  }
  return [done, late];
}

/** How many of the ascending `times` are not after `at`. */
function countUpTo(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * When each job is done under `budget`, not before `now`, if `used` have been made already. If there
 * is any way to do all by the time they are wanted, this is one.
 */
export function fit(
  jobs: readonly Job[],
  used: readonly number[],
  now: number,
  budget: Budget,
): number[] {
  const spacing = budget.windowMs / budget.renewals;
  const order = [...jobs].sort(
    (one, other) => one.wanted - other.wanted || one.deadline - other.deadline,
  );
  /** The latest times in the order of the jobs: so that all are done when wanted, and with distances. */
  const latest: number[] = [];
  const apart: number[] = [];
  for (const [rank, one] of [...order.entries()].reverse()) {
    const full = (times: number[]) => (times[rank + budget.renewals] ?? Infinity) - budget.windowMs;
    latest[rank] = Math.min(one.wanted, full(latest));
    const before = Math.max((apart[rank + 1] ?? Infinity) - spacing, one.preferred);
    apart[rank] = Math.min(one.wanted, full(apart), before);
  }
  let last = used.at(-1) ?? -Infinity;
  const wishes = order.map((one, rank) => {
    // Where the distances cannot be kept up to the end, they are kept for as long as they can.
    const paced = Math.max(apart[rank] ?? now, last + spacing);
    const at = Math.max(now, one.release, Math.min(paced, latest[rank] ?? now));
    last = at;
    return { one, at };
  });
  wishes.sort((one, other) => one.at - other.at);
  const times = turns(
    wishes.map(({ at }) => at),
    used,
    budget,
  );
  const at = new Map(wishes.map(({ one }, index) => [one, times[index] ?? now]));
  return jobs.map((one) => at.get(one) ?? now);
}
