/** Every cause there is, each from the evidence that shows it, and what contradicts it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describe as wordsFor } from '../../utils/words/cause.ts';
import type { Cause, Certainty } from '../../utils/keeper/status/cause.ts';
import { newLink } from '../../utils/records/link.ts';
import type { CallKind, LoginRecord } from '../../utils/records/login.ts';
import { standing } from '../../utils/keeper/status/standing.ts';
import { FAILURE_KINDS, type FailureKind } from '../../utils/tradovate/failure.ts';
import { market } from '../../utils/tradovate/market-hours.ts';
import { greenLogin } from '../sample-login.ts';
import { sentence } from '../sentence.ts';
import { central } from './chicago.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Monday: no maintenance, the exchange open. */
const NOON = central('2026-11-23T12:00');
const IN_WINDOW = central('2026-11-23T16:20');
const IN_BUFFER = central('2026-11-23T17:20');
const WEEKEND = central('2026-11-21T12:00');

type Change = Partial<LoginRecord>;

const failed = (
  kind: FailureKind,
  now: number,
  more: Change = {},
  during: CallKind = 'renewal',
): Change => ({
  failure: { kind, at: now - MINUTE, during },
  failures: 1,
  retryAt: now + MINUTE,
  ...more,
});
/** The broker says how long it lasts. */
const limited = (kind: FailureKind, now: number, more: Change = {}): Change => ({
  ...failed(kind, now),
  failure: { kind, at: now - MINUTE, during: 'renewal', waitMs: HOUR },
  ...more,
});
const closedByWeb = (now: number): Change => ({
  lastWebLogin: { at: now - 2 * MINUTE, host: 'trader.tradovate.com', survived: false },
});
const proven = (now: number): Change => ({ proof: { at: now, by: 'probe' } });
const ranOut = (now: number, more: Change = {}): Change => ({
  session: {
    openedAt: now - 5 * HOUR,
    renewedAt: now - 85 * MINUTE,
    expiresAt: now - 5 * MINUTE,
    lifeMs: 80 * MINUTE,
    renewals: 3,
  },
  end: { at: now - 5 * MINUTE, cause: 'expired' },
  ...more,
});
/** Nobody was awake as it ran out. */
const noticedLate = (now: number): Change => ({ end: { at: now - MINUTE, cause: 'expired' } });
const ended = (cause: NonNullable<LoginRecord['end']>['cause'], now: number): Change => ({
  end: { at: now - 5 * MINUTE, cause },
});
const refusedSignIn = (kind: FailureKind, now: number): Change =>
  failed(kind, now, ended('rejected', now), 'sign-in');
const live = { environment: 'live' } as const;

interface Row {
  now?: number;
  login: (now: number) => Change;
  others?: (now: number) => Change[];
  cause: Cause;
  sure?: Certainty;
  overAt?: number;
}

const ROWS: Record<string, Row> = {
  'session evicted, as a web login suggests': {
    login: (now) => ended('evicted', now),
    cause: 'evicted',
    sure: 'likely',
  },
  'evicted, and a wrong password since': {
    login: (now) => ({ ...refusedSignIn('wrong-credentials', now), ...ended('evicted', now) }),
    cause: 'evicted',
    sure: 'likely',
  },
  'a token refused before its time': {
    login: (now) => ended('rejected', now),
    cause: 'rejected',
    sure: 'likely',
  },
  'likely evicted: a limit right after a web login': {
    login: (now) => failed('rate-limited', now, closedByWeb(now)),
    cause: 'likely-evicted',
    sure: 'likely',
  },
  'a fault for this login alone, while another of its host is answered': {
    login: (now) => failed('broker-error', now),
    others: (now) => [proven(now)],
    cause: 'only-this',
    sure: 'possible',
  },
  'again and again for this login alone': {
    login: (now) => failed('request-timeout', now, { failures: 2 }),
    others: (now) => [proven(now)],
    cause: 'only-this',
    sure: 'likely',
  },
  'no answer for this login alone': {
    login: (now) => failed('no-answer', now),
    others: (now) => [proven(now)],
    cause: 'no-answer',
    sure: 'possible',
  },
  'this login alone, in a maintenance window': {
    now: IN_WINDOW,
    login: (now) => failed('broker-error', now),
    others: (now) => [proven(now)],
    cause: 'only-this',
    sure: 'possible',
  },
  'token expired, the broker away': {
    login: (now) => ranOut(now, failed('broker-error', now - 10 * MINUTE)),
    cause: 'expired-broker',
    sure: 'likely',
  },
  'token expired under a limit': {
    login: (now) => ranOut(now, failed('rate-limited', now - 10 * MINUTE)),
    cause: 'expired-limited',
    sure: 'likely',
  },
  'token expired under a limit that said how long it lasts': {
    login: (now) => ranOut(now, limited('rate-limited', now - 10 * MINUTE)),
    cause: 'expired-limited',
  },
  'token expired after a web login since which it was not answered': {
    login: (now) =>
      ranOut(now, { ...failed('broker-error', now - 10 * MINUTE), ...closedByWeb(now) }),
    cause: 'expired-evicted',
    sure: 'likely',
  },
  'token expired in the maintenance': {
    now: IN_WINDOW,
    login: (now) => ranOut(now, failed('no-answer', now - 10 * MINUTE)),
    cause: 'expired-maintenance',
    sure: 'likely',
  },
  'token expired offline, whatever the broker did': {
    now: IN_WINDOW,
    login: (now) => ranOut(now, failed('offline', now - 10 * MINUTE)),
    cause: 'expired-network',
  },
  'token expired, access to the site taken away': {
    login: (now) => ranOut(now, failed('not-permitted', now - 10 * MINUTE)),
    cause: 'expired-blocked',
  },
  'token expired because a renewal was refused': {
    login: (now) => ranOut(now, failed('unauthorized', now - 10 * MINUTE)),
    cause: 'expired-refused',
  },
  'token expired while paused': {
    login: (now) => ranOut(now, { pausedAt: now - HOUR }),
    cause: 'expired-paused',
  },
  'token expired asleep: nothing was even tried': {
    login: (now) => ranOut(now, noticedLate(now)),
    cause: 'expired-asleep',
    sure: 'likely',
  },
  'token expired asleep: refused when it was tried too late': {
    login: (now) => ranOut(now, failed('unauthorized', now, noticedLate(now), 'probe')),
    cause: 'expired-asleep',
    sure: 'likely',
  },
  'token expired while Holdfast was awake': {
    login: (now) => ranOut(now, failed('unauthorized', now, {}, 'probe')),
    cause: 'expired',
  },
  'token expired among more logins than can be renewed': {
    login: (now) => ranOut(now),
    others: () => Array.from({ length: 20 }, () => ({})),
    cause: 'expired-limited',
    sure: 'likely',
  },
  'renewal refused, the token still good': {
    login: (now) => failed('unauthorized', now, proven(now)),
    cause: 'renewal-refused',
  },
  'rate-limited until': {
    login: (now) => limited('rate-limited', now, { quietUntil: now + HOUR }),
    others: (now) => [proven(now)],
    cause: 'rate-limited',
    overAt: NOON + HOUR,
  },
  'rate-limited, as closed sessions are as well': {
    login: (now) => failed('rate-limited', now, { quietUntil: now + HOUR }),
    others: (now) => [proven(now)],
    cause: 'rate-limited',
    sure: 'likely',
    overAt: NOON + HOUR,
  },
  'rate-limited right after a web login': {
    login: (now) =>
      failed('rate-limited', now, {
        quietUntil: now + HOUR,
        lastWebLogin: { at: now - 2 * MINUTE, host: 'trader.tradovate.com', survived: null },
      }),
    cause: 'rate-limited',
    sure: 'possible',
    overAt: NOON + HOUR,
  },
  'rate-limited in a maintenance window: what was said counts': {
    now: IN_WINDOW,
    login: (now) => limited('rate-limited', now, { quietUntil: now + HOUR }),
    cause: 'rate-limited',
    overAt: IN_WINDOW + HOUR,
  },
  'a limit that is over': {
    login: (now) => failed('penalty', now, { quietUntil: now - 1 }),
    cause: 'penalty',
  },
  'maintenance until': {
    now: IN_WINDOW,
    login: (now) => failed('no-answer', now),
    others: (now) => [failed('broker-error', now)],
    cause: 'maintenance',
    sure: 'likely',
    overAt: central('2026-11-23T17:00'),
  },
  'half an hour around the maintenance': {
    now: IN_BUFFER,
    login: (now) => failed('unreachable', now),
    cause: 'maintenance',
    sure: 'possible',
    overAt: central('2026-11-23T17:00'),
  },
  'maintenance, though the other host answers': {
    now: IN_WINDOW,
    login: (now) => failed('no-answer', now),
    others: (now) => [{ ...proven(now), ...live }],
    cause: 'maintenance',
    sure: 'possible',
    overAt: central('2026-11-23T17:00'),
  },
  'offline in a maintenance window': {
    now: IN_WINDOW,
    login: (now) => failed('offline', now),
    cause: 'offline',
  },
  'unreachable, and another login found the computer offline': {
    login: (now) => failed('unreachable', now),
    others: (now) => [failed('offline', now)],
    cause: 'offline',
    sure: 'likely',
  },
  'offline, but another login has been answered since': {
    login: (now) => failed('offline', now),
    others: (now) => [{ ...proven(now), ...live }],
    cause: 'offline',
    sure: 'possible',
  },
  'unreachable, and nobody to compare with': {
    login: (now) => failed('unreachable', now),
    cause: 'unreachable',
    sure: 'possible',
  },
  'broker outage: one login': {
    login: (now) => failed('broker-error', now),
    cause: 'outage',
    sure: 'possible',
  },
  'broker outage: all of the host': {
    login: (now) => failed('no-answer', now),
    others: (now) => [failed('broker-error', now)],
    cause: 'outage',
    sure: 'likely',
  },
  'broker outage of one host': {
    login: (now) => failed('unreachable', now),
    others: (now) => [{ ...proven(now), ...live }],
    cause: 'outage-one-side',
    sure: 'likely',
  },
  'a proof from before the failure says nothing': {
    login: (now) => failed('no-answer', now),
    others: (now) => [proven(now - 2 * MINUTE)],
    cause: 'outage',
    sure: 'possible',
  },
  'the broker is back, the renewal still to be made': {
    login: (now) => failed('no-answer', now, proven(now)),
    cause: 'no-answer',
    sure: 'possible',
  },
  'computer was asleep': {
    login: (now) => proven(now - 3 * HOUR),
    cause: 'asleep',
    sure: 'likely',
  },
  'never checked': { login: () => ({ proof: null }), cause: 'not-checked' },
  'device approval waiting': {
    login: (now) => failed('unauthorized', now, { proof: null }, 'probe'),
    cause: 'device-approval',
    sure: 'likely',
  },
  'access refused after it had worked': {
    login: (now) => failed('unauthorized', now, {}, 'probe'),
    cause: 'unauthorized',
  },
  'password changed': {
    login: (now) => refusedSignIn('wrong-credentials', now),
    cause: 'password-changed',
    sure: 'possible',
  },
  'password expired': {
    login: (now) => refusedSignIn('password-expired', now),
    cause: 'password-expired',
  },
  'account locked': { login: (now) => refusedSignIn('user-locked', now), cause: 'user-locked' },
  'a sign-in under a limit': {
    login: (now) => refusedSignIn('rate-limited', now),
    cause: 'rate-limited',
    overAt: NOON + 59 * MINUTE,
  },
  'a sign-in under a limit that is over': {
    login: (now) => refusedSignIn('rate-limited', now - 2 * HOUR),
    cause: 'rejected',
    sure: 'likely',
  },
  'a sign-in that met no broker': {
    login: (now) => refusedSignIn('no-answer', now),
    cause: 'rejected',
    sure: 'likely',
  },
  'expired asleep, and the sign-in since met no broker': {
    login: (now) => ranOut(now, failed('no-answer', now, {}, 'sign-in')),
    cause: 'expired',
  },
  'host moved': { login: (now) => failed('host-moved', now), cause: 'host-moved' },
  'permission needed': { login: (now) => failed('not-permitted', now), cause: 'not-permitted' },
  'permission needed, in a maintenance window': {
    now: IN_WINDOW,
    login: (now) => failed('not-permitted', now),
    cause: 'not-permitted',
  },
  'store damaged: the token': { login: (now) => ended('damaged', now), cause: 'token-damaged' },
  'store damaged: the record': {
    login: (now) => ({ session: null, ...failed('damaged', now, {}, 'probe') }),
    cause: 'damaged',
  },
  'answer to a renewal lost': {
    login: (now) => ended('renewal-lost', now),
    cause: 'renewal-lost',
    sure: 'likely',
  },
  'paused by you': { login: (now) => ({ pausedAt: now - HOUR }), cause: 'paused' },
  'paused, and the exchange closed': {
    now: WEEKEND,
    login: (now) => ({ pausedAt: now - HOUR }),
    cause: 'paused',
  },
  'exchange closed, session fine': {
    now: WEEKEND,
    login: () => ({}),
    cause: 'exchange-closed',
    overAt: central('2026-11-22T17:00'),
  },
  'exchange closed, session not fine': {
    now: WEEKEND,
    login: (now) => failed('broker-error', now),
    cause: 'outage',
    sure: 'possible',
  },
  'exchange closed, login green only as long as its proof': {
    now: WEEKEND,
    login: (now) => proven(now - 3 * HOUR),
    cause: 'asleep',
    sure: 'likely',
  },
  'signing in': {
    login: (now) => ({ call: { kind: 'sign-in', since: now, until: now + MINUTE } }),
    cause: 'signing-in',
  },
  'being checked after a web login': {
    login: (now) => ({ check: { reason: 'web-login', since: now, at: now, tries: 0 } }),
    cause: 'checking-web-login',
  },
};

test.each(Object.entries(ROWS))('%s', (_, { now = NOON, login, others, ...expected }) => {
  const record = greenLogin(now, login(now));
  const rest = (others?.(now) ?? []).map((change, index) =>
    greenLogin(now, { id: `other-${index}`, userName: `other_${index}`, ...change }),
  );
  const { why } = standing(record, now, [record, ...rest], market(now));
  expect({ cause: why?.cause, sure: why?.certainty, overAt: why?.overAt }).toEqual({
    sure: 'certain',
    overAt: null,
    ...expected,
  });
  expect(why && wordsFor(why).sentence).toMatch(/\.$/);
});

test('how sure a cause is can be read where it is told, and is not said of what is certain', () => {
  for (const [name, { now = NOON, login, others, sure = 'certain' }] of Object.entries(ROWS)) {
    const rest = (others?.(now) ?? []).map((change, index) =>
      greenLogin(now, { id: `other-${index}`, userName: `other_${index}`, ...change }),
    );
    const record = greenLogin(now, login(now));
    const { why } = standing(record, now, [record, ...rest], market(now));
    const said = { certain: null, likely: 'why_likely', possible: 'why_possible' } as const;
    const key = said[sure];
    expect([name, why && wordsFor(why).sure]).toEqual([name, key && sentence(key)]);
  }
});

test('an end is put down to another sign-in as a guess, unless the broker itself told of one', () => {
  const lost = { ...ended('evicted', NOON), ...closedByWeb(NOON) };
  const guess = standing(greenLogin(NOON, lost), NOON).why;
  expect(guess && wordsFor(guess).sentence).toBe(sentence('cause_evicted'));
  const link = { ...newLink('socket', NOON), why: 'connection-quota', lostAt: NOON } as const;
  const told = standing(greenLogin(NOON, { ...lost, link, proof: null }), NOON).why;
  expect(told).toMatchObject({ cause: 'evicted', certainty: 'certain' });
  expect(told && wordsFor(told).sentence).toBe(sentence('cause_evicted_told'));
});

test('a host that is to be allowed is named in words', () => {
  const moved = {
    hosts: { demo: 'firm.tradovateapi.com' },
    deniedHosts: ['firm.tradovateapi.com'],
  };
  const named = standing(greenLogin(NOON, moved), NOON).why;
  expect(named?.cause).toBe('host-named');
  expect(named && wordsFor(named).sentence).toBe(
    sentence('cause_hostNamed_host', { host: 'firm.tradovateapi.com' }),
  );
  const gone = standing(greenLogin(NOON, { ...moved, ...failed('host-moved', NOON) }), NOON).why;
  expect(gone && wordsFor(gone).nextStep).toBe(
    sentence('cause_allow', { host: 'firm.tradovateapi.com' }),
  );
});

test('a green login on an open market needs no words', () => {
  const record = greenLogin(NOON);
  expect(standing(record, NOON, [record], market(NOON)).why).toBeNull();
});

test('the popup does not hear of the exchange with each login', () => {
  const record = greenLogin(WEEKEND);
  expect(standing(record, WEEKEND, [record]).why).toBeNull();
});

describe('whatever the evidence', () => {
  const facts = fc.record({
    kind: fc.option(fc.constantFrom(...FAILURE_KINDS)),
    during: fc.constantFrom<CallKind>('sign-in', 'renewal', 'probe'),
    failedAt: fc.integer({ min: -HOUR, max: 0 }),
    provenAt: fc.option(fc.integer({ min: -3 * HOUR, max: 0 })),
    end: fc.option(
      fc.constantFrom('expired', 'evicted', 'rejected', 'renewal-lost', 'damaged' as const),
    ),
    leftMs: fc.integer({ min: -HOUR, max: HOUR }),
    paused: fc.boolean(),
    environment: fc.constantFrom('live', 'demo'),
  });
  type Facts = typeof facts extends fc.Arbitrary<infer F> ? F : never;

  const login = (now: number, id: string, known: Facts): LoginRecord =>
    greenLogin(now, {
      id,
      environment: known.environment,
      failure:
        known.kind === null
          ? null
          : { kind: known.kind, during: known.during, at: now + known.failedAt },
      proof: known.provenAt === null ? null : { at: now + known.provenAt, by: 'probe' },
      end: known.end === null ? null : { cause: known.end, at: now },
      pausedAt: known.paused ? now : null,
      session: {
        openedAt: now - HOUR,
        renewedAt: null,
        expiresAt: now + known.leftMs,
        lifeMs: 80 * MINUTE,
        renewals: 0,
      },
    });

  test('what is not green has one cause, with words and something to do or to wait for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: NOON, max: NOON + 7 * 24 * HOUR }),
        facts,
        fc.array(facts, { maxLength: 3 }),
        (now, one, others) => {
          const record = login(now, 'one', one);
          const rest = others.map((other, index) => login(now, String(index), other));
          const { state, why } = standing(record, now, [record, ...rest]);
          if (state === 'connected' && record.pausedAt === null) {
            expect(why).toBeNull();
            return;
          }
          const words = why && wordsFor(why);
          expect(words?.sentence).toBeTruthy();
          if (state === 'disconnected') expect(words?.nextStep).not.toBe('');
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
