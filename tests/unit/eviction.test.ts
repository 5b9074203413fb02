/** Whether a web login is why a session is not answered: what else it can be is ruled out first. */
import { describe, expect, test } from 'vitest';
import { central } from './chicago.ts';
import { World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOST = 'trader.tradovate.com';

/** Logins of different users, each signed in a while ago. */
async function holding(names: readonly string[], at?: number, settings: object = {}) {
  const world = await World.create(...names.map((name) => ({ name, settings })));
  if (at !== undefined) world.now = at;
  for (const name of names) {
    expect(await world.signIn(name)).toEqual({ ok: true });
    world.now += 20 * SECOND;
  }
  await world.pass(5 * MINUTE);
  const states = () => Promise.all(names.map(async (name) => (await world.standing(name)).state));
  return { world, states };
}

/** What the broker answers from now on, to everything. */
const answering = (world: World, status: number, headers: Record<string, string> = {}) => {
  world.intercept = () => new Response('', { status, headers });
};

const THREE = ['ann', 'ben', 'cat'] as const;
const yellow = ['reconnecting', 'reconnecting', 'reconnecting'];
const green = ['connected', 'connected', 'connected'];

describe('one web login cannot close the sessions of three users', () => {
  test.each([
    [408, {}],
    [429, {}],
    [429, { 'Retry-After': '600' }],
    [503, {}],
  ] as const)('all are answered %i %o', async (status, headers) => {
    const { world, states } = await holding(THREE);
    answering(world, status, headers);
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(20 * MINUTE);
    expect(await states()).toEqual(yellow);
    expect(world.notices).toEqual([]);
    world.intercept = null;
    await world.pass(61 * MINUTE);
    expect(await states()).toEqual(green);
    expect(world.notices).toEqual([]);
    expect(world.calls('accesstokenrequest')).toBe(3);
  });

  test('but the one that is not answered while the others are was most likely closed', async () => {
    const { world, states } = await holding(THREE, undefined, {
      closedSessionAnswers: 'server-error-500',
    });
    world.broker.openSession('ben');
    world.broker.openSession('ben');
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(2 * MINUTE);
    expect(await states()).toEqual(['connected', 'disconnected', 'connected']);
    expect((await world.standing('ben')).why).toMatchObject({
      cause: 'likely-evicted',
      certainty: 'likely',
    });
  });

  test('and one that had been closed before is no sign that the broker is away', async () => {
    const { world, states } = await holding(THREE, undefined, {
      closedSessionAnswers: 'server-error-500',
    });
    for (const name of ['ann', 'ben']) {
      world.broker.openSession(name);
      world.broker.openSession(name);
      await world.keeper.webSessionSeen('sign-in', 1, HOST);
      await world.pass(5 * MINUTE);
    }
    expect(await states()).toEqual(['disconnected', 'disconnected', 'connected']);
  });

  test('nor are they called evicted when all are refused', async () => {
    const { world } = await holding(THREE);
    world.intercept = () => new Response('{"errorText":"Access is denied"}', { status: 401 });
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(2 * MINUTE);
    const causes = await Promise.all(
      THREE.map(async (name) => (await world.record(name)).end?.cause),
    );
    expect(causes.filter((cause) => cause === 'evicted')).toHaveLength(1);
  });
});

describe('maintenance is ruled out', () => {
  test.each([
    ['a minute before its window', '2026-11-23T15:53', '2026-11-23T17:31'],
    ['inside', '2026-11-23T16:20', '2026-11-23T17:31'],
    ['inside the weekend’s', '2026-11-21T23:00', '2026-11-22T07:01'],
  ])('a web login %s, and nothing is answered', async (_, from, over) => {
    const { world } = await holding(['sam'], central(from), { lifetimeMs: 24 * HOUR });
    answering(world, 503);
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(central(over) - world.now - 2 * MINUTE);
    expect((await world.standing('sam')).state).toBe('reconnecting');
    expect(world.notices).toEqual([]);
    world.intercept = null;
    await world.pass(15 * MINUTE);
    expect((await world.standing('sam')).state).toBe('connected');
  });

  test('who is not answered long after it was most likely closed all the same', async () => {
    const { world } = await holding(['sam'], central('2026-11-23T16:20'), {
      lifetimeMs: 24 * HOUR,
    });
    answering(world, 503);
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(2 * HOUR);
    expect((await world.standing('sam')).why).toMatchObject({ cause: 'likely-evicted' });
  });
});

describe('a limit is ruled out', () => {
  test('of one login, too, where the broker says how long it lasts', async () => {
    const { world } = await holding(['sam']);
    answering(world, 429, { 'Retry-After': '300' });
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(10 * MINUTE);
    expect((await world.standing('sam')).why).toMatchObject({ cause: 'rate-limited' });
  });

  test.each(['captcha', 'locked-423'] as const)('%s', async (fault) => {
    const { world } = await holding(['sam']);
    world.broker.fault({ endpoint: 'account/list', fault, executes: false, times: Infinity });
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(10 * MINUTE);
    expect((await world.standing('sam')).state).toBe('reconnecting');
  });
});

describe('after a web login', () => {
  const many = Array.from({ length: 20 }, (_, index) => `user${index}`);

  test('the logins are asked one after the other', async () => {
    const { world, states } = await holding(many);
    const before = world.requests.length;
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(2 * MINUTE);
    const asked = world.requests
      .slice(before)
      .filter(({ url }) => url.endsWith('account/list'))
      .map(({ at }) => at);
    expect(asked.length).toBeGreaterThanOrEqual(20);
    for (const [index, at] of asked.slice(1).entries())
      expect(at - (asked[index] ?? 0)).toBeGreaterThanOrEqual(2 * SECOND);
    expect(new Set(await states())).toEqual(new Set(['connected']));
  });

  test('also when the worker was away at the time', async () => {
    const { world } = await holding(many);
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    const before = world.requests.length;
    world.kill();
    world.now += 2 * MINUTE;
    await world.boot();
    await world.keeper.wake();
    expect(world.requests.length - before).toBeLessThanOrEqual(1);
    await world.pass(90 * SECOND);
    expect(world.requests.length - before).toBeGreaterThanOrEqual(19);
  });

  test.each([
    [
      'the one that has no place free',
      async (world: World) => {
        world.broker.openSession('cat');
        const { id, label, slots } = await world.record('cat');
        await world.keeper.editLogin({
          loginId: id,
          label,
          slots,
          declared: [{ name: 'bot', on: true }],
        });
      },
    ],
    [
      'the one that the person uses there',
      async (world: World) => world.keeper.pickLogin((await world.record('cat')).id, HOST),
    ],
  ])('%s is asked first', async (_, tell) => {
    const { world } = await holding(THREE);
    await tell(world);
    const from = world.now;
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(20 * SECOND);
    const proofs = await Promise.all(
      THREE.map(async (name) => (await world.record(name)).proof?.at ?? 0),
    );
    const [ann = 0, ben = 0, cat = 0] = proofs;
    expect(cat).toBeGreaterThanOrEqual(from);
    expect(Math.min(ann, ben)).toBeGreaterThan(cat);
  });

  test('a login that was called closed in an outage heals by itself', async () => {
    const { world } = await holding(['sam']);
    answering(world, 503);
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(5 * MINUTE);
    expect((await world.standing('sam')).state).toBe('disconnected');
    world.intercept = null;
    await world.pass(6 * MINUTE);
    expect((await world.standing('sam')).state).toBe('connected');
    expect(world.calls('accesstokenrequest')).toBe(1);
  });
});
