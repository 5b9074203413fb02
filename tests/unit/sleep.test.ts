/** Time goes by in which nothing runs, or the clock is set: what is kept, and what is said of it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sleepSummary, wokenUp, type SleepSummary } from '../../utils/keeper/status/sleep.ts';
import { history } from '../../utils/keeper/status/history.ts';
import { standing } from '../../utils/keeper/status/standing.ts';
import { readAwake, type Awake } from '../../utils/records/awake.ts';
import { greenLogin } from '../sample-login.ts';
import { START, World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A world in which these many logins are held, and the keeper was awake a moment ago. */
async function holding(count: number, lifetimeMs = 80 * MINUTE, start = START): Promise<World> {
  const names = Array.from({ length: count }, (_, index) => `login-${index + 1}`);
  const world = await World.create(...names.map((name) => ({ name, settings: { lifetimeMs } })));
  world.now = start;
  for (const name of names) {
    await world.signIn(name);
    // One after the other, as people do.
    world.now += SECOND;
  }
  await world.keeper.wake();
  return world;
}

async function said(world: World): Promise<SleepSummary | null> {
  return sleepSummary(await world.vault.awake(), await world.vault.logins(), world.now);
}

/** From now on the computer's clock is `ms` ahead of the broker's. */
function setClock(world: World, ms: number): void {
  const handle = world.broker.handle.bind(world.broker);
  world.now += ms;
  world.broker.handle = (request) => {
    world.now -= ms;
    const reply = handle(request);
    world.now += ms;
    return reply;
  };
}

type Row = [
  name: string,
  what: (world: World) => Promise<void>,
  expected: { survives: boolean; told: boolean },
  lifetimeMs?: number,
  start?: number,
];

const sleep = (ms: number) => (world: World) => world.sleep(ms);
const late = (ms: number) => (world: World) => world.sleep((world.alarm ?? 0) - world.now + ms);

const ROWS: Row[] = [
  ['a few seconds', sleep(20 * SECOND), { survives: true, told: false }],
  ['an hour', sleep(HOUR), { survives: true, told: true }],
  ['a night', sleep(8 * HOUR), { survives: false, told: true }],
  ['a night, with tokens of a day', sleep(8 * HOUR), { survives: true, told: true }, 26 * HOUR],
  ['a weekend', sleep(61 * HOUR), { survives: false, told: true }],
  [
    'the hour in which clocks go back',
    sleep(HOUR),
    { survives: true, told: true },
    80 * MINUTE,
    Date.UTC(2026, 10, 1, 6, 30),
  ],
  [
    'the hour in which clocks go forward',
    sleep(HOUR),
    { survives: true, told: true },
    80 * MINUTE,
    Date.UTC(2027, 2, 14, 7, 30),
  ],
  [
    'a clock that is set forward by three hours',
    (world) => {
      setClock(world, 3 * HOUR);
      return world.keeper.wake();
    },
    { survives: true, told: false },
  ],
  [
    'a clock that is set back by three hours',
    (world) => {
      setClock(world, -3 * HOUR);
      return world.keeper.wake();
    },
    { survives: true, told: false },
  ],
  [
    'an hour, the alarms lost: the browser was restarted, or Holdfast updated',
    async (world) => {
      world.kill();
      world.alarm = null;
      world.now += HOUR;
      await world.boot();
      await world.keeper.wake();
    },
    { survives: true, told: true },
  ],
  ['an alarm that is ten minutes late', late(10 * MINUTE), { survives: true, told: true }],
  ['an alarm that is a minute late', late(MINUTE), { survives: true, told: false }],
  ['an alarm that is three minutes late', late(3 * MINUTE), { survives: true, told: false }],
  [
    'an hour, and every alarm of it twice',
    async (world) => {
      world.now += HOUR;
      await Promise.all([world.keeper.wake(), world.keeper.wake(), world.keeper.online()]);
    },
    { survives: true, told: true },
  ],
];

describe.each([1, 5])('with %i logins, after', (count) => {
  test.each(ROWS)('%s', async (_, what, { survives, told }, lifetimeMs, start) => {
    const world = await holding(count, lifetimeMs, start);
    const due = world.alarm;
    const logins = await world.vault.logins();
    const calls = world.broker.journal.length;
    await what(world);
    // A check and a renewal of each at most: nobody asks in a loop.
    expect(world.broker.journal.length - calls).toBeLessThanOrEqual(2 * count);
    const journal = (await world.vault.journal()).filter(({ what }) => what === 'asleep');
    const outcome = await said(world);
    if (!told) expect(outcome).toBeNull();
    else {
      expect(outcome).toMatchObject({
        since: due,
        atLeast: true,
        until: world.now,
        sessions: count,
        survived: survives ? count : 0,
        unknown: 0,
      });
      expect(outcome?.lost.map(({ id }) => id)).toEqual(survives ? [] : logins.map(({ id }) => id));
      expect(journal.map(({ loginId }) => loginId)).toEqual(logins.map(({ id }) => id));
    }
    await world.pass(4 * HOUR);
    for (const { userName } of logins) {
      const { state } = await world.standing(userName);
      expect(state).toBe(survives ? 'connected' : 'expired');
    }
    expect(world.calls('accesstokenrequest')).toBe(count);
  });

  test.each([10 * MINUTE, -10 * MINUTE])(
    'an hour, by a broker whose clock is %i ms off',
    async (skew) => {
      const world = await holding(0);
      setClock(world, -skew);
      for (let index = 0; index < count; index++) {
        world.broker.addUser({ name: `late-${index}`, password: 'made-up-password' });
        await world.signIn(`late-${index}`);
        world.now += SECOND;
      }
      await world.keeper.wake();
      await world.sleep(HOUR);
      expect(await said(world)).toMatchObject({ survived: count, sessions: count });
      await world.pass(4 * HOUR);
      for (const { userName } of await world.vault.logins())
        expect((await world.standing(userName)).state).toBe('connected');
      expect(world.calls('accesstokenrequest')).toBe(count);
    },
  );
});

describe('what is said', () => {
  const held = (change = {}) => [greenLogin(START, change)];
  const asleep = (from: number, until: number, records = held()) =>
    wokenUp({ at: from, sleep: null }, records, until).awake;

  test('is exact when a deadline was missed soon after the last sign of life', async () => {
    const world = await holding(5, 26 * HOUR);
    world.now = (world.alarm ?? 0) - 2 * MINUTE;
    await world.keeper.wake();
    const from = world.now;
    await world.sleep(7 * HOUR + 12 * MINUTE);
    expect(await said(world)).toMatchObject({ since: from, atLeast: false, survived: 5 });
  });

  test('tells apart what survived, what did not, and what is signed in again', async () => {
    const world = await holding(5, 26 * HOUR);
    const [first, second] = world.broker
      .sessionsOf('login-1')
      .concat(world.broker.sessionsOf('login-2'));
    for (const session of [first, second]) world.broker.closeSession(session?.id ?? '');
    await world.sleep(7 * HOUR);
    const { lost, survived } = (await said(world)) ?? {};
    expect(survived).toBe(3);
    expect(lost?.map(({ label }) => label)).toEqual(['login-1', 'login-2']);
    await world.keeper.reconnect({ loginId: lost?.[0]?.id ?? '', password: 'made-up-password' });
    expect(await said(world)).toMatchObject({ sessions: 5, survived: 3 });
    expect((await said(world))?.lost.map(({ label }) => label)).toEqual(['login-2']);
    await world.keeper.removeLogin({ loginId: lost?.[1]?.id ?? '' });
    expect(await said(world)).toMatchObject({ sessions: 4, survived: 3, lost: [] });
  });

  test('counts as survivors those whose turn had not come', async () => {
    const world = await holding(1);
    world.now += 20 * MINUTE;
    world.broker.addUser({ name: 'kim', password: 'made-up-password' });
    await world.signIn('kim');
    await world.keeper.wake();
    await late(10 * MINUTE)(world);
    expect((await world.record('kim')).contactAt).toBeLessThan(world.now);
    expect(await said(world)).toMatchObject({ sessions: 2, survived: 2, unknown: 0 });
  });

  test('is that nothing is known yet while the broker does not answer', async () => {
    const world = await holding(2, 26 * HOUR);
    world.offline = true;
    await world.sleep(7 * HOUR);
    expect(await said(world)).toMatchObject({ survived: 0, unknown: 2, lost: [] });
    world.offline = false;
    await world.keeper.online();
    expect(await said(world)).toMatchObject({ survived: 2, unknown: 0 });
  });

  test('stays true when a session is lost later in the morning', async () => {
    const world = await holding(1, 26 * HOUR);
    await world.sleep(7 * HOUR);
    world.broker.closeSession(world.broker.sessionsOf('login-1')[0]?.id ?? '');
    await world.pass(HOUR);
    expect((await world.standing('login-1')).state).toBe('disconnected');
    expect(await said(world)).toMatchObject({ survived: 1, lost: [] });
  });

  test('leaves out what is paused, and is nothing when nothing was kept', () => {
    expect(asleep(START, START + 8 * HOUR, held({ pausedAt: START })).sleep).toBeNull();
    expect(asleep(START, START + 8 * HOUR, [])).toEqual({ at: START + 8 * HOUR, sleep: null });
    expect(wokenUp(null, held(), START).awake).toEqual({ at: START, sleep: null });
  });

  test.each([
    ['a busy computer', 90 * SECOND, false],
    ['a sleep', 3 * MINUTE, true],
  ])('tells a sleep from a busy computer: %s', async (_, lateBy, slept) => {
    const world = await holding(1);
    world.now = (world.alarm ?? 0) - 4 * MINUTE;
    await world.keeper.wake();
    await world.sleep(4 * MINUTE + lateBy);
    expect((await said(world)) !== null).toBe(slept);
  });

  test('is said for two hours, and not from a clock that was ahead', () => {
    const awake = asleep(START, START + 8 * HOUR);
    const at = (now: number) => sleepSummary(awake, held(), now);
    expect(at(START + 8 * HOUR)).not.toBeNull();
    expect(at(START + 10 * HOUR)).not.toBeNull();
    expect(at(START + 10 * HOUR + MINUTE)).toBeNull();
    expect(at(START)).toBeNull();
    expect(sleepSummary(null, held(), START)).toBeNull();
  });

  test('outlives wake-ups and short naps', async () => {
    const world = await holding(1, 26 * HOUR);
    await world.sleep(7 * HOUR);
    const { until } = (await said(world)) ?? {};
    await world.pass(HOUR);
    expect(await said(world)).toMatchObject({ until });
  });
});

test('awake is noted at every wake-up, but not more often than every half minute', async () => {
  const world = await holding(1);
  const at = async () => (await world.vault.awake())?.at;
  const before = (await at()) ?? 0;
  world.now = before + 29 * SECOND;
  await world.keeper.wake();
  expect(await at()).toBe(before);
  world.now += SECOND;
  await world.keeper.wake();
  expect(await at()).toBe(before + 30 * SECOND);
  // The clock was set back.
  world.now -= HOUR;
  await world.keeper.wake();
  expect(await at()).toBe(world.now);
});

describe('no sleep is made up', () => {
  /** What of a sleep is told: in the popup, in the journal, in the history, as a cause. */
  async function told(world: World) {
    const records = await world.vault.logins();
    const journal = await world.vault.journal();
    return {
      summary: await said(world),
      lines: journal.filter(({ what }) => what === 'asleep').length,
      causes: records
        .map((record) => standing(record, world.now, records).why?.cause ?? '')
        .filter((cause) => cause.includes('asleep')),
      stretches: records.flatMap((record) =>
        history(
          journal.filter(({ loginId }) => loginId === record.id),
          record,
          { from: START, until: world.now },
        ).stretches.filter(({ is }) => is === 'asleep'),
      ),
    };
  }
  const NOTHING = { summary: null, lines: 0, causes: [], stretches: [] };

  /** Time passes, and now and then the computer was idle and is not any more. */
  async function pass(world: World, minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      await world.pass(MINUTE);
      if (minute % 7 === 3) await world.keeper.wake();
    }
  }

  async function reconnect(world: World): Promise<void> {
    const { id: loginId } = await world.record('login-1');
    await world.keeper.reconnect({ loginId, password: 'made-up-password' });
  }

  const SCENES: Record<string, (world: World) => Promise<void>> = {
    'right after installing': async (world) => {
      await world.keeper.removeLogin({ loginId: (await world.record('login-1')).id });
      await world.keeper.wake();
      world.now += 30 * MINUTE;
      await world.signIn('login-1');
      await pass(world, 3);
    },
    'after an hour without a network': async (world) => {
      await world.pass(40 * MINUTE);
      world.offline = true;
      await pass(world, 100);
      world.offline = false;
      await world.keeper.online();
    },
    'after a broker that was away until the token ended': async (world) => {
      world.intercept = () => new Response('', { status: 503 });
      await pass(world, 100);
      world.intercept = null;
    },
    'after a reconnect, hours after a loss': async (world) => {
      world.broker.closeSession(world.broker.sessionsOf('login-1')[0]?.id ?? '');
      await pass(world, 300);
      await reconnect(world);
    },
    'after the trading times were edited': async (world) => {
      await world.pass(35 * MINUTE);
      const { settings } = await world.vault.known();
      const local = new Date(world.now - 6 * HOUR);
      const minutes = local.getUTCDay() * 1440 + local.getUTCHours() * 60 + local.getUTCMinutes();
      await world.keeper.editSettings({ ...settings, starts: [minutes + 5] });
    },
    'where renewals were refused until the token ended': async (world) => {
      world.intercept = (url) =>
        url.includes('renew') ? new Response('', { status: 401 }) : undefined;
      await pass(world, 85);
    },
  };

  test.each(Object.entries(SCENES))('%s', async (_, scene) => {
    const world = await holding(1);
    await scene(world);
    expect(await told(world)).toEqual(NOTHING);
    await pass(world, 20);
    expect(await told(world)).toEqual(NOTHING);
  });

  test('of a login that ran out, one of too many, once others are paused', async () => {
    const count = 20;
    const world = await holding(count);
    await world.pass(3 * HOUR);
    for (const { id, session } of await world.vault.logins()) {
      if (session !== null && session.expiresAt > world.now)
        await world.keeper.pauseKeeping({ loginId: id });
    }
    expect(await told(world)).toEqual(NOTHING);
  });
});

test('a storage that cannot take the note does not hold up a renewal', async () => {
  const world = await holding(1);
  world.vault.setAwake = () => Promise.reject(new Error('QuotaExceededError'));
  await world.pass(3 * HOUR);
  expect(await world.works('login-1')).toBe(true);
});

test('whatever is found on disk, it is read or left', () => {
  const good: Awake = {
    at: START,
    sleep: { from: 1, due: 2, until: 3, held: [{ id: 'a', skewMs: 0 }] },
  };
  expect(readAwake(structuredClone(good))).toEqual(good);
  expect(readAwake({ at: START, sleep: { from: 1 } })).toEqual({ at: START, sleep: null });
  expect(readAwake({ at: 1e300 })).toBeNull();
  expect(readAwake({ ...good, sleep: { ...good.sleep, held: [null] } })?.sleep).toBeNull();
  const field = fc.constantFrom('at', 'sleep', 'from', 'due', 'until', 'held');
  fc.assert(
    fc.property(fc.dictionary(field, fc.jsonValue()), fc.jsonValue(), (damage, value) => {
      for (const stored of [value, damage, { ...good, ...damage }, { ...good, sleep: damage }]) {
        const awake = readAwake(stored);
        expect(() => sleepSummary(awake, [greenLogin(START)], START)).not.toThrow();
        expect(() => wokenUp(awake, [greenLogin(START)], START)).not.toThrow();
      }
    }),
  );
});

test('a login that is removed is no longer among those that slept', async () => {
  const world = await holding(2);
  await world.sleep(5 * HOUR);
  const held = async () => (await world.vault.awake())?.sleep?.held.map(({ id }) => id);
  const [one, other] = (await world.vault.logins()).map(({ id }) => id);
  expect(await held()).toEqual([one, other]);
  await world.keeper.removeLogin({ loginId: one ?? '' });
  expect(await held()).toEqual([other]);
});
