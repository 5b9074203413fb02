import { describe, expect, test, vi } from 'vitest';
import { standing } from '../../utils/keeper/status/standing.ts';
import type { MessageKey } from '../../utils/platform/i18n.ts';
import type { RefusalInWords } from '../../utils/words/refusal.ts';
import { sentence } from '../sentence.ts';
import { inWords } from './in-words.ts';
import { PASSWORD, signInOf, START, World } from './world.ts';

const MINUTE = 60_000;

describe('a sign-in', () => {
  test('is proven before it counts as connected, and its password is nowhere afterwards', async () => {
    const world = await World.create({ name: 'sam' });
    expect(await world.signIn('sam')).toEqual({ ok: true });
    expect((await world.standing('sam')).state).toBe('connected');
    expect((await world.record('sam')).proof).toMatchObject({ by: 'probe' });
    expect(JSON.stringify([await world.vault.logins(), await world.vault.journal()])).not.toContain(
      PASSWORD,
    );
  });

  test('sends what the documentation lists, with one device id for all logins', async () => {
    const world = await World.create({ name: 'sam' }, { name: 'kim' });
    await world.signIn('sam');
    await world.signIn('kim', { brand: 'ninjatrader', environment: 'live' });
    const bodies = world.requests
      .filter(({ url }) => url.endsWith('accesstokenrequest'))
      .map(({ init }) => JSON.parse(init.body as string) as Record<string, unknown>);
    expect(bodies[0]).toEqual({
      name: 'sam',
      password: PASSWORD,
      appId: 'Sample App',
      appVersion: '1.0',
      deviceId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      cid: 8,
      sec: signInOf('sam').secret,
    });
    expect(bodies[1]?.['deviceId']).toBe(bodies[0]?.['deviceId']);
    for (const { init } of world.requests) {
      expect(init).toMatchObject({ cache: 'no-store', credentials: 'omit', redirect: 'manual' });
    }
  });

  const refused = async (settings: object, change: object = {}) => {
    const world = await World.create({ name: 'sam', settings });
    const answer = await world.signIn('sam', change);
    expect(answer.ok).toBe(false);
    // Nothing is left behind of a login that never was.
    expect(await world.vault.logins()).toEqual([]);
    expect(await world.vault.journal()).toEqual([]);
    return inWords(answer) as RefusalInWords;
  };

  test.each<[string, object, object, string, MessageKey]>([
    ['a wrong password', {}, { password: 'wrong' }, 'password', 'cause_wrongCredentials'],
    ['an unknown user', {}, { userName: 'nobody' }, 'password', 'cause_wrongCredentials'],
    ['a wrong secret', {}, { secret: 'wrong' }, 'apiKey', 'cause_appNotRegistered'],
    ['a locked user', { status: 'TemporaryLocked' }, {}, 'userName', 'cause_userLocked'],
    ['a closed user', { status: 'Closed' }, {}, 'userName', 'cause_userClosed'],
    [
      'an unconfirmed e-mail',
      { status: 'UnconfirmedEmail' },
      {},
      'userName',
      'cause_emailUnconfirmed',
    ],
    ['an expired password', { passwordExpired: true }, {}, 'password', 'cause_passwordExpired'],
    ['the other environment', { signInAt: 'live' }, {}, 'environment', 'cause_wrongEnvironment'],
  ])('is refused at the right field for %s', async (_, settings, change, field, key) => {
    const answer = await refused(settings, change);
    expect(answer).toMatchObject({ field });
    expect(answer.sentence).toBe(sentence(key));
    expect(answer.nextStep).toBeTruthy();
  });

  test('under a penalty tells how long to wait, and takes the ticket along the next time', async () => {
    const world = await World.create({ name: 'sam' });
    world.broker.fault({ endpoint: 'accesstokenrequest', fault: 'penalty', pTime: 15 });
    const answer = inWords(await world.signIn('sam')) as RefusalInWords;
    expect(answer).toMatchObject({ ok: false, field: 'form', waitMs: 15_000 });
    expect(answer.ticket).toBeTruthy();
    world.now += 15_000;
    expect(await world.signIn('sam', { ticket: answer.ticket ?? '' })).toEqual({ ok: true });
  });

  test('offline says so', async () => {
    const world = await World.create({ name: 'sam' });
    world.offline = true;
    expect(inWords(await world.signIn('sam'))).toMatchObject({
      field: 'form',
      sentence: sentence('cause_offline'),
    });
  });

  test('says so when the browser took away the access to the broker', async () => {
    const world = await World.create({ name: 'sam' });
    world.permitted.clear();
    expect(inWords(await world.signIn('sam'))).toMatchObject({
      field: 'form',
      sentence: sentence('cause_notPermitted'),
    });
  });

  test('of a login that is here already opens no second session', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    expect(inWords(await world.signIn('SAM'))).toMatchObject({ field: 'userName' });
    expect(world.calls('accesstokenrequest')).toBe(1);
  });

  test('that the worker did not survive is told in the row', async () => {
    const world = await World.create({ name: 'sam' });
    const died = new Promise<void>((resolve) => {
      world.onStep = (what) => {
        if (what !== 'answered') return;
        world.kill();
        resolve();
      };
    });
    await Promise.race([died, world.signIn('sam')]);
    world.onStep = null;
    await world.boot();
    await world.keeper.wake();
    expect(await world.standing('sam')).toMatchObject({
      state: 'disconnected',
      why: { cause: 'interrupted' },
    });
  });
});

describe('a reconnect', () => {
  const evicted = async (keepSecret: boolean) => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam', { keepSecret });
    world.broker.openSession('sam');
    world.broker.openSession('sam');
    world.now += MINUTE;
    await world.keeper.webSessionSeen('sign-in', 1, 'trader.tradovate.com');
    expect((await world.standing('sam')).state).toBe('disconnected');
    return { world, loginId: (await world.record('sam')).id };
  };

  test('needs the password alone where the secret is kept', async () => {
    const { world, loginId } = await evicted(true);
    expect(await world.keeper.reconnect({ loginId, password: PASSWORD })).toEqual({ ok: true });
    expect((await world.standing('sam')).state).toBe('connected');
    expect(await world.works('sam')).toBe(true);
  });

  test('asks for the secret where it is not', async () => {
    const { world, loginId } = await evicted(false);
    expect(inWords(await world.keeper.reconnect({ loginId, password: PASSWORD }))).toMatchObject({
      field: 'apiKey',
    });
    const { secret } = signInOf('sam');
    expect(await world.keeper.reconnect({ loginId, password: PASSWORD, secret })).toEqual({
      ok: true,
    });
    expect(await world.vault.appSecret(loginId)).toBeUndefined();
  });

  test('that is refused leaves the cause as it was', async () => {
    const { world, loginId } = await evicted(true);
    expect(inWords(await world.keeper.reconnect({ loginId, password: 'wrong' }))).toMatchObject({
      field: 'password',
    });
    expect(await world.standing('sam')).toMatchObject({
      state: 'disconnected',
      why: { cause: 'evicted' },
    });
  });
});

test('a reconnect that healed meanwhile, or is asked twice, opens no second session', async () => {
  const world = await World.create({ name: 'sam' });
  await world.signIn('sam');
  const { id: loginId } = await world.record('sam');
  expect(await world.keeper.reconnect({ loginId, password: PASSWORD })).toEqual({ ok: true });
  expect(world.calls('accesstokenrequest')).toBe(1);
  world.broker.closeSession(world.broker.sessionsOf('sam')[0]?.id ?? '');
  world.now += MINUTE;
  await world.keeper.renewNow({ loginId });
  const twice = [1, 2].map(() => world.keeper.reconnect({ loginId, password: PASSWORD }));
  expect(await Promise.all(twice)).toEqual([{ ok: true }, { ok: true }]);
  expect(world.calls('accesstokenrequest')).toBe(2);
});

test('bug class 3: a renewed token survives a write that fails for a moment', async () => {
  const world = await World.create({ name: 'sam' });
  await world.signIn('sam');
  const { id: loginId } = await world.record('sam');
  const write = world.vault.write.bind(world.vault);
  let fails = 2;
  world.vault.write = (change) =>
    change.token && fails-- > 0 ? Promise.reject(new Error('disk')) : write(change);
  world.now += MINUTE;
  await world.keeper.renewNow({ loginId });
  expect(fails).toBeLessThan(0);
  expect(await world.works('sam')).toBe(true);
});

describe('bug class 3: a renewed token that cannot be written', () => {
  /** One login whose new token the disk refuses until `heal()`, after a renewal that was tried. */
  async function refusing(fails = Infinity) {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    const { id: loginId } = await world.record('sam');
    const write = world.vault.write.bind(world.vault);
    const tries: number[] = [];
    world.vault.write = (change) => {
      if (!change.token || fails-- <= 0) return write(change);
      tries.push(world.now);
      return Promise.reject(new Error('disk'));
    };
    world.now += MINUTE;
    const answer = await world.keeper.renewNow({ loginId }).catch((error: unknown) => error);
    return { world, tries, answer, heal: () => (world.vault.write = write) };
  }

  test('is tried again in growing pauses', async () => {
    const { world, tries, answer } = await refusing(4);
    expect(answer).toEqual({ ok: true });
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(pauses).toEqual([1_000, 2_000, 4_000]);
    expect(await world.works('sam')).toBe(true);
  });

  test('stays in memory as long as the worker lives, and is on disk once that takes it', async () => {
    const { world, answer, heal } = await refusing();
    expect(answer).toEqual(new Error('disk'));
    await world.pass(10 * MINUTE);
    expect(await world.works('sam')).toBe(false);
    heal();
    await world.pass(MINUTE);
    expect(await world.works('sam')).toBe(true);
    expect((await world.standing('sam')).state).toBe('connected');
    expect(world.calls('renewaccesstoken')).toBe(1);
    expect((await world.vault.journal()).map(({ what }) => what)).toContain('renewed');
  });

  test('is told of after the death of the worker as an answer that was lost', async () => {
    const { world, heal } = await refusing();
    world.kill();
    heal();
    await world.boot();
    await world.keeper.wake();
    expect((await world.vault.journal()).map(({ what }) => what)).toContain('interrupted');
  });
});

describe('a disk that is full', () => {
  /** Two logins, of which `userName`, or both, cannot be written until `free()`. */
  async function full(userName?: string) {
    const world = await World.create({ name: 'sam' }, { name: 'kim' });
    for (const name of ['sam', 'kim']) {
      await world.signIn(name);
      world.now += 1_000;
    }
    const write = world.vault.write.bind(world.vault);
    world.vault.write = (change) =>
      userName === undefined || change.record.userName === userName
        ? Promise.reject(new DOMException('No room.', 'QuotaExceededError'))
        : write(change);
    const free = () => (world.vault.write = write);
    return { world, free };
  }

  /** Lets time pass by the browser's alarms; gives how often they woke the keeper in vain. */
  async function passByAlarms(world: World, ms: number): Promise<number> {
    const until = world.now + ms;
    let inVain = 0;
    for (;;) {
      const next = Math.min(world.alarms?.deadline ?? Infinity, world.alarms?.guard ?? Infinity);
      if (next > until) break;
      world.now = next;
      await world.keeper.wake().catch(() => inVain++);
    }
    world.now = until;
    return inVain;
  }

  test('is tried ever less often, without a call, and nothing is lost once there is room', async () => {
    const { world, free } = await full();
    const calls = world.broker.journal.length;
    const inVain = await passByAlarms(world, 60 * MINUTE);
    expect(inVain).toBeGreaterThan(10);
    expect(inVain).toBeLessThan(30);
    expect(world.broker.journal).toHaveLength(calls);
    free();
    await passByAlarms(world, 5 * MINUTE);
    for (const name of ['sam', 'kim']) expect((await world.standing(name)).state).toBe('connected');
    expect(world.calls('accesstokenrequest')).toBe(2);
  });

  test('for one login is none for the others', async () => {
    const { world, free } = await full('sam');
    await passByAlarms(world, 70 * MINUTE);
    expect((await world.standing('kim')).state).toBe('connected');
    free();
    await passByAlarms(world, 2 * MINUTE);
    expect((await world.standing('sam')).state).toBe('connected');
    expect(world.calls('accesstokenrequest')).toBe(2);
  });
});

test('live and demo of one user share the allowance, and a sign-in has the other one checked', async () => {
  const world = await World.create({ name: 'sam' });
  await world.signIn('sam', { environment: 'live' });
  world.now += MINUTE;
  await world.signIn('sam', { environment: 'demo' });
  const all = await world.keeper.logins();
  expect(all.map((one) => standing(one, world.now, all).slots)).toEqual([
    { known: 2, perhaps: 0, allowed: 2 },
    { known: 2, perhaps: 0, allowed: 2 },
  ]);
  world.broker.openSession('sam');
  world.now += MINUTE;
  const [live, demo] = await world.vault.logins();
  world.broker.closeSession(world.broker.sessionsOf('sam').at(-1)?.id ?? '');
  world.broker.closeSession(world.broker.sessionsOf('sam').at(-1)?.id ?? '');
  await world.keeper.renewNow({ loginId: demo?.id ?? '' });
  await world.keeper.reconnect({ loginId: demo?.id ?? '', password: PASSWORD });
  await vi.waitFor(async () => {
    const record = await world.vault.login(live?.id ?? '');
    expect(record?.lastWebLogin).toMatchObject({ host: 'Holdfast', survived: false });
  });
});

describe('a card that warns', () => {
  const HOST = 'trader.tradovate.com';
  const warned = async (world: World) =>
    (await world.vault.journal())
      .filter(({ what }) => what === 'warning shown')
      .map(({ loginId, host }) => [loginId, host]);
  /** Declares a session elsewhere: one more than the two may close one. Its lock comes after all that wait for it. */
  async function declare(world: World): Promise<string> {
    const { id: loginId } = await world.record('sam');
    const declared = [{ name: 'phone', on: true }];
    await world.keeper.editLogin({ loginId, label: 'sam', slots: 2, declared });
    return loginId;
  }

  test('is in the journal of the login that it warned of, once an hour', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    const id = await declare(world);
    for (let minutes = 0; minutes < 60; minutes += 5) {
      await world.keeper.signInFormSeen(minutes, HOST);
      await declare(world);
      world.now += 5 * MINUTE;
    }
    expect(await warned(world)).toEqual([[id, HOST]]);
    await world.keeper.signInFormSeen(60, 'web.ninjatrader.com');
    await declare(world);
    expect((await warned(world)).at(-1)).toEqual([id, 'web.ninjatrader.com']);
    // A clock that is set back is no reason to say nothing for years.
    world.now -= 300 * MINUTE;
    await world.keeper.signInFormSeen(61, HOST);
    await declare(world);
    expect(await warned(world)).toHaveLength(3);
  });

  test('does not wait for its line while a call is under way', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    const loginId = await declare(world);
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    world.onPublish = () => held;
    world.now += 10 * MINUTE;
    const renewing = world.keeper.renewNow({ loginId });
    await vi.waitFor(async () => expect((await world.record('sam')).call).not.toBeNull());
    await world.keeper.signInFormSeen(1, HOST);
    expect(await warned(world)).toEqual([]);
    answer();
    await renewing;
    await declare(world);
    expect(await warned(world)).toEqual([[loginId, HOST]]);
  });

  test('is in no journal when there is nothing to warn of', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    await world.keeper.signInFormSeen(1, HOST);
    await declare(world);
    expect(await warned(world)).toEqual([]);
  });
});

describe('sessions opened elsewhere', () => {
  const PHONE = 'userSessionStats/deps';

  test('are found in the broker’s statistics before a card is shown', async () => {
    const world = await World.create({ name: 'sam', settings: { mayReadSessionStats: true } });
    await world.signIn('sam');
    world.now += 10 * MINUTE;
    world.broker.openSession('sam');
    world.now += MINUTE;
    await world.keeper.signInFormSeen(1, 'trader.tradovate.com');
    expect((await world.record('sam')).ledger.unseen).toEqual([START + 10 * MINUTE]);
    expect((await world.standing('sam')).slots.known).toBe(2);
  });

  test.each([401, 403, 404, 429, 500])(
    'are done without when the broker answers %i, and it is not asked again for a day',
    async (status) => {
      const world = await World.create({ name: 'sam' });
      await world.signIn('sam');
      world.intercept = (url) => (url.includes(PHONE) ? new Response('', { status }) : undefined);
      const asked = () => world.requests.filter(({ url }) => url.includes(PHONE)).length;
      await world.keeper.signInFormSeen(1, 'trader.tradovate.com');
      const { ledger, ...record } = await world.record('sam');
      expect(record).toMatchObject({ failure: null, failures: 0, refusals: 0, end: null });
      expect((await world.standing('sam')).state).toBe('connected');
      expect(ledger.unseen).toEqual([]);
      await world.pass(23 * 60 * MINUTE);
      await world.keeper.signInFormSeen(1, 'trader.tradovate.com');
      expect(asked()).toBe(1);
      await world.pass(2 * 60 * MINUTE);
      await world.keeper.signInFormSeen(1, 'trader.tradovate.com');
      expect(asked()).toBe(2);
    },
  );

  test('a worker that dies over the question does not ask it at every start', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    world.onStep = (what) => {
      if (what === 'look') world.kill();
    };
    const dying = world.keeper.signInFormSeen(1, 'trader.tradovate.com');
    await vi.waitFor(async () => expect((await world.record('sam')).ledger.look).not.toBeNull());
    world.onStep = null;
    await world.boot();
    await world.keeper.signInFormSeen(1, 'trader.tradovate.com');
    expect(world.requests.filter(({ url }) => url.includes(PHONE))).toEqual([]);
    void dying;
  });
});

test('a web login’s tab that is closed, or shows the form again, is known to be left', async () => {
  const world = await World.create({ name: 'sam' });
  await world.signIn('sam');
  const host = 'trader.tradovate.com';
  const left = async () => (await world.record('sam')).webSessions.map((web) => web.left === true);
  for (const tabId of [1, 2, 3]) await world.keeper.webSessionSeen('sign-in', tabId, host);
  await world.keeper.tabLeft(1);
  expect(await left()).toEqual([true, false, false]);
  await world.keeper.signInFormSeen(2, 'web.ninjatrader.com');
  expect(await left()).toEqual([true, false, false]);
  await world.keeper.signInFormSeen(2, host);
  expect(await left()).toEqual([true, true, false]);
  await world.keeper.tabLeft(null);
  expect(await left()).toEqual([true, true, true]);
  // A new sign-in in that tab is a new session.
  await world.keeper.webSessionSeen('sign-in', 2, host);
  expect(await left()).toEqual([true, true, false]);
});

test('a login picked for a host is remembered there alone, and says whose web login was seen', async () => {
  const world = await World.create({ name: 'sam' }, { name: 'kim' });
  await world.signIn('sam');
  world.now += MINUTE;
  await world.signIn('kim');
  const [sam, kim] = await Promise.all([world.record('sam'), world.record('kim')]);
  const host = 'trader.tradovate.com';
  await world.keeper.pickLogin(sam.id, host);
  await world.keeper.pickLogin(kim.id, 'web.ninjatrader.com');
  await world.keeper.pickLogin(kim.id, host);
  const hosts = async () => (await world.keeper.logins()).map(({ ledger }) => ledger.hosts);
  expect(await hosts()).toEqual([[], ['web.ninjatrader.com', host]]);
  world.now += MINUTE;
  await world.keeper.webSessionSeen('sign-in', 1, host);
  expect((await world.record('sam')).webSessions).toMatchObject([{ meant: false }]);
  expect((await world.record('kim')).webSessions).toMatchObject([{ meant: true }]);
  expect((await world.record('kim')).proof).toMatchObject({ at: world.now, by: 'probe' });
  // Both are asked all the same, in turn: the word may have been wrong.
  await world.pass(3_000);
  expect((await world.record('sam')).proof).toMatchObject({ at: world.now, by: 'probe' });
  // But no loss is put down to it.
  expect((await world.record('sam')).lastWebLogin).toBeNull();
  await world.keeper.pickLogin(null, host);
  expect(await hosts()).toEqual([[], ['web.ninjatrader.com']]);
});

describe('the person’s buttons', () => {
  test('Renew now renews, says when it may not, and does not renew twice', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    const { id: loginId } = await world.record('sam');
    world.now += MINUTE;
    expect(await world.keeper.renewNow({ loginId })).toEqual({ ok: true });
    expect(await world.keeper.renewNow({ loginId })).toEqual({ ok: true });
    expect(world.calls('renewaccesstoken')).toBe(1);
    world.now += MINUTE;
    world.broker.fault({ endpoint: 'renewaccesstoken', fault: 'rate-429' });
    expect(inWords(await world.keeper.renewNow({ loginId }))).toMatchObject({
      ok: false,
      field: 'form',
    });
    expect(inWords(await world.keeper.renewNow({ loginId }))).toMatchObject({
      ok: false,
      waitMs: 60 * MINUTE,
    });
    expect(world.calls('renewaccesstoken')).toBe(2);
  });

  test('edit keeps the session, remove forgets everything', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    const { id: loginId } = await world.record('sam');
    const declared = [{ name: 'TradingView', on: true }];
    await world.keeper.editLogin({ loginId, label: 'Copier', slots: 3, declared });
    expect(await world.record('sam')).toMatchObject({
      label: 'Copier',
      slots: 3,
      ledger: { declared },
    });
    expect((await world.standing('sam')).state).toBe('connected');
    await world.keeper.removeLogin({ loginId });
    expect(await world.vault.logins()).toEqual([]);
    expect(await world.vault.token(loginId)).toBeUndefined();
    expect(world.alarm).toBeNull();
    expect(await world.keeper.renewNow({ loginId })).toMatchObject({ ok: false });
  });
});

test('several logins, both front doors and both environments, side by side for a day', async () => {
  const names = ['sam', 'kim', 'lee', 'ada'];
  const world = await World.create(...names.map((name) => ({ name })));
  for (const [index, name] of names.entries()) {
    await world.signIn(name, {
      brand: index % 2 ? 'ninjatrader' : 'tradovate',
      environment: index < 2 ? 'live' : 'demo',
    });
    world.now += 7 * MINUTE;
  }
  await world.pass(24 * 60 * MINUTE);
  for (const name of names) expect(await world.works(name)).toBe(true);
  expect(world.calls('accesstokenrequest')).toBe(4);
});

test('alarms are never set from an older reading than the last', async () => {
  const world = await World.create({ name: 'sam' }, { name: 'kim' });
  await world.signIn('sam');
  await world.signIn('kim');
  let running = 0;
  let most = 0;
  world.onPublish = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  };
  world.now += 46 * MINUTE;
  await world.keeper.wake();
  expect(most).toBe(1);
});

test('a token that cannot be opened for a moment is not lost', async () => {
  const world = await World.create({ name: 'sam' });
  await world.signIn('sam');
  const token = world.vault.token.bind(world.vault);
  let fails = 2;
  world.vault.token = (id) => (fails-- > 0 ? Promise.resolve(undefined) : token(id));
  await world.pass(3 * 60 * MINUTE);
  expect(fails).toBeLessThan(0);
  expect((await world.standing('sam')).state).toBe('connected');
  expect(world.calls('accesstokenrequest')).toBe(1);
});

test('a token that cannot be opened any more asks for a sign-in, and the others go on', async () => {
  const world = await World.create({ name: 'sam' }, { name: 'kim' });
  await world.signIn('sam');
  await world.signIn('kim');
  const { id } = await world.record('sam');
  const token = world.vault.token.bind(world.vault);
  world.vault.token = (asked) => (asked === id ? Promise.resolve(undefined) : token(asked));
  await world.pass(3 * 60 * MINUTE);
  expect(await world.standing('sam')).toMatchObject({
    state: 'disconnected',
    why: { cause: 'token-damaged' },
  });
  expect((await world.standing('kim')).state).toBe('connected');
  expect(world.broker.sessionsOf('sam')[0]?.renewals ?? 0).toBe(0);
});
