/** Every login is proven before trading begins, and what the others need is said. */
import { describe, expect, test } from 'vitest';
import { endingPasswords, isHoliday, lateAt, notesOf } from '../../components/popup/ready.ts';
import { readiness } from '../../utils/keeper/status/readiness.ts';
import { nextCheck, nextStart } from '../../utils/keeper/when/trading-day.ts';
import { needInWords } from '../../utils/words/need.ts';
import { greenLogin } from '../sample-login.ts';
import { sentence } from '../sentence.ts';
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
  const logins = await world.vault.logins();
  const check = readiness(logins, world.now);
  expect(check).toEqual({
    startsAt: OPENING,
    checkAt: OPENING - 5 * MINUTE,
    kept: logins,
    ready: logins,
    needs: [],
  });
  expect(check && lateAt(check)).toBeNull();
});

test('a session that was closed in the night is found before trading begins', async () => {
  const world = await World.create({ name: 'sam' }, { name: 'kim' });
  await world.signIn('sam');
  await world.signIn('kim');
  await world.pass(OPENING - 32 * MINUTE - world.now);
  world.broker.closeSession(world.broker.sessionsOf('sam')[0]?.id ?? '');
  await world.pass(5 * MINUTE);
  const check = readiness(await world.vault.logins(), world.now);
  expect(check?.needs.map(needInWords)).toEqual([sentence('need_signIn', { label: 'sam' })]);
  expect(check?.ready.map(({ label }) => label)).toEqual(['kim']);
});

test('asleep at that time: checked on waking, and it says that it is late', async () => {
  const world = await World.create({ name: 'sam' });
  await world.signIn('sam');
  await world.pass(OPENING - 40 * MINUTE - world.now);
  await world.keeper.renewNow({ loginId: (await world.record('sam')).id });
  await world.sleep(43 * MINUTE);
  const check = readiness(await world.vault.logins(), world.now);
  expect(check?.ready.length).toBe(1);
  expect(check && lateAt(check)).toBe(world.now);
});

describe('what is said', () => {
  const at = OPENING - 10 * MINUTE;
  const proven = { proof: { at: at - 15 * MINUTE, by: 'probe' } } as const;
  const login = (change: Parameters<typeof greenLogin>[1] = {}) =>
    greenLogin(at, { ...proven, ...change });
  const notes = (now: number, start: number, ...records: ReturnType<typeof login>[]) => {
    const day = new Date(central('2026-11-22T00:00'));
    const check = readiness(records, now, [(start - day.getTime()) / MINUTE]);
    return check && notesOf(check, records, now);
  };
  const needs = (...records: ReturnType<typeof login>[]) =>
    readiness(records, at)?.needs.map(needInWords);

  test('nothing long before, long after, or when nothing is kept; a page leaves out holidays', () => {
    expect(readiness([login()], OPENING - 31 * MINUTE)).toBeNull();
    expect(readiness([login()], OPENING + HOUR)).toBeNull();
    expect(readiness([login({ pausedAt: at })], at)).toBeNull();
    expect(isHoliday(central('2026-12-25T08:30'))).toBe(true);
    expect(isHoliday(central('2026-11-27T13:00'))).toBe(true);
    // Whoever begins before the opening, or on a Saturday, has a reason to.
    for (const odd of ['2026-11-24T08:30', '2026-11-24T16:45', '2026-11-28T10:00'])
      expect(isHoliday(central(odd))).toBe(false);
  });

  test('each need in words; a paused login needs nothing', () => {
    expect(needs(login())).toEqual([]);
    const unproven = login({ proof: { at: at - 40 * MINUTE, by: 'probe' } });
    expect(needs(unproven)).toEqual([]);
    expect(notes(at, OPENING, unproven)).toEqual(['APEX-3 is not proven yet.']);
    expect(needs(login(), login({ id: 'p', pausedAt: at, end: { at, cause: 'evicted' } }))).toEqual(
      [],
    );
    const moved = {
      hosts: { demo: 'firm.tradovateapi.com' },
      deniedHosts: ['firm.tradovateapi.com'],
    };
    expect(needs(login(moved))).toEqual([
      sentence('need_access', { label: 'APEX-3', host: 'firm.tradovateapi.com' }),
    ]);
    expect(needs(login({ skewMs: -95_000 }))).toEqual([
      sentence('need_clock', { offset: '1 min 35 s' }),
    ]);
    expect(needs(login({ userStatus: 'TemporaryLocked' }))).toEqual([
      sentence('need_hand', { label: 'APEX-3' }),
    ]);
    const many = Array.from({ length: 20 }, (_, index) => login({ id: String(index) }));
    expect(needs(...many)).toEqual([sentence('need_fewerLogins')]);
  });

  test('a password needs a hand on its last day; before, it is only said', () => {
    const ends = (ms: number) => login({ passwordExpiresAt: at + ms });
    expect(needs(ends(3 * 24 * HOUR))).toEqual([]);
    expect(endingPasswords([ends(3 * 24 * HOUR)], at)).toEqual([
      sentence('password_endsOn_label', { label: 'APEX-3', day: 'Friday' }),
    ]);
    expect(endingPasswords([ends(15 * 24 * HOUR)], at)).toEqual([]);
    expect(needs(ends(HOUR))).toEqual([sentence('need_passwordEnds', { label: 'APEX-3' })]);
    expect(endingPasswords([ends(HOUR)], at)).toEqual([]);
    expect(readiness([ends(HOUR)], at)?.ready).toHaveLength(1);
  });

  test('the broker’s maintenance, when it covers the start or the end of a token', () => {
    const start = central('2026-11-24T16:45');
    const now = start - 20 * MINUTE;
    const held = greenLogin(now);
    expect(notes(now, start, held)).toEqual([
      'The broker’s maintenance covers the start: it may not answer then.',
    ]);
    const ending = greenLogin(now, {
      session: { ...held.session!, expiresAt: now + 25 * MINUTE },
    });
    expect(notes(now, start, ending)).toContain(
      'The token of APEX-3 ends in the broker’s maintenance.',
    );
    expect(notes(at, OPENING, login())).toEqual([]);
  });
});

describe('the person’s own times', () => {
  const MORNING = 2 * 24 * 60 + 6 * 60;

  test.each([
    ['2026-11-24T05:29', '2026-11-24T05:30'],
    ['2026-11-24T05:30', '2026-11-24T05:55'],
    ['2026-11-24T05:55', '2026-12-01T05:30'],
  ])('with Tuesdays 06:00, proven at %s it is to be proven at %s', (proven, due) => {
    expect(nextCheck(central(proven), [MORNING])).toBe(central(due));
  });

  test('a start soon after midnight on Sunday is checked on Saturday; without any there is no check', () => {
    expect(nextCheck(central('2026-11-28T23:00'), [10])).toBe(central('2026-11-28T23:40'));
    expect(nextStart(central('2026-11-24T12:00'), [])).toBe(Infinity);
    expect(nextCheck(central('2026-11-24T12:00'), [])).toBe(Infinity);
  });

  test('are what the keeper proves the logins for, and nothing else', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    const { records: _, settings } = await world.vault.known();
    await world.keeper.editSettings({ ...settings, starts: [MORNING] });
    const start = central('2026-11-24T06:00');
    await world.pass(start - 30 * MINUTE - world.now);
    expect((await world.record('sam')).proof?.at).toBe(start - 30 * MINUTE);
    await world.pass(OPENING - 30 * MINUTE - world.now);
    expect((await world.record('sam')).proof?.at).not.toBe(OPENING - 30 * MINUTE);
  });
});
