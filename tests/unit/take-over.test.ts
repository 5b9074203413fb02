/** A session that another program opened, kept from then on. */
import { describe, expect, test } from 'vitest';
import { sentence } from '../sentence.ts';
import { sampleApp, type NewUser } from '../simulator/broker-types.ts';
import { inWords } from './in-words.ts';
import { PASSWORD, World } from './world.ts';

const MINUTE = 60_000;

/** Another program is signed in as sam; what it holds, as its reply was. */
async function held(settings: NewUser['settings'] = {}) {
  const world = await World.create({ name: 'sam', settings });
  const session = world.broker.openSession('sam', sampleApp.appId, 'demo');
  const { accessToken, mdAccessToken, expiresAt } = session;
  const reply = {
    accessToken,
    mdAccessToken,
    expirationTime: new Date(expiresAt).toISOString(),
    userId: world.broker.user('sam').id,
    name: 'sam',
  };
  const takeOver = (pasted: string, change: object = {}) =>
    world.keeper.takeOver({
      label: '',
      brand: 'tradovate',
      environment: 'demo',
      userName: '',
      pasted,
      ...change,
    });
  return { world, session, reply, takeOver };
}

const json = JSON.stringify;

test('is proven by one call, opens nothing, and is kept for a day', async () => {
  const { world, session, reply, takeOver } = await held();
  expect(await takeOver(json(reply))).toEqual({ ok: true });
  expect(world.broker.journal.map(({ endpoint }) => endpoint)).toEqual(['account/list']);
  expect(await world.record('sam')).toMatchObject({
    way: 'token',
    label: 'sam',
    userId: reply.userId,
    session: { expiresAt: session.expiresAt, renewals: 0 },
  });
  expect((await world.standing('sam')).state).toBe('connected');
  await world.pass(24 * 60 * MINUTE);
  expect(await world.works('sam')).toBe(true);
  expect(world.broker.allSessions()).toHaveLength(1);
  expect(world.calls('accesstokenrequest')).toBe(0);
});

test('is renewed at once when nobody says how long it still lives', async () => {
  const { world, takeOver } = await held();
  world.intercept = (url) =>
    url.endsWith('/account/list')
      ? Response.json([])
      : Response.json({
          accessToken: 'renewed-'.repeat(4),
          expirationTime: new Date(world.now + 80 * MINUTE).toISOString(),
        });
  // It is no JWT, so it says nothing by itself.
  expect(await takeOver('opaque'.repeat(4), { userName: 'sam' })).toEqual({ ok: true });
  expect(world.requests.map(({ url }) => url.split('/').at(-1))).toEqual([
    'list',
    'renewaccesstoken',
  ]);
  expect(await world.record('sam')).toMatchObject({ session: { lifeMs: 80 * MINUTE } });
});

test('with an end that has passed on this clock is renewed at once: the broker took it', async () => {
  const { world, reply, takeOver } = await held();
  const expirationTime = new Date(world.now - MINUTE).toISOString();
  expect(await takeOver(json({ ...reply, expirationTime }))).toEqual({ ok: true });
  expect(world.calls('renewaccesstoken')).toBe(1);
  expect((await world.standing('sam')).state).toBe('connected');
});

describe('leaves nothing behind', () => {
  const nothing = async (world: World) => {
    expect(await world.vault.logins()).toEqual([]);
    expect(await world.vault.journal()).toEqual([]);
    expect(world.calls('renewaccesstoken')).toBe(0);
  };

  test('when there is no token in what was pasted', async () => {
    const { world, takeOver } = await held();
    expect(inWords(await takeOver('hello'))).toMatchObject({
      field: 'pasted',
      sentence: sentence('refusal_noTokenPasted'),
    });
    expect(inWords(await takeOver(json({ errorText: 'Access is denied' })))).toMatchObject({
      field: 'pasted',
      said: 'Access is denied',
    });
    expect(world.requests).toEqual([]);
    await nothing(world);
  });

  test('when the broker does not accept it', async () => {
    const { world, reply, takeOver } = await held();
    world.now += 81 * MINUTE;
    expect(inWords(await takeOver(json(reply)))).toMatchObject({
      field: 'pasted',
      sentence: sentence('refusal_tokenRefused'),
    });
    await nothing(world);
  });

  test.each([
    ['offline', (world: World) => (world.offline = true), 'form', 'offline'],
    [
      'the broker’s fault',
      (world: World) => world.broker.fault({ fault: 'error-500' }),
      'form',
      'fault of its own',
    ],
    [
      'the other environment',
      (world: World) =>
        world.broker.fault({ fault: 'error-text', text: 'This should be called on live' }),
      'environment',
      'other environment',
    ],
  ])('%s', async (_, happens, field, words) => {
    const { world, reply, takeOver } = await held();
    happens(world);
    const answer = inWords(await takeOver(json(reply)));
    expect(answer).toMatchObject({ ok: false, field });
    expect(json(answer)).toContain(words);
    await nothing(world);
  });

  test('when nobody says whose it is', async () => {
    const { world, reply, takeOver } = await held();
    expect(inWords(await takeOver(reply.accessToken))).toMatchObject({ field: 'userName' });
    await nothing(world);
    expect(await takeOver(reply.accessToken, { userName: 'sam' })).toEqual({ ok: true });
  });
});

test('of a login that is here is offered its session instead', async () => {
  const { world, reply, takeOver } = await held();
  await takeOver(json(reply), { label: 'Copier' });
  const answers = [
    await takeOver(json(reply)),
    await takeOver(reply.accessToken, { environment: 'live', userName: 'other' }),
    await world.signIn('sam'),
  ];
  for (const answer of answers) {
    expect(inWords(answer)).toMatchObject({
      field: 'userName',
      sentence: sentence('refusal_held', { label: 'Copier' }),
      nextStep: sentence('refusal_held_next'),
    });
  }
  expect(world.broker.allSessions()).toHaveLength(1);
});

test('twice at once is kept once', async () => {
  const { world, reply, takeOver } = await held();
  const answers = await Promise.all([takeOver(json(reply)), takeOver(json(reply))]);
  expect(answers.map(({ ok }) => ok)).toEqual([true, false]);
  expect(await world.vault.logins()).toHaveLength(1);
});

describe('again', () => {
  test('after its program renewed it: says who did, and takes the present token', async () => {
    const { world, session, reply, takeOver } = await held();
    await takeOver(json(reply));
    const stolen = (await world.token('sam')) ?? '';
    const handle = { method: 'GET', host: 'demo.tradovateapi.com', body: '', ip: '127.0.0.1' };
    world.broker.handle({
      ...handle,
      path: '/v1/auth/renewaccesstoken',
      headers: { authorization: `Bearer ${stolen}` },
    });
    world.now += MINUTE;
    const { id: loginId } = await world.record('sam');
    await world.keeper.renewNow({ loginId });
    expect(await world.standing('sam')).toMatchObject({
      state: 'disconnected',
      why: { cause: 'taken-back' },
    });
    expect(inWords(await world.keeper.takeOverAgain({ loginId, pasted: 'hello' }))).toMatchObject({
      field: 'pasted',
    });
    expect(inWords(await world.keeper.takeOverAgain({ loginId, pasted: stolen }))).toMatchObject({
      field: 'pasted',
      sentence: sentence('refusal_tokenRefused'),
    });
    expect((await world.standing('sam')).why?.cause).toBe('taken-back');
    const pasted = session.accessToken;
    expect(await world.keeper.takeOverAgain({ loginId, pasted })).toEqual({ ok: true });
    expect((await world.standing('sam')).state).toBe('connected');
    await world.pass(5 * 60 * MINUTE);
    expect(await world.works('sam')).toBe(true);
    expect(world.broker.allSessions()).toHaveLength(1);
  });

  test('with the token of another user is refused before anybody is asked', async () => {
    const { world, reply, takeOver } = await held();
    world.broker.addUser({ name: 'kim', password: PASSWORD });
    await takeOver(json(reply));
    world.broker.closeSession(world.broker.sessionsOf('sam')[0]?.id ?? '');
    world.now += MINUTE;
    const { id: loginId } = await world.record('sam');
    await world.keeper.renewNow({ loginId });
    const calls = world.requests.length;
    const pasted = world.broker.openSession('kim').accessToken;
    expect(inWords(await world.keeper.takeOverAgain({ loginId, pasted }))).toMatchObject({
      sentence: sentence('refusal_tokenOfOther'),
    });
    expect(world.requests).toHaveLength(calls);
  });
});

test('a worker that dies in the middle leaves the whole login or none of it', async () => {
  for (const where of ['probe', 'write', 'written']) {
    const { world, reply, takeOver } = await held();
    const died = new Promise<void>((resolve) => {
      world.onStep = (what) => {
        if (what !== where) return;
        world.kill();
        resolve();
      };
    });
    await Promise.race([died, takeOver(json(reply))]);
    world.onStep = null;
    await world.boot();
    await world.keeper.wake();
    const logins = await world.vault.logins();
    if (logins.length > 0) expect((await world.standing('sam')).state).toBe('connected');
    expect(inWords(await takeOver(json(reply)))).toMatchObject({ ok: logins.length === 0 });
    expect(await world.works('sam')).toBe(true);
  }
});
