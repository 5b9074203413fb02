/** After a web login: what was lost is told once, and nobody is drawn into a tug-of-war. */
import { describe, expect, test } from 'vitest';
import { describe as wordsFor } from '../../utils/words/cause.ts';
import { nextCheck } from '../../utils/keeper/when/trading-day.ts';
import { sentence } from '../sentence.ts';
import { shownNotices, titles } from './shown-notices.ts';
import { PASSWORD, World } from './world.ts';

const MINUTE = 60_000;
const HOST = 'trader.tradovate.com';

const lost = sentence('notice_needsSignIn', { label: 'sam' });
const isBack = (length: string) => sentence('notice_isBack', { label: 'sam', length });

async function held(settings: object = {}) {
  const world = await World.create({ name: 'sam', settings: { slots: 1, ...settings } });
  await world.signIn('sam');
  world.now += 5 * MINUTE;
  const { id: loginId } = await world.record('sam');
  return {
    world,
    loginId,
    webLogin: async (tabId = 1) => {
      world.broker.openSession('sam');
      await world.keeper.webSessionSeen('sign-in', tabId, HOST);
    },
    reconnect: async () => {
      world.now += MINUTE;
      await world.keeper.reconnect({ loginId, password: PASSWORD });
      world.now += MINUTE;
    },
    cause: async () => (await world.standing('sam')).why?.cause,
  };
}

describe('the notification', () => {
  test('tells of the loss within seconds, once, with no secret in it', async () => {
    const { world, loginId, webLogin } = await held();
    await webLogin();
    expect(shownNotices(world)).toEqual([
      {
        id: `lost ${loginId}`,
        title: sentence('notice_needsSignIn', { label: 'sam' }),
        message: `${sentence('notice_closedByWeb', { site: HOST })} ${sentence('notice_clickToReconnect')}`,
      },
    ]);
    await world.keeper.wake();
    await world.boot();
    await world.keeper.wake();
    await world.pass(20 * 60 * MINUTE);
    expect(world.notices).toHaveLength(1);
    expect((await world.vault.journal()).map(({ what }) => what)).toContain('loss told');
    expect(world.calls('accesstokenrequest')).toBe(1);
  });

  test('says "most likely" of what the broker answers to closed sessions and to others alike', async () => {
    const { world, webLogin } = await held({ closedSessionAnswers: 'server-error-500' });
    await webLogin();
    expect(world.notices).toEqual([]);
    await world.pass(2 * MINUTE);
    const likely = sentence('notice_closedByWeb', { site: HOST });
    expect(shownNotices(world)).toMatchObject([
      { message: expect.stringContaining(likely) as string },
    ]);
  });

  test('is not shown for a session that survived', async () => {
    const { world, webLogin } = await held({ slots: 2 });
    await webLogin();
    expect((await world.record('sam')).lastWebLogin).toMatchObject({ survived: true });
    await world.pass(3 * 60 * MINUTE);
    expect(world.notices).toEqual([]);
  });

  test('is shown at the next start when the worker died before it was noted', async () => {
    const { world, webLogin } = await held();
    let ended = false;
    world.onStep = (what) => {
      if (what === 'written' && ended) world.kill();
      ended ||= what === 'probe' || what === 'renew';
    };
    void webLogin();
    await new Promise((resolve) => setTimeout(resolve, 50));
    world.onStep = null;
    expect(world.notices).toEqual([]);
    await world.boot();
    await world.keeper.wake();
    await world.pass(5 * MINUTE);
    expect(world.notices).toHaveLength(1);
  });
});

describe('a tug-of-war', () => {
  test('is seen at the second loss in ten minutes: said, and no longer suggested', async () => {
    const { world, webLogin, reconnect, cause } = await held();
    await webLogin();
    expect(await cause()).toBe('evicted');
    await reconnect();
    await webLogin();
    expect(await cause()).toBe('tug-of-war');
    const { why } = await world.standing('sam');
    expect(why && wordsFor(why).nextStep).toBe(sentence('cause_tugOfWar_next'));
    expect(titles(world)).toEqual([lost, isBack('1 min')]);
    world.now += 10 * MINUTE;
    expect(await cause()).toBe('evicted');
  });

  test('is none when the losses are far apart', async () => {
    const { world, webLogin, reconnect, cause } = await held();
    await webLogin();
    world.now += 9 * MINUTE;
    await reconnect();
    await webLogin();
    expect(await cause()).toBe('evicted');
    expect(titles(world)).toEqual([lost, isBack('10 min'), lost]);
  });

  test('ends for 15 minutes when Holdfast yields, and nothing is asked for or told meanwhile', async () => {
    const { world, loginId, webLogin, reconnect, cause } = await held();
    await webLogin();
    await reconnect();
    await webLogin();
    await world.keeper.yieldKeeping({ loginId, until: 'time' });
    expect(await cause()).toBe('yielding');
    expect((await world.standing('sam')).paused).toBe(true);
    const calls = world.broker.journal.length;
    await world.pass(15 * MINUTE - 1);
    expect(await cause()).toBe('yielding');
    await world.pass(1);
    expect(await world.standing('sam')).toMatchObject({
      paused: false,
      why: { cause: 'evicted' },
    });
    expect(world.broker.journal).toHaveLength(calls);
    expect(world.notices).toHaveLength(2);
    // Nothing is left to do but to look again before trading begins.
    expect(world.alarm).toBe(nextCheck(world.now));
  });

  test.each([
    ['that tab is closed', (world: World) => world.keeper.tabLeft(7)],
    ['the browser was closed', (world: World) => world.keeper.tabLeft(null)],
    ['the form is there again', (world: World) => world.keeper.signInFormSeen(7, HOST)],
  ])('or until %s', async (_, leave) => {
    const { world, loginId, webLogin, reconnect, cause } = await held();
    await webLogin(6);
    await reconnect();
    await webLogin(7);
    await world.keeper.yieldKeeping({ loginId, until: 'tab' });
    await world.keeper.tabLeft(6);
    await world.pass(60 * MINUTE);
    expect(await cause()).toBe('yielding');
    await leave(world);
    expect(await cause()).toBe('evicted');
  });

  test('a session that lives while Holdfast yields is proven and kept again afterwards', async () => {
    const { world, loginId, cause } = await held();
    await world.keeper.yieldKeeping({ loginId, until: 'time' });
    await world.pass(16 * MINUTE);
    expect(await cause()).toBeUndefined();
    await world.pass(3 * 60 * MINUTE);
    expect(await world.works('sam')).toBe(true);
  });

  test('a pause or a resume by hand takes the place of the yielding', async () => {
    const { world, loginId } = await held();
    await world.keeper.yieldKeeping({ loginId, until: 'time' });
    await world.keeper.pauseKeeping({ loginId });
    await world.pass(20 * MINUTE);
    expect((await world.standing('sam')).paused).toBe(true);
    await world.keeper.yieldKeeping({ loginId, until: 'time' });
    await world.keeper.resumeKeeping({ loginId });
    expect(await world.record('sam')).toMatchObject({ yield: null, pausedAt: null });
  });
});
