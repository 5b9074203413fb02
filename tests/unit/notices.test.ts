/** What notifications say, when, and that they say it once. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoginRecord } from '../../utils/records/login.ts';
import { leftOut } from '../../utils/keeper/status/help.ts';
import { nextWake, whatToTell } from '../../utils/keeper/status/notices.ts';
import { readNotified } from '../../utils/records/notified.ts';
import type { Known } from '../../utils/records/known.ts';
import { DEFAULTS, type Settings } from '../../utils/records/settings.ts';
import { afterQuiet } from '../../utils/keeper/when/quiet-hours.ts';
import { greenLogin } from '../sample-login.ts';
import { noticeInWords } from '../../utils/words/notice.ts';
import { sentence, sentenceFor } from '../sentence.ts';
import { central } from './chicago.ts';
import { shownNotices, titles } from './shown-notices.ts';
import { PASSWORD, World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Tuesday, between the checks before trading and far from maintenance. */
const NOON = central('2026-11-24T12:00');
/** A Tuesday, 08:30 Central. */
const OPENING = central('2026-11-24T08:30');
const HOST = 'demo.tradovateapi.com';

const known = (records: LoginRecord[], change: Partial<Known> = {}): Known => ({
  records,
  settings: DEFAULTS,
  notified: readNotified(undefined),
  awake: null,
  ...change,
});
/** A login with so many minutes left. */
const ending = (minutes: number, change: Partial<LoginRecord> = {}): LoginRecord => {
  const { session, ...login } = greenLogin(NOON);
  return { ...login, session: { ...session!, expiresAt: NOON + minutes * MINUTE }, ...change };
};
const failing = (
  kind: NonNullable<LoginRecord['failure']>['kind'],
  failures = 3,
): Partial<LoginRecord> => ({
  failure: { kind, at: NOON - 3 * MINUTE, during: 'renewal' },
  failures,
  retryAt: NOON + MINUTE,
});
const needsSignIn = (label: string) => sentence('notice_needsSignIn', { label });
const endsIn = (label: string, left: string) => sentence('notice_endsIn', { label, left });
const ready = (ready: number, kept: number) =>
  sentence('notice_ready', { ready: String(ready), kept: String(kept) });
const toTell = (known: Known, now: number) => whatToTell(known, now).notices.map(noticeInWords);

const minuteOf = (at: number) => new Date(at).getHours() * 60 + new Date(at).getMinutes();

describe('a session that ends', () => {
  const at = (minutes: number, change: Partial<LoginRecord>, others: LoginRecord[] = []) =>
    toTell(known([ending(minutes, change), ...others]), NOON);

  test.each<[string, Partial<LoginRecord>, 'lost' | 'warned' | null]>([
    ['nothing is wrong', {}, null],
    ['the broker refuses to renew it', failing('refused'), 'lost'],
    ['its renewal was refused, and it works still', failing('unauthorized'), 'lost'],
    ['a human check is wanted', failing('captcha'), 'warned'],
    ['this computer is offline', failing('offline'), 'warned'],
    ['it was offline for a moment', failing('offline', 1), null],
    ['the broker cannot be reached', failing('unreachable'), 'warned'],
    ['a host has to be allowed', { ...failing('not-permitted'), deniedHosts: [HOST] }, 'warned'],
    ['it is cut off, and nothing was tried yet', { deniedHosts: [HOST] }, 'warned'],
    ['the broker has a fault', failing('broker-error'), null],
    ['the broker does not answer', failing('no-answer'), null],
    ['a limit is reached', failing('rate-limited'), null],
    ['a pause is asked for', failing('penalty'), null],
    ['it is paused', { ...failing('refused'), pausedAt: NOON - HOUR }, null],
  ])('because %s', (_, change, id) => {
    expect(at(16, change)).toEqual([]);
    const login = ending(0).id;
    const shown = id === null ? [] : [expect.objectContaining({ id: `${id} ${login}` }) as unknown];
    expect(at(14, change)).toEqual(shown);
    expect(at(4, change)).toEqual(shown);
  });

  test('because of a fault that other logins do not meet: reconnecting helps', () => {
    const other = greenLogin(NOON, { id: 'other' });
    expect(at(14, failing('broker-error'), [other])).toMatchObject([
      {
        title: endsIn('APEX-3', '14 min'),
        message: `${sentence('notice_notRenewable')} ${sentence('notice_clickToReconnect')}`,
      },
    ]);
    const elsewhere = greenLogin(NOON, { id: 'other', environment: 'live' });
    expect(at(14, failing('broker-error'), [elsewhere])).toEqual([]);
  });

  test('because the broker’s limit leaves no renewal for it', () => {
    const many = Array.from({ length: 24 }, (_, index) =>
      ending(14, { id: String(index), label: `L${index}`, addedAt: index }),
    );
    const { notices } = whatToTell(known(many), NOON);
    expect(notices).toMatchObject([{ about: 'endings' }]);
    expect(notices.map(noticeInWords)).toMatchObject([
      { title: sentenceFor('notice_needHand', leftOut(many, NOON).length) },
    ]);
  });

  test('is no news in a maintenance window, where nothing can be reached', () => {
    const now = central('2026-11-24T16:20');
    const record = greenLogin(now, {
      session: { ...greenLogin(now).session!, expiresAt: now + 10 * MINUTE },
      ...failing('unreachable'),
    });
    expect(whatToTell(known([record]), now).notices).toEqual([]);
  });

  test('once warned of, is not warned of again until it lives longer, whatever comes and goes', () => {
    const trouble = failing('refused');
    const first = whatToTell(known([ending(14, trouble)]), NOON);
    expect(first.notices).toHaveLength(1);
    // Green for a moment, but near the same end.
    const between = whatToTell(known([ending(13)], { notified: first.notified }), NOON);
    expect(between.notified).toBe(first.notified);
    const again = known([ending(12, trouble)], { notified: between.notified });
    expect(whatToTell(again, NOON).notices).toEqual([]);
    const renewed = whatToTell(known([ending(70)], { notified: first.notified }), NOON);
    expect(renewed).toMatchObject({ notices: [], notified: { logins: {} } });
  });

  test('a short life is warned of in proportion', () => {
    const short = (minutes: number) =>
      ending(minutes, {
        session: { ...ending(minutes).session!, lifeMs: 12 * MINUTE },
        ...failing('refused'),
      });
    expect(whatToTell(known([short(3)]), NOON).notices).toEqual([]);
    expect(whatToTell(known([short(1.9)]), NOON).notices).toHaveLength(1);
  });
});

describe('several at one moment', () => {
  const gone = (label: string, cause: 'expired' | 'rejected' = 'expired') =>
    greenLogin(NOON, { id: label, label, end: { at: NOON, cause } });

  test('are one notification, which names three', () => {
    const { notices, notified, journal } = whatToTell(
      known(['A', 'B', 'C', 'D', 'E'].map((label) => gone(label))),
      NOON,
    );
    const [a, b, c] = ['A', 'B', 'C'].map(needsSignIn);
    const what = `${a}, ${b}, ${c} and ${sentenceFor('notice_more', 2)}`;
    expect(notices.map(noticeInWords)).toEqual([
      {
        id: 'lost',
        title: sentenceFor('notice_needSignIn', 5),
        message: sentence('notice_several', { what }),
      },
    ]);
    expect(Object.keys(notified.logins)).toHaveLength(5);
    expect(journal).toHaveLength(5);
  });

  test('one in a world where the network dies for twenty minutes before all end', async () => {
    const world = await World.create(...['a', 'b', 'c'].map((name) => ({ name })));
    for (const name of ['a', 'b', 'c']) await world.signIn(name);
    await world.sleep(3 * HOUR);
    expect(titles(world)).toEqual([sentenceFor('notice_needSignIn', 3)]);
    await world.pass(10 * HOUR);
    expect(titles(world)).toHaveLength(1);
  });
});

describe('from the first warning to the end, and back', () => {
  /** Sam, whose host is taken away for good 40 minutes after the sign-in. */
  async function cutOff() {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    await world.pass(40 * MINUTE);
    world.permitted.clear();
    await world.keeper.permissionsChanged();
    const { id, session } = await world.record('sam');
    return { world, id, end: session?.expiresAt ?? 0 };
  }

  test('15 minutes, 5 minutes, gone, and how long it was down: each once, at its time', async () => {
    const { world, id, end } = await cutOff();
    const heard: [number, string][] = [];
    for (let minute = 0; minute < 90; minute++) {
      const before = world.notices.length;
      await world.pass(MINUTE);
      for (const title of titles(world).slice(before)) heard.push([world.now - end, title]);
    }
    expect(heard.map(([, title]) => title)).toEqual([
      endsIn('sam', '15 min'),
      endsIn('sam', '5 min'),
      needsSignIn('sam'),
    ]);
    [-15, -5, 0].forEach((minutes, index) => {
      const late = (heard[index]?.[0] ?? 0) - minutes * MINUTE;
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThanOrEqual(MINUTE);
    });
    world.permitted.add(HOST);
    await world.keeper.permissionsChanged();
    const before = Math.round((world.now - end) / MINUTE);
    await world.keeper.reconnect({ loginId: id, password: PASSWORD });
    expect(titles(world).at(-1)).toBe(
      sentence('notice_isBack', { label: 'sam', length: `${before} min` }),
    );
    expect((await world.vault.journal()).map(({ what }) => what)).toEqual(
      expect.arrayContaining(['warned', 'loss told']),
    );
    await world.pass(10 * HOUR);
    expect(world.notices).toHaveLength(4);
  });

  test('what heals after a warning is not said to be back, and may be warned of anew', async () => {
    const { world, end } = await cutOff();
    await world.pass(end - 14 * MINUTE - world.now);
    world.permitted.add(HOST);
    await world.keeper.permissionsChanged();
    await world.pass(5 * MINUTE);
    expect((await world.standing('sam')).state).toBe('connected');
    expect(titles(world)).toEqual([endsIn('sam', '15 min')]);
    world.permitted.clear();
    await world.keeper.permissionsChanged();
    await world.pass(80 * MINUTE);
    expect(titles(world).slice(1)).toEqual([
      endsIn('sam', '15 min'),
      endsIn('sam', '5 min'),
      needsSignIn('sam'),
    ]);
  });

  test('an outage of the broker is not announced; that it cost the session is', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    world.intercept = () => new Response('', { status: 503 });
    await world.pass(79 * MINUTE);
    expect(world.notices).toEqual([]);
    await world.pass(5 * MINUTE);
    expect(shownNotices(world)).toMatchObject([
      {
        title: needsSignIn('sam'),
        message: `${sentence('notice_ranOut')} ${sentence('notice_clickToReconnect')}`,
      },
    ]);
  });

  test('a paused login that runs out is the person’s choice', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    await world.keeper.pauseKeeping({ loginId: (await world.record('sam')).id });
    await world.pass(10 * HOUR);
    expect(world.notices).toEqual([]);
  });

  test.each([
    ['written', 'written but not shown: never shown', 'told', 0],
    ['not written', 'not written: shown at the next start', 'write', 1],
  ])('a worker that dies when it is %s: %s', async (_, __, where, count) => {
    const { world, end } = await cutOff();
    await world.pass(end - 15 * MINUTE - 1 - world.now);
    world.now += 1;
    const died = new Promise<void>((resolve) => {
      world.onStep = (what) => {
        if (what !== where) return;
        world.kill();
        resolve();
      };
    });
    await Promise.race([died, world.keeper.wake()]);
    world.onStep = null;
    await world.boot();
    await world.keeper.wake();
    await world.pass(5 * MINUTE);
    expect(world.notices).toHaveLength(count);
  });
});

describe('quiet hours', () => {
  /** From `from` for so long, both on this computer's clock. */
  const quiet = (from: number, ms: number): Settings => ({
    ...DEFAULTS,
    quiet: { on: true, from: minuteOf(from), until: minuteOf(from + ms) },
  });

  test('nothing is said in them, and at their end what is still true, once', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    const until = world.now + 6 * HOUR;
    await world.keeper.editSettings(quiet(world.now, 6 * HOUR));
    world.permitted.clear();
    await world.keeper.permissionsChanged();
    await world.pass(until - world.now - 1);
    expect(world.notices).toEqual([]);
    expect(world.alarm).toBe(until);
    await world.pass(1);
    expect(titles(world)).toEqual([needsSignIn('sam')]);
    await world.pass(3 * HOUR);
    expect(world.notices).toHaveLength(1);
  });

  test('what was over by their end is never said', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    await world.keeper.editSettings(quiet(world.now, 6 * HOUR));
    await world.sleep(3 * HOUR);
    const { id: loginId } = await world.record('sam');
    await world.keeper.reconnect({ loginId, password: PASSWORD });
    await world.pass(4 * HOUR);
    expect(world.notices).toEqual([]);
  });

  test('switched off, or that kind switched on again: what is still true is said then', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    await world.keeper.editSettings({ ...DEFAULTS, ends: false });
    await world.sleep(3 * HOUR);
    await world.pass(HOUR);
    expect(world.notices).toEqual([]);
    await world.keeper.editSettings(DEFAULTS);
    expect(titles(world)).toEqual([needsSignIn('sam')]);
  });
});

describe('before trading begins', () => {
  async function pair() {
    const world = await World.create({ name: 'sam' }, { name: 'kim' });
    await world.signIn('sam');
    await world.signIn('kim');
    return world;
  }

  test('all is well: silence, and the tick on the badge stays', async () => {
    const world = await pair();
    await world.pass(OPENING + HOUR - world.now);
    expect(world.notices).toEqual([]);
    for (const name of ['sam', 'kim']) expect((await world.standing(name)).state).toBe('connected');
  });

  test('one needs a sign-in: said 30 minutes and 5 minutes ahead, and no more', async () => {
    const world = await pair();
    await world.pass(OPENING - 3 * HOUR - world.now);
    const { id: loginId } = await world.record('sam');
    world.broker.closeSession(world.broker.sessionsOf('sam')[0]?.id ?? '');
    await world.keeper.renewNow({ loginId });
    expect(titles(world)).toEqual([needsSignIn('sam')]);
    await world.pass(OPENING - 30 * MINUTE - world.now);
    expect(shownNotices(world).slice(1)).toEqual([
      { id: 'ready', title: ready(1, 2), message: sentence('need_signIn', { label: 'sam' }) },
    ]);
    await world.pass(24 * MINUTE);
    expect(world.notices).toHaveLength(2);
    await world.pass(26 * MINUTE);
    expect(titles(world).slice(2)).toEqual([ready(1, 2)]);
  });

  test('also when no login is left that would wake the keeper', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    await world.sleep(3 * HOUR);
    await world.pass(OPENING - 30 * MINUTE - world.now);
    expect(titles(world)).toEqual([needsSignIn('sam'), ready(0, 1)]);
  });

  test('asleep then: on waking, and it says that it is late', async () => {
    const world = await pair();
    await world.pass(OPENING - 2 * HOUR - world.now);
    await world.sleep(100 * MINUTE);
    expect(shownNotices(world).at(-1)).toMatchObject({
      title: ready(0, 2),
      message: expect.stringContaining(sentence('notice_ready_late')) as string,
    });
  });

  test('what nobody can help is left to the popup', async () => {
    const world = await pair();
    await world.pass(OPENING - 35 * MINUTE - world.now);
    world.intercept = () => new Response('', { status: 503 });
    await world.pass(20 * MINUTE);
    expect(world.notices).toEqual([]);
  });
});

describe('before the weekend', () => {
  const FRIDAY = central('2026-11-27T15:30');
  const WEEK = 7 * 24 * HOUR;
  const weekends = (world: World) =>
    shownNotices(world).filter(({ id }) => id === 'weekend').length;

  test('the first time, and again only after one that was slept through', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    await world.pass(FRIDAY - 1 - world.now);
    expect(weekends(world)).toBe(0);
    await world.pass(1);
    expect(weekends(world)).toBe(1);
    await world.pass(WEEK + HOUR);
    expect(weekends(world)).toBe(1);
    await world.sleep(2 * 24 * HOUR);
    const { id: loginId } = await world.record('sam');
    await world.keeper.reconnect({ loginId, password: PASSWORD });
    await world.pass(FRIDAY + 2 * WEEK - world.now);
    expect(weekends(world)).toBe(2);
  });

  test('not when there is nothing to lose', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    await world.pass(FRIDAY - 4 * HOUR - world.now);
    await world.sleep(3 * HOUR);
    await world.pass(6 * HOUR);
    expect(weekends(world)).toBe(0);
  });
});

test('a healthy login is woken for no more than before, whatever may be told', async () => {
  const wakes = async (settings: Settings) => {
    const world = await World.create({ name: 'sam' }, { name: 'kim' });
    await world.signIn('sam');
    await world.signIn('kim');
    await world.keeper.editSettings(settings);
    world.wakes = 0;
    await world.pass(3 * 24 * HOUR);
    expect(world.notices).toEqual([]);
    return world.wakes;
  };
  const off = { ...DEFAULTS, ends: false, ready: false, idle: false };
  expect(await wakes(DEFAULTS)).toBe(await wakes(off));
});

test('what cannot be read was not told, and is no harm', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (stored) => {
      const notified = readNotified(stored);
      const records = [greenLogin(NOON, { end: { at: NOON, cause: 'expired' } })];
      expect(() => whatToTell(known(records, { notified }), NOON)).not.toThrow();
      expect(() => nextWake(known(records, { notified }), NOON)).not.toThrow();
    }),
  );
});

describe('whatever happens, in whatever order', () => {
  const step = fc.record({
    what: fc.constantFrom(
      'pass',
      'sleep',
      'offline',
      'online',
      'deny',
      'allow',
      'close',
      'web',
      'fault',
      'heal',
      'reconnect',
      'die',
    ),
    minutes: fc.integer({ min: 1, max: 100 }),
  });
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

  async function take(world: World, { what, minutes }: Step): Promise<void> {
    const { id: loginId } = await world.record('sam');
    if (what === 'sleep') await world.sleep(minutes * 3 * MINUTE);
    if (what === 'offline') world.offline = true;
    if (what === 'online') world.offline = false;
    if (what === 'deny') world.permitted.clear();
    if (what === 'allow') world.permitted.add(HOST);
    if (what === 'deny' || what === 'allow') await world.keeper.permissionsChanged();
    const [open] = world.broker.sessionsOf('sam');
    if (what === 'close' && open) world.broker.closeSession(open.id);
    if (what === 'web') {
      world.broker.openSession('sam');
      await world.keeper.webSessionSeen('sign-in', 1, 'trader.tradovate.com');
    }
    if (what === 'fault') world.intercept = () => new Response('', { status: 503 });
    if (what === 'heal') world.intercept = null;
    if (what === 'reconnect') await world.keeper.reconnect({ loginId, password: PASSWORD });
    if (what === 'die') {
      let left = minutes % 7;
      const died = new Promise<void>((resolve) => {
        world.onStep = () => {
          if (left-- !== 0) return;
          world.kill();
          resolve();
        };
      });
      world.now += MINUTE;
      await Promise.race([died, world.keeper.wake()]);
      world.onStep = null;
      await world.boot();
      await world.keeper.wake();
    }
    await world.pass(minutes * MINUTE);
  }

  test('nothing is said twice, in quiet hours, or of a loss that was not told', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 14 }),
        fc.boolean(),
        async (steps, on) => {
          const world = await World.create({ name: 'sam', settings: { slots: 1 } });
          await world.signIn('sam');
          const quiet = { on, from: minuteOf(world.now), until: minuteOf(world.now + 4 * HOUR) };
          const settings = { ...DEFAULTS, ready: false, idle: false, quiet };
          await world.keeper.editSettings(settings);
          for (const one of steps) await take(world, one);
          expectOnce(
            world,
            (await world.vault.journal()).map(({ what }) => what),
          );
          for (const at of world.noticedAt) expect(afterQuiet(settings, at)).toBe(at);
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  /** Of each end, by the journal: two warnings at most and one loss, and never more shown than written. */
  function expectOnce(world: World, journal: string[]): void {
    let [warned, lost] = [0, 0];
    for (const what of journal) {
      if (['signed in', 'renewed', 'proven'].includes(what)) lost = 0;
      if (['signed in', 'renewed'].includes(what)) warned = 0;
      if (what === 'warned') expect(++warned).toBeLessThanOrEqual(2);
      if (what === 'loss told') expect(++lost).toBe(1);
    }
    const written = journal.filter((what) => what === 'warned' || what === 'loss told').length;
    const back = world.notices.filter(({ about }) => about === 'recoveries');
    expect(titles(world).length - back.length).toBeLessThanOrEqual(written);
    let open = 0;
    for (const notice of world.notices) {
      const { about } = notice;
      if (about === 'endings' && notice.logins.every(({ leftMs }) => leftMs === null)) open = 1;
      if (about === 'recoveries') expect(open--).toBe(1);
    }
  }
});
