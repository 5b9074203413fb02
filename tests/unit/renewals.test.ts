import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoginRecord } from '../../utils/records/login.ts';
import { fit, type Job } from '../../utils/keeper/when/budget.ts';
import { ALLOWED, schedule, shortage } from '../../utils/keeper/when/renewals.ts';
import { maintenance } from '../../utils/tradovate/maintenance.ts';
import { greenLogin } from '../sample-login.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LIFE = 80 * MINUTE;
/** Monday, 09:00 Central: the next maintenance is seven hours away. */
const T0 = Date.UTC(2026, 10, 23, 15);
const BUDGET = { renewals: 2, windowMs: 6 };

const small = (wanted: number): Job => ({
  wanted,
  deadline: wanted,
  preferred: -Infinity,
  release: -Infinity,
});

/** Any two-in-six plan that does every job by its deadline, looked for among all of them. */
function anyPlan(deadlines: readonly number[], used: readonly number[]): boolean {
  const [first = Infinity, ...rest] = [...deadlines].sort((one, other) => one - other);
  if (first === Infinity) return true;
  for (let at = 0; at <= first; at++) {
    if (keepsTo([...used, at]) && anyPlan(rest, [...used, at])) return true;
  }
  return false;
}

function keepsTo(times: readonly number[], { renewals, windowMs } = BUDGET): boolean {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted.every((at, index) => (sorted[index + renewals] ?? Infinity) - at >= windowMs);
}

const usedBefore = fc
  .array(fc.integer({ min: -8, max: 0 }), { maxLength: 2 })
  .map((times) => times.sort((one, other) => one - other));

describe('against every possible plan', () => {
  test('if any does all in time, ours does, and keeps to the budget', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 1, maxLength: 5 }),
        usedBefore,
        (deadlines, used) => {
          const times = fit(deadlines.map(small), used, 0, BUDGET);
          expect(keepsTo([...used, ...times].filter((at) => at > -6)) || !keepsTo(used)).toBe(true);
          const inTime = times.every((at, index) => at <= (deadlines[index] ?? 0));
          expect(inTime).toBe(anyPlan(deadlines, used));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('none is done earlier than its neighbours and the budget demand', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 8 }),
        (all) => {
          const times = fit(all.map(small), [], 0, BUDGET);
          const latest = Math.max(...all);
          expect(Math.max(...times)).toBeGreaterThanOrEqual(latest);
        },
      ),
    );
  });
});

/** Whether some way of renewing keeps all tokens alive until `horizon`, and whether ours does. */
function lives(ends: readonly number[], life: number, horizon: number) {
  return { ours: ourWay(ends, life, horizon), any: anyWay(0, ends, life, horizon, []) };
}

function ourWay(ends: readonly number[], life: number, horizon: number): boolean {
  const expires = [...ends];
  const used: number[] = [];
  for (let now = 0; now < horizon; now++) {
    const times = fit(expires.map(small), used, now, BUDGET);
    for (const [index, at] of times.entries()) {
      if (at > now) continue;
      if ((expires[index] ?? 0) < now) return false;
      expires[index] = now + life;
      used.push(now);
    }
    if (expires.some((end) => end <= now)) return false;
  }
  return keepsTo(used);
}

function anyWay(
  now: number,
  ends: readonly number[],
  life: number,
  horizon: number,
  used: readonly number[],
  seen = new Set<string>(),
): boolean {
  if (now >= horizon) return true;
  if (ends.some((end) => end < now)) return false;
  const recent = used.filter((at) => at > now - BUDGET.windowMs);
  const key = [now, [...ends].sort((one, other) => one - other), recent].join(';');
  if (seen.has(key)) return false;
  seen.add(key);
  const inOrder = [...ends].sort((one, other) => one - other);
  for (let renew = 0; renew <= BUDGET.renewals - recent.length; renew++) {
    const after = inOrder.map((end, index) => (index < renew ? now + life : end));
    const more = [...recent, ...Array.from({ length: renew }, () => now)];
    if (after.every((end) => end > now) && anyWay(now + 1, after, life, horizon, more, seen)) {
      return true;
    }
  }
  return false;
}

test('over many lives: if any way of renewing keeps all tokens alive, ours does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 6, max: 13 }),
      (ends, life) => {
        const { ours, any } = lives(
          ends.map((end) => Math.min(end, life)),
          life,
          40,
        );
        expect(ours).toBe(any);
      },
    ),
    { numRuns: 1_000 },
  );
});

/** So many logins that were signed in one after the other, half a minute apart, until `now`. */
function logins(count: number, now = T0): LoginRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const openedAt = now - (count - index) * 30_000;
    return greenLogin(now, {
      id: `login-${index}`,
      label: `APEX-${index + 1}`,
      addedAt: openedAt,
      contactAt: openedAt,
      session: {
        openedAt,
        renewedAt: null,
        expiresAt: openedAt + LIFE,
        lifeMs: LIFE,
        renewals: 0,
      },
    });
  });
}

interface Kept {
  /** Shortest time that was left at a renewal. */
  leastLeft: number;
  /** Most renewals in any hour. */
  most: number;
  dead: string[];
  renewals: { at: number; id: string }[];
}

/** Lets the schedule run for so long; a token that runs out stays dead. */
function keep(records: LoginRecord[], from: number, until: number): Kept {
  let all = records;
  const kept: Kept = { leastLeft: Infinity, most: 0, dead: [], renewals: [] };
  for (let now = from; now < until;) {
    const { at } = schedule(all, now);
    const [id, due] = [...at].reduce((one, other) => (other[1] < one[1] ? other : one), [
      '',
      Infinity,
    ] as [string, number]);
    now = Math.max(now, due);
    const record = all.find((one) => one.id === id);
    if (!record?.session || now >= until) break;
    kept.leastLeft = Math.min(kept.leastLeft, record.session.expiresAt - now);
    kept.renewals.push({ at: now, id });
    const session = { ...record.session, expiresAt: now + LIFE };
    const renewalCalls = [...record.renewalCalls, now].slice(-ALLOWED);
    const renewed = { ...record, session, renewalCalls, contactAt: now };
    all = all.map((one) => (one.id === id ? renewed : { ...one, contactAt: now }));
  }
  const times = kept.renewals.map(({ at }) => at);
  kept.most = Math.max(...times.map((at) => times.filter((t) => t > at - HOUR && t <= at).length));
  kept.dead = all.filter(({ session }) => (session?.expiresAt ?? 0) < until).map(({ id }) => id);
  return kept;
}

describe('with tokens of 80 minutes, outside the maintenance', () => {
  /** Tuesday, 18:00 Central; the next window is 22 hours away. */
  const evening = Date.UTC(2026, 10, 25, 0);

  test.each([
    [1, 15, 12],
    [5, 15, 12],
    [12, 15, 12],
    [16, 8, 15],
    [19, 2, 15],
  ])(
    '%i logins live, with %i minutes left or more, at most %i renewals an hour',
    (n, left, most) => {
      const kept = keep(logins(n, evening), evening, evening + 14 * HOUR);
      expect(kept.dead).toEqual([]);
      expect(kept.leastLeft).toBeGreaterThanOrEqual(left * MINUTE);
      expect(kept.most).toBeLessThanOrEqual(most);
    },
  );

  test('of 21 logins the last added are let go, and nothing is wasted on them', () => {
    const kept = keep(logins(21, evening), evening, evening + 14 * HOUR);
    expect(kept.dead).toEqual(['login-19', 'login-20']);
    expect(kept.most).toBeLessThanOrEqual(15);
  });
});

/** The most of `times` in any span of `ms`. */
const mostIn = (times: readonly number[], ms: number): number =>
  Math.max(...times.map((at) => times.filter((t) => t > at - ms && t <= at).length));

describe('what counts', () => {
  const evening = Date.UTC(2026, 10, 25, 0);
  const [first, ...others] = logins(12, evening);
  const planned = (change: Partial<LoginRecord>) => {
    const all = [{ ...first, ...change } as LoginRecord, ...others];
    return [...schedule(all, evening).at.values()];
  };
  const ago = (...minutes: number[]) => minutes.map((minute) => evening - minute * MINUTE);

  test('a person’s clicks: with them it is twelve in an hour, as long as nobody comes too late', () => {
    const clicks = ago(6, 5, 4, 3, 2, 1);
    expect(mostIn([...clicks, ...planned({ renewalCalls: clicks })], HOUR)).toBe(12);
  });

  test('a renewal that is under way', () => {
    const clicks = ago(6, 5, 4, 3, 2);
    const call = { kind: 'renewal' as const, since: evening - MINUTE, until: evening };
    const times = planned({ renewalCalls: clicks, call });
    expect(mostIn([...clicks, call.since, ...times], HOUR)).toBe(12);
  });

  test('the web trader’s own renewals, but no more of them than are kept for a person', () => {
    const tabs = (count: number) =>
      Array.from({ length: count }, (_, tabId) => ({
        tabId,
        host: 'trader.tradovate.com',
        openedAt: evening - HOUR,
        seenAt: evening - (count - tabId) * 1_000,
      }));
    const none = planned({});
    const three = planned({ webSessions: tabs(3) });
    expect(Math.min(...three)).toBeGreaterThanOrEqual(Math.min(...none));
    expect(mostIn([...three, ...tabs(3).map(({ seenAt }) => seenAt)], HOUR)).toBe(12);
    expect(planned({ webSessions: tabs(10) })).toEqual(three);
  });

  test('calls by the minute: who has slept through it does not come all at once', () => {
    const times = [...schedule(logins(12, evening), evening + 70 * MINUTE).at.values()];
    expect(times).toHaveLength(12);
    expect(mostIn(times, MINUTE)).toBeLessThanOrEqual(8);
    expect(Math.max(...times)).toBeLessThan(evening + 72 * MINUTE);
  });
});

test('the window is where these tests take it to be', () => {
  expect(new Date(maintenance(T0).from).toISOString()).toBe('2026-11-23T22:00:00.000Z');
});

describe('around a maintenance window', () => {
  const window = maintenance(T0);

  test.each([1, 3, 6, 12])('%i logins live through it, and are renewed outside it only', (n) => {
    const kept = keep(logins(n), T0, T0 + 14 * HOUR);
    expect(kept.dead).toEqual([]);
    expect(kept.most).toBeLessThanOrEqual(15);
    expect(kept.renewals.filter(({ at }) => at >= window.from && at < window.until)).toEqual([]);
  });
});

describe('a shortage', () => {
  test.each([
    [16, null],
    [17, { logins: 17, needed: 16, toPause: 1 }],
    [18, { logins: 18, needed: 17, toPause: 2 }],
    [20, { logins: 20, needed: 19, toPause: 4 }],
  ])('of %i logins is said before it is felt', (n, said) => {
    expect(shortage(logins(n), T0)).toEqual(said);
  });

  test('is over when the person pauses some', () => {
    const paused = logins(18).map((one, index) => (index < 2 ? { ...one, pausedAt: T0 } : one));
    expect(shortage(paused, T0)).toBeNull();
  });
});

test('a thousand logins are planned in less than five milliseconds', () => {
  const week = 7 * 24 * HOUR;
  const many = logins(1_000).map((one, index) => ({
    ...one,
    session: one.session && {
      ...one.session,
      lifeMs: week,
      expiresAt: T0 + HOUR + index * 5 * MINUTE,
    },
  }));
  expect(schedule(many, T0).at.size).toBe(1_000);
  // The best of twenty: what else the machine does is not the plan's time.
  const times = Array.from({ length: 20 }, () => {
    const began = performance.now();
    schedule(many, T0);
    return performance.now() - began;
  });
  expect(Math.min(...times)).toBeLessThan(5);
});
