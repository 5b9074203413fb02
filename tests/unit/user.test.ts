/** What the broker's replies say of the user: kept, brought over to this clock, and put into words. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passwordNote, userFailure } from '../../utils/keeper/status/user.ts';
import { passwordInWords, passwordSentence } from '../../utils/words/password.ts';
import { greenLogin } from '../sample-login.ts';
import { sentence } from '../sentence.ts';
import { World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Saturday, by this computer's clock. */
const NOW = new Date('2026-11-21T14:00:00').getTime();

const note = (leftMs: number) => {
  const { session, ...login } = greenLogin(NOW, { passwordExpiresAt: NOW + leftMs });
  return passwordNote(
    { ...login, session: session && { ...session, openedAt: NOW - 99 * DAY } },
    NOW,
  );
};

describe('a password that ends', () => {
  test.each([
    [14 * DAY + 1, null],
    [14 * DAY, 14],
    [3 * DAY + 1, 14],
    [3 * DAY, 3],
    [DAY + 1, 3],
    [DAY, 1],
    [1, 1],
    [0, 0],
    [-5 * DAY, 0],
  ])('with %d ms left is at stage %s', (leftMs, stage) => {
    expect(note(leftMs)?.stage ?? null).toBe(stage);
  });

  test('is not told of when nobody knows, or when the broker has let it in after its end', () => {
    expect(passwordNote(greenLogin(NOW), NOW)).toBeNull();
    expect(passwordNote(greenLogin(NOW, { passwordExpiresAt: NOW - 3 * HOUR }), NOW)).toBeNull();
    expect(passwordNote(greenLogin(NOW, { passwordExpiresAt: NOW - HOUR }), NOW)?.stage).toBe(0);
  });

  test('comes closer stage by stage, and is never told of twice at once', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30 * DAY, max: 30 * DAY }), fc.nat(DAY), (left, later) => {
        const [before, after] = [note(left)?.stage ?? 99, note(left - later)?.stage ?? 99];
        expect(after).toBeLessThanOrEqual(before);
      }),
    );
  });

  test.each([
    [2 * HOUR, 'endsToday', {}],
    [10 * HOUR, 'endsTomorrow', {}],
    [33 * HOUR, 'endsTomorrow', {}],
    [34 * HOUR, 'endsOn', { day: 'Monday' }],
    [6 * DAY, 'endsOn', { day: 'Friday' }],
    [7 * DAY, 'endsOn', { day: '28 Nov' }],
    [-HOUR, 'endedOn', { day: '21 Nov' }],
    [-DAY, 'endedOn', { day: '20 Nov' }],
  ] as const)('with %d ms left is said as %s, %o', (leftMs, key, day) => {
    const found = note(leftMs);
    expect(found && passwordInWords(found, NOW)).toBe(sentence(`password_${key}`, day));
    expect(found && passwordSentence('APEX-3', found, NOW)).toBe(
      sentence(`password_${key}_label`, { label: 'APEX-3', ...day }),
    );
  });
});

test.each([
  [null, null],
  ['Active', null],
  ['Suspended', null],
  ['toString', null],
  ['Closed', 'user-closed'],
  ['TemporaryLocked', 'user-locked'],
  ['Initiated', 'email-unconfirmed'],
  ['UnconfirmedEmail', 'email-unconfirmed'],
])('the status %s means: %s', (userStatus, trouble) => {
  expect(userFailure(greenLogin(NOW, { userStatus }))).toBe(trouble);
});

describe('as the broker says it', () => {
  const ends = Date.UTC(2026, 11, 4, 16);
  const said = { passwordExpirationTime: new Date(ends).toISOString(), orgName: 'Sample Firm' };

  test('it is kept, on this computer’s clock', async () => {
    const world = await World.create({ name: 'sam', settings: said });
    world.broker.settings.dateSkewMs = 10 * MINUTE;
    await world.signIn('sam');
    expect(await world.record('sam')).toMatchObject({
      userStatus: 'Active',
      organisation: 'Sample Firm',
      accounts: [expect.any(String) as string],
    });
    const { passwordExpiresAt } = await world.record('sam');
    expect(Math.abs((passwordExpiresAt ?? 0) - (ends - 10 * MINUTE))).toBeLessThan(1_000);
  });

  test('a renewal brings the news, and one that says nothing leaves what was known', async () => {
    const world = await World.create({ name: 'sam', settings: said });
    await world.signIn('sam');
    const { settings } = world.broker.user('sam');
    settings.alsoSaid = { userStatus: 'TemporaryLocked' };
    await world.pass(70 * MINUTE);
    expect(await world.record('sam')).toMatchObject({
      userStatus: 'TemporaryLocked',
      passwordExpiresAt: ends,
    });
    expect((await world.standing('sam')).state).toBe('connected');
    const none = { userStatus: undefined, passwordExpirationTime: undefined, orgName: undefined };
    settings.alsoSaid = none;
    await world.pass(70 * MINUTE);
    expect((await world.record('sam')).session?.renewals).toBe(2);
    expect(await world.record('sam')).toMatchObject({
      userStatus: 'TemporaryLocked',
      passwordExpiresAt: ends,
      organisation: 'Sample Firm',
    });
    settings.alsoSaid = { orgName: '' };
    await world.pass(70 * MINUTE);
    expect(await world.record('sam')).toMatchObject({ userStatus: 'Active', organisation: '' });
  });

  test('it moves with a clock that is set back', async () => {
    const world = await World.create({ name: 'sam', settings: said });
    // This clock is two hours ahead, then it is put right.
    world.broker.settings.dateSkewMs = -2 * HOUR;
    await world.signIn('sam');
    const before = (await world.record('sam')).passwordExpiresAt ?? 0;
    expect(Math.abs(before - (ends + 2 * HOUR))).toBeLessThan(1_000);
    world.broker.user('sam').settings.alsoSaid = { passwordExpirationTime: undefined };
    world.now -= 2 * HOUR;
    world.broker.settings.dateSkewMs = 0;
    await world.keeper.wake();
    const after = (await world.record('sam')).passwordExpiresAt ?? 0;
    expect(Math.abs(after - ends)).toBeLessThan(MINUTE);
  });
});
