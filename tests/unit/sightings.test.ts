/** What the broker's pages show of web logins: what counts as a session, and how much a page can cause. */
import { describe, expect, test } from 'vitest';
import { standing } from '../../utils/keeper/status/standing.ts';
import { World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOST = 'trader.tradovate.com';

async function holding(...names: string[]) {
  const world = await World.create(...names.map((name) => ({ name })));
  for (const name of names) {
    await world.signIn(name);
    await world.pass(MINUTE);
  }
  const known = async (name: string) => {
    const records = await world.vault.logins();
    return standing(await world.record(name), world.now, records).slots;
  };
  return { world, known };
}

describe('a web sign-in that was refused', () => {
  test('is no session', async () => {
    const { world, known } = await holding('sam');
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    expect(await known('sam')).toMatchObject({ known: 2 });
    await world.pass(5 * SECOND);
    await world.keeper.webSessionSeen('refused', 1, HOST);
    expect(await known('sam')).toMatchObject({ known: 1, allowed: 2 });
    expect((await world.record('sam')).lastWebLogin).toBeNull();
  });

  test('but one that was followed by a renewal is', async () => {
    const { world, known } = await holding('sam');
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(2 * MINUTE);
    await world.keeper.webSessionSeen('renewal', 1, HOST);
    await world.keeper.webSessionSeen('refused', 1, HOST);
    expect(await known('sam')).toMatchObject({ known: 2 });
  });

  test('is not why a session ended just then', async () => {
    const { world } = await holding('sam');
    // Two programs of the owner's have taken the places.
    world.broker.openSession('sam');
    world.broker.openSession('sam');
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    expect((await world.record('sam')).end).toMatchObject({ cause: 'evicted' });
    await world.pass(5 * SECOND);
    await world.keeper.webSessionSeen('refused', 1, HOST);
    expect((await world.standing('sam')).why).toMatchObject({ cause: 'rejected' });
    expect((await world.record('sam')).losses).toEqual([]);
  });
});

test('a web login that may be of another user is not called in use', async () => {
  const { world, known } = await holding('sam', 'kim');
  await world.keeper.webSessionSeen('sign-in', 1, HOST);
  for (const name of ['sam', 'kim'])
    expect(await known(name)).toEqual({ known: 1, perhaps: 1, allowed: 2 });
  await world.keeper.pickLogin((await world.record('kim')).id, HOST);
  await world.pass(MINUTE);
  await world.keeper.webSessionSeen('sign-in', 1, HOST);
  expect(await known('kim')).toEqual({ known: 2, perhaps: 0, allowed: 2 });
  expect(await known('sam')).toEqual({ known: 1, perhaps: 0, allowed: 2 });
});

describe('a page that pretends to sign in again and again', () => {
  const flood = async (world: World, times: number, every: number) => {
    for (let time = 0; time < times; time++) {
      await world.keeper.webSessionSeen('sign-in', 1 + (time % 3), HOST);
      await world.pass(every);
    }
  };

  test.each([
    ['ten a second', 300, 100],
    ['one in four seconds', 300, 4 * SECOND],
  ])('%s leaves the history readable', async (_, times, every) => {
    const { world } = await holding('sam', 'kim');
    const { id: loginId } = await world.record('kim');
    await world.keeper.removeLogin({ loginId });
    await world.signIn('kim');
    const before = (await world.vault.journal()).length;
    const calls = world.broker.journal.length;
    const published = world.published;
    await flood(world, times, every);
    const lines = (await world.vault.journal()).slice(before);
    expect(lines.filter(({ what }) => what === 'web login seen').length).toBeLessThanOrEqual(20);
    expect(lines.length).toBeLessThanOrEqual(80);
    expect(world.broker.journal.length - calls).toBeLessThanOrEqual(22);
    expect(world.published - published).toBeLessThan(times);
    await world.pass(3 * HOUR);
    expect(await world.works('sam')).toBe(true);
  });

  test('nor does it where there is no session to lose', async () => {
    const { world } = await holding('sam');
    const { id: loginId } = await world.record('sam');
    await world.keeper.pauseKeeping({ loginId });
    await world.pass(2 * HOUR);
    const before = (await world.vault.journal()).length;
    await flood(world, 300, 4 * SECOND);
    expect((await world.vault.journal()).length - before).toBeLessThanOrEqual(10);
  });

  test('and renewals of its own are noted once a minute', async () => {
    const { world } = await holding('sam');
    await world.keeper.webSessionSeen('sign-in', 1, HOST);
    await world.pass(2 * MINUTE);
    const published = world.published;
    for (let time = 0; time < 100; time++) {
      await world.keeper.webSessionSeen('renewal', 1, HOST);
      await world.pass(SECOND);
    }
    expect(world.published - published).toBeLessThanOrEqual(4);
  });
});
