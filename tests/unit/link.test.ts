/** The live link: what follows from what, and the real keeper over the local Tradovate's sockets in virtual time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withNews, type LinkNews } from '../../utils/keeper/decide/link.ts';
import { linkState } from '../../utils/keeper/status/link-state.ts';
import {
  CHECK_EVERY_MS,
  DOWN_AFTER_MS,
  linkDeadline,
  openAt,
} from '../../utils/keeper/when/link.ts';
import type { Link } from '../../utils/records/link.ts';
import type { Loss } from '../../utils/tradovate/socket.ts';
import { greenLogin } from '../sample-login.ts';
import { PASSWORD, START, World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const COUNTS = { accounts: 1, positions: 1, orders: 1 };
const up: LinkNews = { type: 'heard', counts: COUNTS };
const lost = (why: Loss): LinkNews => ({ type: 'lost', why });

/** A link after all that, each a second after the other. */
function after(...news: LinkNews[]): Link | null {
  const all: LinkNews[] = [{ type: 'switched', to: 'socket' }, ...news];
  return all.reduce<Link | null>(
    (link, one, index) => withNews(link, one, START + index * SECOND, () => 0.5),
    null,
  );
}

/** How long the next attempt waits, seconds, with the least and the greatest luck. */
function waits(news: LinkNews[], why: Loss): [least: number, most: number] {
  const now = START + news.length * SECOND;
  const wait = (luck: number) =>
    ((withNews(after(...news), lost(why), now, () => luck)?.retryAt ?? NaN) - now) / SECOND;
  return [wait(0), wait(1)];
}

describe('an attempt', () => {
  test.each<[string, LinkNews[], Loss, [number, number]]>([
    ['after a loss: 1 to 2 s', [up], 'closed', [1, 2]],
    ['after one more: 2 to 4 s', [up, lost('closed')], 'unreachable', [2, 4]],
    ['after a third: 4 to 8 s', [up, lost('closed'), lost('silent')], 'silent', [4, 8]],
    ['after many: up to a minute', failures(20), 'unreachable', [30, 60]],
    ['down for good: up to five', failures(400), 'unreachable', [150, 300]],
    ['after maintenance: not at once', [up], 'maintenance', [30, 30]],
    ['after a limit: an hour', [up], 'limited', [3_600, 3_600]],
    [
      'after an up that did not last: longer',
      [up, lost('closed'), lost('closed'), up],
      'closed',
      [4, 8],
    ],
  ])('%s', (_, news, why, expected) => {
    expect(waits(news, why)).toEqual(expected);
  });

  test.each<[Loss, boolean]>([
    ['connection-quota', false],
    ['ip-quota', false],
    ['maintenance', true],
    ['closed', true],
    ['refused', true],
    ['interrupted', true],
  ])('after %s one is made by itself: %s', (why, made) => {
    const record = greenLogin(START, { link: after(up, lost(why)) });
    expect(openAt(record, START + 3 * SECOND) !== null).toBe(made);
    expect(linkState(record, START + 3 * SECOND)).toBe(made ? 'opening' : 'held');
  });

  test('a person switches it off and on, and it is made', () => {
    const link = after(up, lost('ip-quota'), { type: 'switched', to: 'socket' });
    expect(openAt(greenLogin(START, { link }), START + 4 * SECOND)).toBeLessThan(
      START + 4 * SECOND,
    );
  });
});

function failures(count: number): LinkNews[] {
  return [up, ...Array.from({ length: count }, () => lost('unreachable'))];
}

describe('a link', () => {
  test.each<[string, Parameters<typeof greenLogin>[1]]>([
    ['nobody asked for', { link: null }],
    ['whose keeping is paused', { link: after(), pausedAt: START }],
    ['of a session that has ended', { link: after(), end: { at: START, cause: 'evicted' } }],
    ['of a login without a session', { link: after(), session: null }],
    ['that may call nobody', { link: after(), deniedHosts: ['demo.tradovateapi.com'] }],
    ['where no socket lasts', { link: { ...(after() as Link), by: 'checks' } }],
  ])('%s has no socket, and needs no waking', (_, change) => {
    const record = greenLogin(START, change);
    expect(openAt(record, START)).toBeNull();
    expect(linkDeadline(record, START)).toBeNull();
  });

  test('is up as long as it is heard of, then reconnecting, then down', () => {
    const record = greenLogin(START, { link: after(up) });
    const at = (ms: number) => linkState(record, START + ms);
    expect([
      at(2 * SECOND),
      at(2 * MINUTE),
      at(4 * MINUTE),
      at(DOWN_AFTER_MS + 2 * SECOND),
    ]).toEqual(['up', 'up', 'opening', 'down']);
  });

  test('a limit that the broker set holds for it as well', () => {
    const quietUntil = START + 20 * MINUTE;
    expect(openAt(greenLogin(START, { link: after(), quietUntil }), START)).toBe(quietUntil);
  });

  test('whatever happens: never up without counts read since, a later attempt unless held, never in a tight loop', () => {
    const loss = fc.constantFrom<Loss>(
      'closed',
      'silent',
      'maintenance',
      'refused',
      'interrupted',
      'ip-quota',
      'limited',
    );
    const news = fc.oneof(
      fc.constant(up),
      loss.map((why) => lost(why)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(news, fc.integer({ min: 0, max: 10 * MINUTE }))),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (story, luck) => {
          let now = START;
          let link = after();
          for (const [one, ms] of story) {
            now += ms;
            link = withNews(link, one, now, () => luck);
            if (link === null) throw new Error('It was switched off by nobody.');
            expect(link.up).toBe(one.type === 'heard');
            if (link.up) continue;
            expect(link.retryAt).toBeGreaterThanOrEqual(now + SECOND);
            expect(link.retryAt).toBeLessThanOrEqual(now + 60 * MINUTE);
          }
        },
      ),
    );
  });
});

/** Sam is signed in and his link is up, as the person asked. */
async function linkedWorld(settings: object = {}): Promise<World> {
  const world = await World.create({ name: 'sam', settings });
  await world.signIn('sam');
  await world.keeper.link((await world.record('sam')).id, { type: 'switched', to: 'socket' });
  await world.pass(SECOND);
  return world;
}

const journal = async (world: World) =>
  (await world.vault.journal())
    .filter(({ what }) => what.startsWith('link'))
    .map(({ what, loss }) => (loss === undefined ? what : `${what}: ${loss}`));

describe('in the keeper', () => {
  test('it comes up, counts what is open, and proves the session', async () => {
    const world = await linkedWorld();
    const { link, proof } = await world.record('sam');
    expect(link).toMatchObject({ up: true, accounts: 1, positions: 1, orders: 1 });
    expect(proof?.by).toBe('link');
    expect((await world.standing('sam')).state).toBe('connected');
    expect(world.sockets.size).toBe(1);
  });

  test('it follows what changes within seconds', async () => {
    const world = await linkedWorld();
    const order = { id: 77, ordStatus: 'Working' };
    world.broker.pushProps('sam', { entityType: 'order', eventType: 'Created', entity: order });
    await world.pass(3 * SECOND);
    expect((await world.record('sam')).link?.orders).toBe(2);
  });

  test('hours of it: renewals are followed, there is one socket, and it is up all the time', async () => {
    const world = await linkedWorld();
    const before = (await world.record('sam')).link?.since;
    for (let minutes = 0; minutes < 4 * 60; minutes += 5) {
      await world.pass(5 * MINUTE);
      expect(world.sockets.size).toBe(1);
      expect((await world.standing('sam')).state).toBe('connected');
    }
    expect(world.calls('renewaccesstoken')).toBeGreaterThanOrEqual(3);
    expect(world.calls('websocket')).toBe(world.calls('renewaccesstoken') + 1);
    expect((await world.record('sam')).link?.since).toBe(before);
    expect(world.calls('accesstokenrequest')).toBe(1);
    expect(await journal(world)).toEqual(['link on', 'link up']);
  });

  test.each(['shutdown', 'unauthorized-401'] as const)(
    'an eviction is known within seconds when closed sockets come with %s',
    async (closedSessionAnswers) => {
      const world = await linkedWorld({ closedSessionAnswers });
      for (let other = 0; other < 2; other++) world.broker.openSession('sam');
      await world.pass(5 * SECOND);
      const { end } = await world.record('sam');
      expect(end?.cause).toBe(closedSessionAnswers === 'shutdown' ? 'evicted' : 'rejected');
      expect(world.sockets.size).toBe(0);
      expect(world.calls('accesstokenrequest')).toBe(1);
      await world.pass(60 * MINUTE);
      expect(world.calls('websocket')).toBeLessThanOrEqual(2);
    },
  );

  test('too many connections, and the session lives: it is left alone until a person asks', async () => {
    const world = await linkedWorld();
    world.broker.shutDown('sam', 'ConnectionQuotaReached');
    await world.pass(60 * MINUTE);
    expect(world.calls('websocket')).toBe(1);
    const { state, why } = await world.standing('sam');
    expect([state, why?.cause]).toEqual(['connected', 'link-held']);
    await world.keeper.link((await world.record('sam')).id, { type: 'switched', to: 'socket' });
    await world.pass(SECOND);
    expect(world.sockets.size).toBe(1);
  });

  test('maintenance is known within seconds, and the link is back after it', async () => {
    const world = await linkedWorld();
    world.broker.settings.maintenance = true;
    await world.pass(5 * SECOND);
    expect((await world.record('sam')).link?.why).toBe('maintenance');
    expect((await world.standing('sam')).state).toBe('reconnecting');
    await world.pass(10 * MINUTE);
    expect(world.calls('websocket')).toBeLessThan(20);
    world.broker.settings.maintenance = false;
    await world.pass(6 * MINUTE);
    expect((await world.standing('sam')).state).toBe('connected');
    expect(await journal(world)).toEqual([
      'link on',
      'link up',
      'link lost: maintenance',
      'link up',
    ]);
  });

  test('a socket that falls silent is lost within 15 s, the session is checked, and the link comes back', async () => {
    const world = await linkedWorld();
    const checks = world.calls('account/list');
    world.broker.settings.silentSockets = true;
    await world.pass(15 * SECOND);
    expect((await world.record('sam')).link).toMatchObject({ up: false, why: 'silent' });
    expect(world.calls('account/list')).toBe(checks + 1);
    expect((await world.standing('sam')).why?.cause).toBe('link-opening');
    world.broker.settings.silentSockets = false;
    await world.pass(MINUTE);
    expect((await world.record('sam')).link?.up).toBe(true);
  });

  test('down for more than five minutes the link is called down, and the login never dead', async () => {
    const world = await linkedWorld();
    world.broker.fault({ endpoint: 'websocket', fault: 'rate-429', times: Infinity });
    world.broker.shutDown('sam', 'Other');
    const seen = new Set<string>();
    for (let seconds = 0; seconds < 6 * 60; seconds += 10) {
      await world.pass(10 * SECOND);
      const { state, why } = await world.standing('sam');
      seen.add(`${state} ${why?.cause}`);
    }
    expect([...seen]).toEqual(['reconnecting link-opening', 'connected link-down']);
    await world.pass(60 * MINUTE);
    expect(world.calls('websocket')).toBeLessThan(50);
    expect(await world.works('sam')).toBe(true);
  });

  test('a server that accepts and closes at once is not asked in a tight loop, nor is the journal filled', async () => {
    const world = await linkedWorld();
    for (let minutes = 0; minutes < 10; minutes++) {
      for (let seconds = 0; seconds < 60; seconds++) {
        world.broker.shutDown('sam', 'Other');
        await world.pass(SECOND);
      }
    }
    expect(world.calls('websocket')).toBeLessThan(30);
    expect((await journal(world)).length).toBeLessThan(60);
  });

  test('the worker dies: the next one finds no socket, says so and opens one', async () => {
    const world = await linkedWorld();
    world.kill();
    await world.boot();
    await world.pass(2 * MINUTE);
    expect(world.sockets.size).toBe(1);
    expect((await world.record('sam')).link?.up).toBe(true);
    expect(await journal(world)).toEqual([
      'link on',
      'link up',
      'link lost: interrupted',
      'link up',
    ]);
  });

  test('the network is away: nothing is sent, and the link is opened when it is back', async () => {
    const world = await linkedWorld();
    world.offline = true;
    world.broker.settings.silentSockets = true;
    await world.pass(4 * MINUTE);
    expect((await world.record('sam')).link).toMatchObject({ up: false, why: 'offline' });
    world.offline = false;
    world.broker.settings.silentSockets = false;
    await world.keeper.online();
    await world.pass(SECOND);
    expect((await world.standing('sam')).state).toBe('connected');
    expect((await world.record('sam')).link?.up).toBe(true);
  });

  test.each([
    ['paused', (world: World, loginId: string) => world.keeper.pauseKeeping({ loginId })],
    ['removed', (world: World, loginId: string) => world.keeper.removeLogin({ loginId })],
    [
      'switched off',
      (world: World, loginId: string) => world.keeper.link(loginId, { type: 'switched', to: null }),
    ],
  ])('a login that is %s closes its socket', async (_, act) => {
    const world = await linkedWorld();
    await act(world, (await world.record('sam')).id);
    await world.pass(MINUTE);
    expect(world.sockets.size).toBe(0);
    expect(world.calls('websocket')).toBe(1);
  });

  test('closed with a pause it is no loss, and it is opened when the keeping goes on', async () => {
    const world = await linkedWorld();
    const { id: loginId } = await world.record('sam');
    await world.keeper.pauseKeeping({ loginId });
    await world.pass(SECOND);
    expect((await world.record('sam')).link).toMatchObject({ up: false, why: 'idle' });
    expect((await world.record('sam')).check).toBeNull();
    await world.keeper.resumeKeeping({ loginId });
    await world.pass(3 * SECOND);
    expect((await world.standing('sam')).state).toBe('connected');
    expect(world.sockets.size).toBe(1);
    expect(await journal(world)).toEqual(['link on', 'link up', 'link up']);
  });

  test('a session that was lost and a new one: the link is opened for the new one', async () => {
    const world = await linkedWorld();
    for (let other = 0; other < 2; other++) world.broker.openSession('sam');
    await world.pass(5 * SECOND);
    const { id: loginId } = await world.record('sam');
    await world.keeper.reconnect({ loginId, password: PASSWORD });
    await world.pass(5 * SECOND);
    expect((await world.record('sam')).link?.up).toBe(true);
    expect(world.sockets.size).toBe(1);
  });

  test('the token goes to a host of the broker that may be called, and to no other', async () => {
    const world = await linkedWorld();
    const { id } = await world.record('sam');
    world.permitted.clear();
    await world.keeper.link(id, { type: 'switched', to: null });
    await world.keeper.link(id, { type: 'switched', to: 'socket' });
    await world.pass(10 * MINUTE);
    expect(world.calls('websocket')).toBe(1);
    expect((await world.record('sam')).link?.why).toBe('barred');
  });

  test('where no socket lasts the session is checked every five minutes, and no renewal is spent on it', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    await world.pass(MINUTE);
    const before = world.calls('account/list');
    await world.keeper.link((await world.record('sam')).id, { type: 'switched', to: 'checks' });
    await world.pass(60 * MINUTE);
    expect(world.calls('account/list') - before).toBeGreaterThanOrEqual(11);
    expect(world.calls('account/list') - before).toBeLessThanOrEqual(12);
    expect(world.calls('renewaccesstoken')).toBe(0);
    expect(world.calls('websocket')).toBe(0);
    for (let other = 0; other < 2; other++) world.broker.openSession('sam');
    await world.pass(CHECK_EVERY_MS);
    expect((await world.record('sam')).end).not.toBeNull();
  });
});
