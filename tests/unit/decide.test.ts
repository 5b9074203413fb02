import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describe as wordsFor } from '../../utils/words/cause.ts';
import { decide } from '../../utils/keeper/decide/decide.ts';
import type { KeeperEvent } from '../../utils/keeper/decide/events.ts';
import type { Context, Step } from '../../utils/keeper/decide/step.ts';
import { hasLiveSession, type LoginRecord } from '../../utils/records/login.ts';
import { deadline } from '../../utils/keeper/when/deadlines.ts';
import { renewalMargin } from '../../utils/keeper/when/margins.ts';
import { backOff, callLimit, lastChance } from '../../utils/keeper/when/retries.ts';
import { renewalAt } from '../../utils/keeper/when/renewals.ts';
import { standing } from '../../utils/keeper/status/standing.ts';
import { FAILURE_KINDS, type Failure } from '../../utils/tradovate/failure.ts';
import type { Outcome } from '../../utils/tradovate/outcome.ts';
import { freshLogin } from '../sample-login.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.UTC(2026, 10, 23, 15);
const half = () => 0.5;
const context = (now: number, others: readonly LoginRecord[] = []): Context => ({
  now,
  random: half,
  others,
});

const fresh = () => freshLogin(T0);

const issuedFor = (lifeMs: number, now: number): Outcome => ({
  kind: 'issued',
  accessToken: 'token',
  mdAccessToken: null,
  expirationTime: now + lifeMs,
  userId: 1,
  userStatus: null,
  passwordExpirationTime: null,
  organisation: null,
  hosts: {},
  date: null,
});

const PROVEN: Outcome = { kind: 'proven' };
const answer = (step: Step, outcome: Outcome, now: number, random = half) =>
  decide(step.record, { type: 'answered', outcome }, { ...context(now), random });

/** A login that was signed in at `now` and seen to work. */
function signedIn(now = T0, lifeMs = 80 * MINUTE): LoginRecord {
  const asked = decide(fresh(), { type: 'sign-in' }, context(now));
  const issued = answer(asked, issuedFor(lifeMs, now), now);
  expect(issued.effect).toMatchObject({ call: 'probe' });
  return answer(issued, PROVEN, now).record;
}

const failure = fc.record(
  {
    kind: fc.constantFrom(...FAILURE_KINDS),
    status: fc.integer({ min: 100, max: 599 }),
    waitMs: fc.integer({ min: 0, max: 3 * 60 * MINUTE }),
  },
  { requiredKeys: ['kind'] },
) as fc.Arbitrary<Failure>;

/** A history: what is asked, what the answer is when a call is made, and how much time passes in between. */
const moment = fc.record({
  event: fc.constantFrom<KeeperEvent>(
    { type: 'wake' },
    { type: 'wake' },
    { type: 'wake' },
    { type: 'online' },
    { type: 'leaving' },
    { type: 'renew-now' },
    { type: 'pause' },
    { type: 'resume' },
    { type: 'yield', tabId: null },
    { type: 'yield', tabId: 1 },
    { type: 'tab-left', tabId: 1 },
    { type: 'web-session', call: 'sign-in', tabId: 1, host: 'trader.tradovate.com' },
    { type: 'web-session', call: 'renewal', tabId: 1, host: 'trader.tradovate.com' },
    { type: 'permissions', denied: ['demo.tradovateapi.com'] },
    { type: 'permissions', denied: [] },
  ),
  // Clocks are set, too: back and forward.
  waitMs: fc.oneof(
    fc.integer({ min: 0, max: 5_000 }),
    fc.integer({ min: 0, max: 90 * MINUTE }),
    fc.integer({ min: -120 * MINUTE, max: 0 }),
  ),
  answers: fc.array(
    fc.oneof(failure, fc.constant('good' as const), fc.constant('killed' as const)),
    {
      minLength: 6,
      maxLength: 6,
    },
  ),
  lifeMs: fc.oneof(
    fc.integer({ min: 5_000, max: 60_000 }),
    fc.integer({ min: MINUTE, max: 90 * MINUTE }),
  ),
});

interface Seen {
  before: LoginRecord;
  step: Step;
  now: number;
  event: KeeperEvent;
}

/** Plays a history and shows every step of it to `look`. */
function play(
  moments: (typeof moment extends fc.Arbitrary<infer M> ? M : never)[],
  look: (seen: Seen) => void,
) {
  let record = signedIn();
  let now = T0;
  for (const { event, waitMs, answers, lifeMs } of moments) {
    now += waitMs;
    let step = decide(record, event, context(now));
    look({ before: record, step, now, event });
    for (const reply of answers) {
      if (step.effect === null || reply === 'killed') break;
      now += 40;
      const good = step.effect.call === 'probe' ? PROVEN : issuedFor(lifeMs, now);
      const answered: KeeperEvent = { type: 'answered', outcome: reply === 'good' ? good : reply };
      const before = step.record;
      step = decide(before, answered, context(now));
      look({ before, step, now, event: answered });
    }
    if (answers.every((reply) => reply !== 'killed')) expect(step.effect).toBeNull();
    record = step.record;
  }
}

const histories = fc.array(moment, { minLength: 1, maxLength: 40 });

describe('whatever happens', () => {
  test('bug class 1: nothing but a person’s sign-in ever signs in', () => {
    fc.assert(
      fc.property(histories, (moments) => {
        play(moments, ({ step }) => expect(step.effect?.call).not.toBe('sign-in'));
      }),
    );
  });

  test('bug class 3: a session ends only at its own time or after two refusals in a row', () => {
    fc.assert(
      fc.property(histories, (moments) => {
        play(moments, ({ before, step, now }) => {
          if (before.end !== null || step.record.end === null || before.session === null) return;
          const last = Math.max(now, before.call?.since ?? 0);
          const gone = step.record.refusals >= 2 || step.record.failure?.kind === 'damaged';
          expect(last >= before.session.expiresAt || gone).toBe(true);
        });
      }),
    );
  });

  test('bug class 4: a call is on record, with a limit, before it is made', () => {
    fc.assert(
      fc.property(histories, (moments) => {
        play(moments, ({ step, now }) => {
          expect(step.record.call === null).toBe(step.effect === null);
          if (!step.effect || !step.record.call) return;
          expect(step.record.call).toMatchObject({ kind: step.effect.call, since: now });
          // Chromium ends a worker whose answer takes longer than 30 s.
          expect(step.effect.limitMs).toBeLessThanOrEqual(15_000);
          expect(step.journal.at(-1)?.what).toBe(`${step.effect.call} started`);
        });
      }),
    );
  });

  test('bug class 5: after everything due was done the next deadline is in the future', () => {
    fc.assert(
      fc.property(histories, (moments) => {
        play(moments, ({ step, now, event }) => {
          if (event.type !== 'wake' && event.type !== 'answered') return;
          if (step.effect !== null) return;
          const at = deadline(step.record, now);
          if (at !== null) expect(at).toBeGreaterThan(now);
        });
      }),
    );
  });

  test('bug class 6: a session that lives and is kept always has a deadline, before its end', () => {
    fc.assert(
      fc.property(histories, (moments) => {
        play(moments, ({ step, now }) => {
          const { record } = step;
          if (record.end !== null || record.session === null || record.call !== null) return;
          if (now >= record.session.expiresAt) return;
          expect(deadline(record, now)).toBeLessThanOrEqual(record.session.expiresAt);
        });
      }),
    );
  });

  test('bug class 10: green means proven within the hour, with nothing failed since', () => {
    fc.assert(
      fc.property(histories, (moments) => {
        play(moments, ({ step: { record }, now }) => {
          const { state, why } = standing(record, now);
          if (state === 'connected') {
            expect(hasLiveSession(record, now)).toBe(true);
            expect(record.proof && now - record.proof.at).toBeLessThanOrEqual(60 * MINUTE);
            expect(record.failure).toBeNull();
          } else {
            expect(why && wordsFor(why).sentence).toBeTruthy();
          }
        });
      }),
    );
  });

  test('a record is plain data: it is the same after a trip to the disk', () => {
    fc.assert(
      fc.property(histories, (moments) => {
        play(moments, ({ step: { record } }) => expect(structuredClone(record)).toEqual(record));
      }),
    );
  });
});

describe('a renewal', () => {
  test('is due 15 minutes before the end, of a short life at five sixths', () => {
    expect(renewalMargin(80 * MINUTE)).toBe(15 * MINUTE);
    expect(renewalMargin(90 * MINUTE)).toBe(15 * MINUTE);
    expect(renewalMargin(30 * MINUTE)).toBe(5 * MINUTE);
    expect(renewalMargin(24_000)).toBe(4_000);
  });

  test('is due then, and the session is probed 45 minutes after the last contact', () => {
    expect(renewalAt(signedIn(), T0, [])).toBe(T0 + 65 * MINUTE);
    expect(renewalAt(signedIn(T0, 30 * MINUTE), T0, [])).toBe(T0 + 25 * MINUTE);
    expect(deadline(signedIn(), T0)).toBe(T0 + 45 * MINUTE);
    const step = decide(signedIn(), { type: 'wake' }, context(T0 + 45 * MINUTE));
    expect(step.effect).toMatchObject({ call: 'probe' });
    const proven = answer(step, PROVEN, T0 + 45 * MINUTE).record;
    expect(deadline(proven, T0 + 45 * MINUTE)).toBe(T0 + 65 * MINUTE);
  });

  test('takes the place of a probe that was slept through', () => {
    const step = decide(signedIn(), { type: 'wake' }, context(T0 + 50 * MINUTE));
    expect(step.effect).toMatchObject({ call: 'renewal' });
  });

  test('that was refused is believed only after a probe was refused too', () => {
    const due = T0 + 65 * MINUTE;
    const asked = decide(signedIn(), { type: 'wake' }, context(due));
    const refused = answer(asked, { kind: 'unauthorized', status: 401 }, due);
    expect(refused.effect).toMatchObject({ call: 'probe' });
    expect(refused.record.end).toBeNull();
    const twice = answer(refused, { kind: 'unauthorized', status: 401 }, due);
    expect(twice.record.end).toMatchObject({ cause: 'rejected' });
    const alive = answer(refused, PROVEN, due);
    expect(alive.record.end).toBeNull();
    expect(standing(alive.record, due).state).toBe('reconnecting');
    expect(renewalAt(alive.record, due, [])).toBeGreaterThan(due);
  });

  test('bug class 10: two refusals with a success in between are no proof', () => {
    const refused: Outcome = { kind: 'unauthorized', status: 401 };
    let record = signedIn();
    for (let now = T0 + MINUTE; now < T0 + 5 * MINUTE; now += MINUTE) {
      const web: KeeperEvent = { type: 'web-session', call: 'sign-in', tabId: 1, host: 'x' };
      const checked = answer(decide(record, web, context(now)), refused, now);
      expect(checked.effect).toMatchObject({ call: 'renewal' });
      record = answer(checked, issuedFor(80 * MINUTE, now), now).record;
      expect(record.end).toBeNull();
    }
  });

  test('whose answer was lost is forgotten once another succeeds', () => {
    const refused: Outcome = { kind: 'unauthorized', status: 401 };
    let now = T0 + MINUTE;
    const lost = answer(
      decide(signedIn(), { type: 'renew-now' }, context(now)),
      { kind: 'no-answer' },
      now,
    );
    expect(lost.record.renewalLostAt).toBe(now);
    now += MINUTE;
    const back = answer(decide(lost.record, { type: 'wake' }, context(now)), PROVEN, now);
    expect(back.effect).toMatchObject({ call: 'renewal' });
    const again = answer(back, issuedFor(80 * MINUTE, now), now);
    now += MINUTE;
    const asked = answer(decide(again.record, { type: 'renew-now' }, context(now)), refused, now);
    expect(answer(asked, refused, now).record.end).toMatchObject({ cause: 'rejected' });
  });

  test('bug class 13: that names no hosts keeps those that were named before', () => {
    const named: Outcome = {
      ...issuedFor(80 * MINUTE, T0),
      hosts: { demo: 'demo.tradovateapi.com', mdDemo: 'md-demo.tradovateapi.com' },
    } as Outcome;
    const asked = decide(fresh(), { type: 'sign-in' }, context(T0));
    const first = answer(answer(asked, named, T0), PROVEN, T0).record;
    const renewed = answer(
      decide(first, { type: 'renew-now' }, context(T0 + MINUTE)),
      issuedFor(80 * MINUTE, T0 + MINUTE),
      T0 + MINUTE,
    );
    expect(renewed.record.hosts).toEqual(first.hosts);
    expect(first.hosts).toHaveProperty('mdDemo', 'md-demo.tradovateapi.com');
  });

  test('bug class 11: under a limit keeps still for an hour, and has one more attempt before the end', () => {
    const due = T0 + 10 * MINUTE;
    const asked = decide(signedIn(), { type: 'renew-now' }, context(due));
    const limited = answer(asked, { kind: 'rate-limited', status: 429 }, due);
    expect(renewalAt(limited.record, T0 + MINUTE, [])).toBe(due + 60 * MINUTE);
    expect(decide(limited.record, { type: 'renew-now' }, context(due + MINUTE)).declined).toEqual({
      why: 'limited',
      until: due + 60 * MINUTE,
    });
    const again = decide(limited.record, { type: 'wake' }, context(due + 60 * MINUTE));
    const still = answer(again, { kind: 'rate-limited', status: 429 }, due + 60 * MINUTE);
    const expiresAt = T0 + 80 * MINUTE;
    expect(renewalAt(still.record, due + 60 * MINUTE, [])).toBe(lastChance(expiresAt, 80 * MINUTE));
    const last = decide(still.record, { type: 'wake' }, context(expiresAt - 2 * MINUTE));
    expect(last.effect).toMatchObject({ call: 'renewal' });
    const over = answer(last, { kind: 'rate-limited', status: 429 }, expiresAt - 2 * MINUTE);
    expect(renewalAt(over.record, expiresAt - MINUTE, [])).toBeNull();
    expect(deadline(over.record, expiresAt - MINUTE)).toBe(expiresAt);
    expect(decide(over.record, { type: 'wake' }, context(expiresAt)).record.end).toMatchObject({
      cause: 'expired',
    });
  });

  test('under a penalty is repeated after the time the broker asks for', () => {
    const asked = decide(signedIn(), { type: 'renew-now' }, context(T0 + MINUTE));
    const ticket = answer(asked, { kind: 'penalty', waitMs: 45_000, ticket: 't' }, T0 + MINUTE);
    expect(renewalAt(ticket.record, T0 + MINUTE, [])).toBe(T0 + MINUTE + 45_000);
  });
});

describe('the attempt after the end', () => {
  const late = T0 + 90 * MINUTE;

  test('is a probe, which no limit counts; a token that works after all is renewed', () => {
    const asked = decide(signedIn(), { type: 'wake' }, context(late));
    expect(asked.effect).toMatchObject({ call: 'probe' });
    expect(answer(asked, { kind: 'unauthorized' }, late).record.end).toMatchObject({
      cause: 'expired',
    });
    const works = answer(asked, PROVEN, late);
    expect(works.effect).toMatchObject({ call: 'renewal' });
    expect(answer(works, issuedFor(80 * MINUTE, late), late).record.end).toBeNull();
    expect(answer(works, { kind: 'unauthorized' }, late).record.end).not.toBeNull();
  });

  test('that never left the computer is none: it is made when the network is there', () => {
    const asked = decide(signedIn(), { type: 'wake' }, context(late));
    const offline = answer(asked, { kind: 'offline' }, late);
    expect(offline.record.end).toBeNull();
    expect(standing(offline.record, late).state).toBe('expired');
    expect(deadline(offline.record, late)).toBeGreaterThan(late);
    expect(decide(offline.record, { type: 'wake' }, context(late + 1)).effect).toBeNull();
    const online = decide(offline.record, { type: 'online' }, context(late + 5_000));
    expect(online.effect).toMatchObject({ call: 'probe' });
    expect(answer(online, { kind: 'unauthorized' }, late + 5_000).record.end).toMatchObject({
      cause: 'expired',
    });
  });
});

describe('the broker’s clock', () => {
  const renewed = (dateAfter: number, answeredAfter: number) => {
    const asked = decide(signedIn(), { type: 'renew-now' }, context(T0 + MINUTE));
    const issued = issuedFor(80 * MINUTE, T0 + MINUTE + dateAfter);
    const date = T0 + MINUTE + dateAfter;
    return answer(asked, { ...issued, date } as Outcome, T0 + MINUTE + answeredAfter).record;
  };

  test.each([
    ['ten slow seconds', 10_000],
    ['an hour of sleep', HOUR],
  ])('is not behind because the answer took %s to arrive', (_, took) => {
    const { session, skewMs } = renewed(0, took);
    expect(skewMs).toBe(0);
    expect(session?.expiresAt).toBe(T0 + MINUTE + 80 * MINUTE);
  });

  test.each([10 * MINUTE, -10 * MINUTE])('that is %i ms off is brought over', (off) => {
    const end = renewed(off, 0).session?.expiresAt ?? 0;
    expect(Math.abs(end - (T0 + 81 * MINUTE))).toBeLessThan(1_000);
  });
});

describe('a clock that is set', () => {
  test.each([2 * MINUTE, HOUR, 24 * HOUR])(
    'back by %i ms: a renewal at once tells where things stand',
    (back) => {
      const now = T0 - back;
      const step = decide(signedIn(), { type: 'wake' }, context(now));
      expect(step.effect).toMatchObject({ call: 'renewal' });
      const failed = answer(step, { kind: 'broker-error', status: 500 }, now);
      expect(deadline(failed.record, now)).toBeGreaterThan(now);
      expect(failed.record.session?.expiresAt).toBeLessThanOrEqual(now + 80 * MINUTE);
      const renewed = answer(step, issuedFor(80 * MINUTE, now), now);
      expect(standing(renewed.record, now).state).toBe('connected');
      expect(renewalAt(renewed.record, now, [])).toBe(now + 65 * MINUTE);
    },
  );

  test.each([
    ['to before the last contact', -2 * MINUTE],
    ['to after it', 5 * MINUTE],
  ])(
    'bug class 5: back, %s, while the broker was away: it is asked once whether it is back',
    (_, at) => {
      let away = decide(signedIn(), { type: 'wake' }, context(T0 + 66 * MINUTE));
      away = answer(away, { kind: 'no-answer' }, T0 + 66 * MINUTE);
      const now = T0 + at;
      const asked = decide(away.record, { type: 'online' }, context(now));
      expect(asked.effect).toMatchObject({ call: 'probe' });
      const renewed = answer(asked, PROVEN, now);
      expect(renewed.effect?.call).not.toBe('probe');
    },
  );

  test('back by a few seconds changes nothing', () => {
    expect(decide(signedIn(), { type: 'wake' }, context(T0 - 5_000)).effect).toBeNull();
  });

  test('forward by a day: one probe, one renewal, and the session goes on', () => {
    const now = T0 + 24 * HOUR;
    const probed = decide(signedIn(), { type: 'wake' }, context(now));
    expect(probed.effect).toMatchObject({ call: 'probe' });
    const step = answer(probed, PROVEN, now);
    expect(step.effect).toMatchObject({ call: 'renewal' });
    const renewed = answer(step, issuedFor(80 * MINUTE, now), now);
    expect(standing(renewed.record, now).state).toBe('connected');
  });
});

describe('the back-off', () => {
  const args = fc.tuple(
    fc.integer({ min: 1, max: 100 }),
    fc.integer({ min: -MINUTE, max: 90 * MINUTE }),
    fc.integer({ min: 5_000, max: 90 * MINUTE }),
    fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  );

  test('bug class 5: is never a tight loop, and never longer than what is left', () => {
    fc.assert(
      fc.property(args, ([failures, timeLeft, life, random]) => {
        const pause = backOff(failures, timeLeft, life, () => random);
        expect(pause).toBeGreaterThanOrEqual(1_000);
        expect(pause).toBeLessThanOrEqual(Math.max(30_000, timeLeft / 3));
      }),
    );
  });

  test('a call leaves time for two more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3_000, max: 90 * MINUTE }), (left) => {
        expect(callLimit(left)).toBeLessThanOrEqual(left / 3 + 1);
      }),
    );
  });
});

describe('after a web login', () => {
  const web: KeeperEvent = {
    type: 'web-session',
    call: 'sign-in',
    tabId: 5,
    host: 'trader.tradovate.com',
  };

  test('the token is probed once, at once', () => {
    const seen = decide(signedIn(), web, context(T0 + MINUTE));
    expect(seen.effect).toMatchObject({ call: 'probe' });
    const survived = answer(seen, PROVEN, T0 + MINUTE);
    expect(survived.effect).toBeNull();
    expect(survived.record.lastWebLogin).toEqual({
      at: T0 + MINUTE,
      host: 'trader.tradovate.com',
      survived: true,
    });
  });

  test('a page that seems to sign in over and over costs ten probes an hour, and is one session', () => {
    let record = signedIn();
    let probes = 0;
    for (let now = T0 + MINUTE; now < T0 + 40 * MINUTE; now += 500) {
      const step = decide(record, web, context(now));
      if (step.effect) probes++;
      record = step.effect ? answer(step, PROVEN, now).record : step.record;
    }
    expect(probes).toBe(10);
    expect(record.webSessions).toHaveLength(1);
  });

  test('a refused probe and a refused renewal are an eviction', () => {
    const seen = decide(signedIn(), web, context(T0 + MINUTE));
    const once = answer(seen, { kind: 'unauthorized', status: 401 }, T0 + MINUTE);
    expect(once.effect).toMatchObject({ call: 'renewal' });
    const twice = answer(once, { kind: 'unauthorized', status: 401 }, T0 + MINUTE);
    expect(twice.record.end).toMatchObject({ cause: 'evicted' });
    expect(twice.record.lastWebLogin).toMatchObject({ survived: false });
  });

  test.each(['request-timeout', 'broker-error'] as const)(
    '%s twice is likely an eviction, and the token is kept',
    (kind) => {
      let now = T0 + MINUTE;
      const once = answer(decide(signedIn(), web, context(now)), { kind }, now);
      expect(once.effect).toBeNull();
      now = deadline(once.record, now) ?? 0;
      expect(now).toBe(T0 + 2 * MINUTE);
      const twice = answer(decide(once.record, { type: 'wake' }, context(now)), { kind }, now);
      expect(twice.record.end).toBeNull();
      expect(standing(twice.record, now)).toMatchObject({
        state: 'disconnected',
        why: { cause: 'likely-evicted' },
      });
      const renewed = answer(
        decide(twice.record, { type: 'renew-now' }, context(now)),
        issuedFor(80 * MINUTE, now),
        now,
      );
      expect(standing(renewed.record, now).state).toBe('connected');
    },
  );

  test('a key that may not list accounts is no sign of a dead session: the renewal tells', () => {
    const now = T0 + MINUTE;
    const probed = answer(decide(signedIn(), web, context(now)), { kind: 'unauthorized' }, now);
    const alive = answer(probed, issuedFor(80 * MINUTE, now), now);
    expect(standing(alive.record, now).state).toBe('connected');
    expect(alive.record.lastWebLogin).toMatchObject({ survived: true });
  });

  test('a paused session is asked twice, and not extended', () => {
    const now = T0 + MINUTE;
    const paused = decide(signedIn(), { type: 'pause' }, context(T0)).record;
    const once = answer(decide(paused, web, context(now)), { kind: 'unauthorized' }, now);
    expect(once.effect).toMatchObject({ call: 'probe' });
    expect(answer(once, { kind: 'unauthorized' }, now).record.end).toMatchObject({
      cause: 'evicted',
    });
  });

  test('a device that waits for its approval is not called evicted', () => {
    const asked = decide(fresh(), { type: 'sign-in' }, context(T0));
    let record = answer(
      answer(asked, issuedFor(80 * MINUTE, T0), T0),
      { kind: 'unauthorized' },
      T0,
    ).record;
    record = answer(
      decide(record, web, context(T0 + MINUTE)),
      { kind: 'unauthorized' },
      T0 + MINUTE,
    ).record;
    for (let now = T0 + MINUTE; now < T0 + 79 * MINUTE; now += MINUTE) {
      const step = decide(record, { type: 'wake' }, context(now));
      record = step.effect ? answer(step, { kind: 'unauthorized' }, now).record : step.record;
      expect(record.end).toBeNull();
      expect(standing(record, now)).toMatchObject({
        state: 'reconnecting',
        why: { cause: 'device-approval' },
      });
    }
  });

  test('a lock-out that began before is respected, and no sign of an eviction', () => {
    const now = T0 + MINUTE;
    const limited = answer(
      decide(signedIn(), { type: 'renew-now' }, context(now)),
      { kind: 'rate-limited' },
      now,
    );
    const seen = decide(limited.record, web, context(now + MINUTE));
    expect(seen.effect).toBeNull();
    expect(seen.record.check?.at).toBe(now + 60 * MINUTE);
    expect(standing(seen.record, now + MINUTE).state).toBe('reconnecting');
  });

  test('no network says nothing about the session', () => {
    const now = T0 + MINUTE;
    const seen = answer(decide(signedIn(), web, context(now)), { kind: 'offline' }, now);
    expect(seen.record.lastWebLogin).toMatchObject({ survived: null });
    expect(standing(seen.record, now).state).toBe('reconnecting');
  });
});

describe('when the screen locks', () => {
  const leave: KeeperEvent = { type: 'leaving' };

  test('a token that is a third through its life is renewed, a fresh one is not', () => {
    expect(decide(signedIn(), leave, context(T0 + 26 * MINUTE)).effect).toBeNull();
    expect(decide(signedIn(), leave, context(T0 + 27 * MINUTE)).effect).toMatchObject({
      call: 'renewal',
    });
  });

  test('nothing is taken from the others, nor from a session that is paused or in trouble', () => {
    const now = T0 + 30 * MINUTE;
    const crowd = Array.from({ length: 11 }, (_, index) => ({ ...signedIn(), id: `${index}` }));
    expect(decide(signedIn(), leave, context(now, crowd)).effect).toBeNull();
    expect(decide(signedIn(), leave, context(now, crowd.slice(1))).effect).not.toBeNull();
    const paused = decide(signedIn(), { type: 'pause' }, context(T0)).record;
    expect(decide(paused, leave, context(now)).effect).toBeNull();
    const asked = decide(signedIn(), { type: 'renew-now' }, context(now));
    const failed = answer(asked, { kind: 'broker-error', status: 500 }, now).record;
    expect(decide(failed, leave, context(now + 1_000)).effect).toBeNull();
  });
});

describe('switching the keeping off and on', () => {
  test('off: nothing is renewed, and the end is reported as an end', () => {
    const paused = decide(signedIn(), { type: 'pause' }, context(T0)).record;
    expect(decide(paused, { type: 'wake' }, context(T0 + 70 * MINUTE)).effect).toBeNull();
    const over = decide(paused, { type: 'wake' }, context(T0 + 80 * MINUTE));
    expect(over.effect).toBeNull();
    expect(over.record.end).toMatchObject({ cause: 'expired' });
  });

  test('on again: proven at once, but flipping back and forth costs no calls', () => {
    let record = decide(signedIn(), { type: 'pause' }, context(T0)).record;
    const resumed = decide(record, { type: 'resume' }, context(T0 + 10 * MINUTE));
    expect(resumed.effect).toMatchObject({ call: 'probe' });
    record = answer(resumed, PROVEN, T0 + 10 * MINUTE).record;
    for (let flip = 1; flip <= 10; flip++) {
      const now = T0 + 10 * MINUTE + flip * 1_000;
      record = decide(record, { type: 'pause' }, context(now)).record;
      const on = decide(record, { type: 'resume' }, context(now));
      expect(on.effect).toBeNull();
      record = on.record;
    }
  });
});
