/** Every login is proven before trading begins, and what the others need is said. */
import { describe, expect, test } from 'vitest';
import { readiness } from '../../utils/keeper/readiness.ts';
import { nextCheck, nextStart } from '../../utils/keeper/trading-day.ts';
import { greenLogin } from '../sample-login.ts';
import { central, days, wallClock } from './chicago.ts';
import { START, World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Tuesday, 08:30 Central. */
const OPENING = central('2026-11-24T08:30');

describe('when trading begins', () => {
  test('on every day of five years, both changes of the clock among them', () => {
    for (const day of days(2026, 2030)) {
      const midnight = central(day.toPlainDateTime());
      const start = wallClock(nextStart(midnight));
      const [due, time] =
        day.dayOfWeek === 7
          ? [day, '17:00']
          : day.dayOfWeek === 6
            ? [day.add({ days: 1 }), '17:00']
            : [day, '08:30'];
      expect(start.toString()).toBe(`${due.toString()}T${time}:00`);
    }
  });

  test.each([
    ['2026-11-24T07:59', '2026-11-24T08:00'],
    ['2026-11-24T08:00', '2026-11-24T08:25'],
    ['2026-11-24T08:25', '2026-11-25T08:00'],
    ['2026-11-27T08:26', '2026-11-29T16:30'],
    ['2026-11-29T16:59', '2026-11-30T08:00'],
  ])('a login proven at %s is to be proven at %s', (proven, due) => {
    expect(nextCheck(central(proven))).toBe(central(due));
  });
});

test('the keeper proves every login at 30 and at 5 minutes, and no more than that', async () => {
  const world = await World.create({ name: 'sam' }, { name: 'kim' });
  await world.signIn('sam');
  await world.signIn('kim');
  expect(START).toBe(central('2026-11-23T09:00'));
  await world.pass(OPENING - 31 * MINUTE - world.now);
  await world.pass(2 * MINUTE);
  for (const name of ['sam', 'kim']) {
    const { proof } = await world.record(name);
    expect(proof?.at).toBe(OPENING - 30 * MINUTE);
  }
  await world.pass(25 * MINUTE);
  expect((await world.record('sam')).proof?.at).toBeGreaterThanOrEqual(OPENING - 5 * MINUTE);
  const calls = world.broker.journal.length;
  await world.pass(5 * MINUTE);
  expect(world.broker.journal.length).toBe(calls);
  expect(readiness(await world.vault.logins(), world.now)).toEqual({
    startsAt: OPENING,
    total: 2,
    ready: 2,
    needs: [],
    soon: [],
    lateAt: null,
  });
});

test('a session that was closed in the night is found before trading begins', async () => {
  const world = await World.create({ name: 'sam' }, { name: 'kim' });
  await world.signIn('sam');
  await world.signIn('kim');
  await world.pass(OPENING - 32 * MINUTE - world.now);
  world.broker.closeSession(world.broker.sessionsOf('sam')[0]?.id ?? '');
  await world.pass(5 * MINUTE);
  const check = readiness(await world.vault.logins(), world.now);
  expect(check).toMatchObject({ total: 2, ready: 1, needs: ['sam needs a sign-in.'] });
});

test('asleep at that time: checked on waking, and it says that it is late', async () => {
  const world = await World.create({ name: 'sam' });
  await world.signIn('sam');
  await world.pass(OPENING - 40 * MINUTE - world.now);
  await world.keeper.renewNow({ loginId: (await world.record('sam')).id });
  await world.sleep(43 * MINUTE);
  expect(readiness(await world.vault.logins(), world.now)).toMatchObject({
    ready: 1,
    lateAt: world.now,
  });
});

describe('what is said', () => {
  const at = OPENING - 10 * MINUTE;
  const proven = { proof: { at: at - 15 * MINUTE, by: 'probe' } } as const;
  const login = (change: Parameters<typeof greenLogin>[1] = {}) =>
    greenLogin(at, { ...proven, ...change });
  const needs = (...records: ReturnType<typeof login>[]) => readiness(records, at)?.needs;

  test('nothing long before, long after, on a holiday, or when nothing is kept', () => {
    expect(readiness([login()], OPENING - 31 * MINUTE)).toBeNull();
    expect(readiness([login()], OPENING + HOUR)).toBeNull();
    expect(readiness([login({ pausedAt: at })], at)).toBeNull();
    const christmas = central('2026-12-25T08:20');
    expect(readiness([greenLogin(christmas)], christmas)).toBeNull();
  });

  test('each need in words; a paused login needs nothing', () => {
    expect(needs(login())).toEqual([]);
    expect(needs(login({ proof: { at: at - 40 * MINUTE, by: 'probe' } }))).toEqual([
      'APEX-3 is not proven yet.',
    ]);
    expect(needs(login(), login({ id: 'p', pausedAt: at, end: { at, cause: 'evicted' } }))).toEqual(
      [],
    );
    const moved = {
      hosts: { demo: 'firm.tradovateapi.com' },
      deniedHosts: ['firm.tradovateapi.com'],
    };
    expect(needs(login(moved))).toEqual(['APEX-3 needs access to firm.tradovateapi.com.']);
    expect(needs(login({ skewMs: -95_000 }))).toEqual([
      'The clock of this computer is 95 s off the broker’s.',
    ]);
    expect(needs(login({ userStatus: 'TemporaryLocked' }))).toEqual([
      'APEX-3 needs a hand: its user is not active at the broker.',
    ]);
    const many = Array.from({ length: 20 }, (_, index) => login({ id: String(index) }));
    expect(needs(...many)).toEqual(['There are more logins than can be renewed in time.']);
  });

  test('a password that ends stands in nobody’s way yet: it is said beside the needs', () => {
    const check = readiness([login({ passwordExpiresAt: at + 3 * 24 * HOUR })], at);
    expect(check).toMatchObject({
      ready: 1,
      needs: [],
      soon: ['APEX-3’s password ends on Friday.'],
    });
    const late = login({ passwordExpiresAt: at + 15 * 24 * HOUR });
    const paused = login({ id: 'p', pausedAt: at, passwordExpiresAt: at + HOUR });
    expect(readiness([late, paused], at)?.soon).toEqual([]);
  });
});
