/** Bug class 11: a sign-in loop into a one-hour lock. */
import { describe, expect, test } from 'vitest';
import type { RefusalInWords } from '../../utils/words/refusal.ts';
import { sentence, sentenceFor } from '../sentence.ts';
import { inWords } from './in-words.ts';
import { World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const wrong = { password: 'wrong' };

async function failed(times: number) {
  const world = await World.create({ name: 'sam' }, { name: 'kim' });
  for (let time = 0; time < times; time++) {
    await world.signIn('sam', wrong);
    world.now += MINUTE;
  }
  return world;
}

const tries = (world: World) => world.calls('accesstokenrequest');

describe('bug class 11: failed sign-ins', () => {
  test('are three in an hour, whichever login; then the countdown, and after it another try', async () => {
    const world = await failed(3);
    expect(inWords(await world.signIn('kim'))).toMatchObject({
      field: 'form',
      sentence: sentenceFor('refusal_failedOften', 3),
      waitMs: HOUR - 3 * MINUTE,
      mayInsist: true,
    });
    expect(tries(world)).toBe(3);
    world.now += HOUR - 3 * MINUTE;
    expect(await world.signIn('kim')).toEqual({ ok: true });
  });

  test('are counted over the death of the worker', async () => {
    const world = await failed(3);
    world.kill();
    await world.boot();
    expect(inWords(await world.signIn('sam'))).toMatchObject({ mayInsist: true });
  });

  test('may be more when the person insists, and each is asked for again', async () => {
    const world = await failed(3);
    expect(inWords(await world.signIn('sam', { ...wrong, insist: true }))).toMatchObject({
      field: 'password',
    });
    expect(inWords(await world.signIn('sam'))).toMatchObject({ mayInsist: true });
    expect(await world.signIn('sam', { insist: true })).toEqual({ ok: true });
    expect(tries(world)).toBe(5);
  });

  test('hold a reconnect back too', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    world.broker.closeSession(world.broker.sessionsOf('sam')[0]?.id ?? '');
    world.now += MINUTE;
    const { id: loginId } = await world.record('sam');
    await world.keeper.renewNow({ loginId });
    for (let time = 0; time < 4; time++) {
      await world.keeper.reconnect({ loginId, ...wrong });
    }
    expect(tries(world)).toBe(4);
    expect(inWords(await world.keeper.reconnect({ loginId, ...wrong }))).toMatchObject({
      mayInsist: true,
    });
  });

  test('are not those that never reached the broker, or that it had a fault in', async () => {
    const world = await World.create({ name: 'sam' });
    world.offline = true;
    for (let time = 0; time < 4; time++) await world.signIn('sam');
    world.offline = false;
    world.broker.fault({ fault: 'error-500', times: 4 });
    for (let time = 0; time < 4; time++) await world.signIn('sam');
    expect(await world.signIn('sam')).toEqual({ ok: true });
  });

  test('of a clock that was ahead do not count for longer than an hour', async () => {
    const world = await failed(3);
    world.now -= 24 * HOUR;
    expect(await world.signIn('sam')).toEqual({ ok: true });
  });
});

test('a lock-out is sat out though the form is opened anew, and nobody may insist', async () => {
  const world = await World.create({ name: 'sam' });
  world.broker.fault({ endpoint: 'accesstokenrequest', fault: 'rate-429' });
  expect(inWords(await world.signIn('sam'))).toMatchObject({ waitMs: HOUR });
  world.now += MINUTE;
  const answer = inWords(await world.signIn('sam', { insist: true })) as RefusalInWords;
  expect(answer).toMatchObject({ waitMs: 59 * MINUTE });
  expect(answer.mayInsist).toBe(false);
  expect(tries(world)).toBe(1);
  world.now += 59 * MINUTE;
  expect(await world.signIn('sam')).toEqual({ ok: true });
});

test('outdated terms are told by name', async () => {
  const world = await World.create({ name: 'sam' });
  world.intercept = () => Response.json({ errorText: 'Please sign', outdatedTaC: true });
  expect(inWords(await world.signIn('sam'))).toMatchObject({
    field: 'userName',
    sentence: sentence('cause_termsOutdated'),
  });
});

test('a wait of more than an hour is kept to, up to a day', async () => {
  const world = await World.create({ name: 'sam' });
  world.intercept = () => Response.json({ 'p-ticket': 't', 'p-time': 3 * 60 * 60 });
  await world.signIn('sam');
  world.intercept = null;
  world.now += HOUR;
  expect(inWords(await world.signIn('sam'))).toMatchObject({ waitMs: 2 * HOUR });
  expect(tries(world)).toBe(0);
  world.now += 2 * HOUR;
  expect(await world.signIn('sam')).toEqual({ ok: true });
  // A clock that was ahead holds nobody up.
  world.now -= 24 * HOUR;
  expect(await world.signIn('kim')).not.toMatchObject({ why: 'quiet-asked' });
});

test('a captcha at a sign-in holds the next one back, unless the person has solved it on the page', async () => {
  const world = await World.create({ name: 'sam' });
  world.intercept = () => Response.json({ 'p-ticket': 't', 'p-time': 0, 'p-captcha': true });
  await world.signIn('sam');
  world.intercept = null;
  world.now += MINUTE;
  expect(inWords(await world.signIn('sam'))).toMatchObject({
    sentence: sentence('cause_captcha'),
    waitMs: 59 * MINUTE,
    mayInsist: true,
  });
  expect(tries(world)).toBe(0);
  expect(await world.signIn('sam', { insist: true })).toEqual({ ok: true });
  expect(await world.signIn('kim')).not.toMatchObject({ why: 'captcha' });
});
