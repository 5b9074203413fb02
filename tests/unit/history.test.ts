import type { CallKind } from '../../utils/records/login.ts';
import type { JournalDetails } from '../../utils/records/journal.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closedSpans, history, totals, type Condition } from '../../utils/keeper/status/history.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import type { JournalLine } from '../../utils/records/journal.ts';
import { greenLogin } from '../sample-login.ts';
import { central } from './chicago.ts';
import { World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = central('2026-11-23T12:00');
const SPAN = { from: NOW - 24 * HOUR, until: NOW };

/** Journal lines at minutes before now. */
const lines = (...rows: [number, JournalLine['what'], JournalDetails?][]): JournalLine[] =>
  rows.map(([minutes, what, details]) => ({
    at: NOW - minutes * MINUTE,
    loginId: 'x',
    what,
    ...details,
  }));

/** The stretches of an account, as condition and minutes before now at which each begins and ends. */
function told(journal: JournalLine[], change: Partial<LoginRecord> = {}) {
  return history(journal, greenLogin(NOW, change), SPAN).stretches.map(
    ({ is, from, until }): [Condition, number, number] => [
      is,
      (NOW - from) / MINUTE,
      (NOW - until) / MINUTE,
    ],
  );
}

/** Proofs every forty minutes, from `from` to `until` minutes before now. */
const kept = (from: number, until: number): [number, JournalLine['what']][] =>
  Array.from({ length: Math.floor((from - until) / 40) + 1 }, (_, index) => [
    from - index * 40,
    'proven',
  ]);

const failure = { kind: 'no-answer', at: NOW, during: 'renewal' } as const;

const ROWS: Record<string, [JournalLine[], Partial<LoginRecord>, [Condition, number, number][]]> = {
  'nothing is known before the sign-in': [
    lines([60, 'sign-in started'], [59, 'signed in'], [58, 'proven'], [20, 'renewed']),
    {},
    [['alive', 59, 0]],
  ],
  'what began before the span is cut at its edge': [
    lines([2_000, 'signed in'], ...kept(1_990, 10)),
    {},
    [['alive', 1_440, 0]],
  ],
  'a renewal that fails, a check in between, and one that succeeds': [
    lines(
      [100, 'signed in'],
      [80, 'failed', { during: 'renewal', kind: 'no-answer' }],
      [79, 'proven'],
      [70, 'renewed'],
      [30, 'proven'],
    ),
    {},
    [
      ['alive', 100, 80],
      ['at-risk', 80, 70],
      ['alive', 70, 0],
    ],
  ],
  'a check that fails is made good by the next': [
    lines(
      [50, 'signed in'],
      [40, 'failed', { during: 'probe', kind: 'no-answer' }],
      [39, 'proven'],
    ),
    {},
    [
      ['alive', 50, 40],
      ['at-risk', 40, 39],
      ['alive', 39, 0],
    ],
  ],
  'taken over, run out, and brought back by its refresh token': [
    lines(
      [90, 'taken over'],
      [60, 'ended', { cause: 'expired' }],
      [59, 'refresh started'],
      [58, 'failed', { during: 'refresh', kind: 'no-answer' }],
      [48, 'refreshed'],
      [20, 'proven'],
    ),
    {},
    [
      ['alive', 90, 60],
      ['dead', 60, 48],
      ['alive', 48, 0],
    ],
  ],
  'a web login that closes it': [
    lines(
      [50, 'signed in'],
      [20, 'web login seen'],
      [20, 'failed', { during: 'probe', kind: 'unauthorized' }],
      [19, 'ended', { cause: 'evicted' }],
    ),
    { end: { at: NOW - 19 * MINUTE, cause: 'evicted' } },
    [
      ['alive', 50, 20],
      ['at-risk', 20, 19],
      ['dead', 19, 0],
    ],
  ],
  'a refused sign-in changes nothing of a dead session': [
    lines(
      [50, 'signed in'],
      [20, 'ended', { cause: 'rejected' }],
      [10, 'failed', { during: 'sign-in', kind: 'user-locked' }],
    ),
    { end: { at: NOW - 20 * MINUTE, cause: 'rejected' } },
    [
      ['alive', 50, 20],
      ['dead', 20, 0],
    ],
  ],
  'a sleep: nothing was heard for hours': [
    lines([600, 'signed in'], [570, 'proven'], [60, 'proven'], [20, 'proven']),
    {},
    [
      ['alive', 600, 525],
      ['asleep', 525, 60],
      ['alive', 60, 0],
    ],
  ],
  'a sleep that was noted, with when it began': [
    lines(
      [600, 'signed in'],
      [580, 'proven'],
      [540, 'asleep', { since: NOW - 570 * MINUTE }],
      ...kept(539, 10),
    ),
    {},
    [
      ['alive', 600, 570],
      ['asleep', 570, 540],
      ['alive', 540, 0],
    ],
  ],
  'a sleep that goes on until now': [
    lines([600, 'signed in']),
    { proof: { at: NOW - 600 * MINUTE, by: 'probe' } },
    [
      ['alive', 600, 555],
      ['asleep', 555, 0],
    ],
  ],
  'a pause asks for no checks: its silence is no sleep': [
    lines([600, 'signed in'], [590, 'paused'], [100, 'resumed'], [99, 'proven'], [60, 'proven']),
    {},
    [
      ['alive', 600, 590],
      ['at-risk', 590, 100],
      ['alive', 100, 0],
    ],
  ],
  'a token that ran out paused is dead from its end': [
    lines([90, 'signed in'], [85, 'paused']),
    {
      pausedAt: NOW - 85 * MINUTE,
      session: {
        openedAt: NOW - 90 * MINUTE,
        renewedAt: null,
        expiresAt: NOW - 10 * MINUTE,
        lifeMs: 80 * MINUTE,
        renewals: 0,
      },
    },
    [
      ['alive', 90, 85],
      ['at-risk', 85, 10],
      ['dead', 10, 0],
    ],
  ],
  'the record knows better than the journal': [
    lines([50, 'signed in'], [20, 'proven']),
    { failure },
    [
      ['alive', 50, 20],
      ['at-risk', 20, 0],
    ],
  ],
  'lines out of order, by a clock that was set back': [
    lines([20, 'ended', { cause: 'rejected' }], [50, 'signed in']),
    { end: { at: NOW, cause: 'rejected' } },
    [
      ['alive', 50, 20],
      ['dead', 20, 0],
    ],
  ],
};

test.each(Object.entries(ROWS))('%s', (_, [journal, change, expected]) => {
  expect(told(journal, change)).toEqual(expected);
});

test('renewals and sign-ins of the span are ticks', () => {
  const journal = lines(
    [2_000, 'signed in'],
    [1_500, 'renewed'],
    [30, 'signed in'],
    [5, 'renewed'],
  );
  const { renewals, signIns } = history(journal, greenLogin(NOW), SPAN);
  expect(renewals).toEqual([NOW - 5 * MINUTE]);
  expect(signIns).toEqual([NOW - 30 * MINUTE]);
});

test('whatever the journal, stretches are in order and never overlap', () => {
  const what = fc.constantFrom<JournalLine['what']>(
    'signed in',
    'renewed',
    'proven',
    'failed',
    'interrupted',
    'ended',
    'web login seen',
    'paused',
    'resumed',
  );
  const details = fc.record({ during: fc.constantFrom<CallKind>('renewal', 'probe', 'sign-in') });
  const row = fc.tuple(fc.integer({ min: 0, max: 3_000 }), what, details);
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const { stretches } = history(lines(...rows), greenLogin(NOW), SPAN);
      let last = SPAN.from;
      for (const { from, until } of stretches) {
        expect(from).toBeGreaterThanOrEqual(last);
        expect(until).toBeGreaterThan(from);
        last = until;
      }
      expect(last).toBeLessThanOrEqual(SPAN.until);
      const sum = Object.values(totals(stretches)).reduce((one, other) => one + other, 0);
      expect(sum).toBeLessThanOrEqual(24 * HOUR);
    }),
  );
});

describe('the real keeper', () => {
  test('a sleep that it survives, and an eviction at the end', async () => {
    const world = await World.create({ name: 'sam' });
    await world.signIn('sam');
    const signedIn = world.now;
    await world.pass(70 * MINUTE);
    // Shorter than what is left of the token, so that it lives on.
    await world.sleep(60 * MINUTE);
    await world.pass(5 * HOUR);
    world.broker.closeSession(world.broker.sessionsOf('sam')[0]?.id ?? '');
    const closed = world.now;
    await world.pass(2 * HOUR);
    const record = await world.record('sam');
    const past = history(await world.vault.journal(record.id), record, {
      from: signedIn - HOUR,
      until: world.now,
    });
    expect(past.stretches.map(({ is }) => is)).toEqual(['alive', 'asleep', 'alive', 'dead']);
    expect(past.stretches[0]?.from).toBe(signedIn);
    const diedAt = past.stretches[3]?.from ?? 0;
    expect(diedAt).toBeGreaterThan(closed);
    expect(diedAt).toBeLessThan(closed + HOUR);
    expect(past.renewals.length).toBe(record.session?.renewals);
  });
});

describe('the exchange’s hours', () => {
  test('a week has its daily breaks and its week-end', () => {
    const span = { from: central('2026-11-15T17:00'), until: central('2026-11-22T17:00') };
    expect(closedSpans(span)).toEqual([
      ...['16', '17', '18', '19'].map((day) => ({
        from: central(`2026-11-${day}T16:00`),
        until: central(`2026-11-${day}T17:00`),
      })),
      { from: central('2026-11-20T16:00'), until: central('2026-11-22T17:00') },
    ]);
  });

  test('cut at both edges', () => {
    const span = { from: central('2026-11-21T10:00'), until: central('2026-11-21T11:00') };
    expect(closedSpans(span)).toEqual([span]);
  });
});
