import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { alarmsFor } from '../../utils/keeper/when/alarms.ts';
import { alarmsSlip, onAlarm, setAlarms } from '../../utils/platform/alarms.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 23, 15, 0, 0);

/** As the background does it for a deadline. */
const setDeadline = (at: number | null, now: number) =>
  setAlarms(at === null ? null : alarmsFor(Math.ceil(at), now, alarmsSlip()));

const set = async () => {
  const alarms = await fakeBrowser.alarms.getAll();
  return Object.fromEntries(
    alarms.map(({ name, scheduledTime, periodInMinutes }) => [
      name,
      { at: scheduledTime, ...(periodInMinutes && { every: periodInMinutes * MINUTE }) },
    ]),
  );
};

beforeEach(() => {
  fakeBrowser.reset();
  return () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  };
});

describe('in Chromium', () => {
  test('nothing wakes before the deadline, and the guard only when that did not do', async () => {
    await setDeadline(NOW + 40 * MINUTE, NOW);
    expect(await set()).toEqual({
      deadline: { at: NOW + 40 * MINUTE },
      guard: { at: NOW + 41 * MINUTE, every: MINUTE },
    });
  });

  test.each([
    ['further away', 45],
    ['nearer', 3],
  ])('both move with a deadline that is %s', async (_, minutes) => {
    await setDeadline(NOW + 40 * MINUTE, NOW);
    await setDeadline(NOW + minutes * MINUTE, NOW);
    expect(await set()).toEqual({
      deadline: { at: NOW + minutes * MINUTE },
      guard: { at: NOW + (minutes + 1) * MINUTE, every: MINUTE },
    });
  });

  test('a guard that has fired is put behind the next deadline', async () => {
    await setDeadline(NOW, NOW - MINUTE);
    const fired = { when: NOW + 3 * MINUTE, periodInMinutes: 1 };
    await fakeBrowser.alarms.create('guard', fired);
    await setDeadline(NOW + 40 * MINUTE, NOW + 2 * MINUTE);
    expect((await set())['guard']).toEqual({ at: NOW + 41 * MINUTE, every: MINUTE });
  });

  test('what is right is left as it is', async () => {
    await setDeadline(NOW + 40 * MINUTE, NOW);
    const create = vi.spyOn(fakeBrowser.alarms, 'create');
    await setDeadline(NOW + 40 * MINUTE, NOW + MINUTE);
    expect(create).not.toHaveBeenCalled();
  });
});

describe('in Firefox, where alarms slip by the time asleep', () => {
  beforeEach(() => void vi.stubEnv('FIREFOX', 'true'));

  test('the guard is never further away than a minute', async () => {
    await setDeadline(NOW + 40 * MINUTE, NOW);
    expect(await set()).toEqual({
      deadline: { at: NOW + 40 * MINUTE },
      guard: { at: NOW + MINUTE, every: MINUTE },
    });
  });

  test('nor after the clock was set back', async () => {
    await setDeadline(NOW + 40 * MINUTE, NOW);
    const earlier = NOW - 600 * MINUTE;
    await setDeadline(earlier + MINUTE / 2, earlier);
    expect((await set())['guard']).toEqual({ at: earlier + MINUTE, every: MINUTE });
  });
});

test.each(['', 'true'])(
  'with nothing to keep there is no alarm (Firefox: "%s")',
  async (firefox) => {
    vi.stubEnv('FIREFOX', firefox);
    await setDeadline(NOW + 40 * MINUTE, NOW);
    await setDeadline(null, NOW);
    expect(await set()).toEqual({});
  },
);

describe('a deadline that has passed', () => {
  test('is tried again soon, then less and less often, and every minute for as long as it takes', () => {
    const tries: number[] = [];
    for (let now = NOW; now < NOW + 10 * MINUTE;) {
      const { deadline, guard } = alarmsFor(NOW, now, false);
      now = Math.min(deadline ?? Infinity, guard);
      tries.push((now - NOW) / SECOND);
    }
    expect(tries.slice(0, 9)).toEqual([1, 2, 4, 8, 16, 32, 64, 124, 184]);
  });

  test('leaves no alarm of an older one behind', async () => {
    await setDeadline(NOW + 40 * MINUTE, NOW);
    await setDeadline(NOW - 5 * MINUTE, NOW);
    expect(await set()).toEqual({ guard: { at: NOW + MINUTE, every: MINUTE } });
  });
});

test('whatever the deadline: the next alarm comes after now, and at most a minute too late', () => {
  const at = fc.integer({ min: NOW - 3_000 * MINUTE, max: NOW + 3_000 * MINUTE });
  fc.assert(
    fc.property(at, fc.boolean(), (at, slip) => {
      const { deadline, guard } = alarmsFor(at, NOW, slip);
      expect(Math.min(deadline ?? Infinity, guard)).toBeGreaterThan(NOW);
      expect(guard).toBeLessThanOrEqual(Math.max(at, NOW) + MINUTE);
      if (at > NOW) expect(deadline).toBe(at);
    }),
  );
});

describe('a deadline that is nearer than the shortest alarm of Chromium', () => {
  test('is kept by the worker itself, as long as it lives', async () => {
    vi.useFakeTimers({ now: NOW });
    try {
      const woken = vi.fn();
      onAlarm(woken);
      await setDeadline(NOW + 3 * SECOND, NOW);
      vi.advanceTimersByTime(3 * SECOND - 1);
      expect(woken).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(woken).toHaveBeenCalledTimes(1);
      // The next deadline takes its place.
      await setDeadline(NOW + 5 * SECOND, NOW + 3 * SECOND);
      await setDeadline(NOW + HOUR, NOW + 3 * SECOND);
      vi.advanceTimersByTime(30 * SECOND);
      expect(woken).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });
});
