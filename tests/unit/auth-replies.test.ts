/** Random and mutated answers, taken through what reads them and what decides. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../utils/keeper/decide/decide.ts';
import type { KeeperEvent } from '../../utils/keeper/decide/events.ts';
import type { Outcome } from '../../utils/tradovate/outcome.ts';
import { standing } from '../../utils/keeper/status/standing.ts';
import { readIssued, readProof, type RawReply } from '../../utils/tradovate/replies.ts';
import { freshLogin, greenLogin } from '../sample-login.ts';

const NOW = Date.UTC(2026, 10, 23, 15);
const GOOD = {
  accessToken: 'a-token-that-is-made-up',
  mdAccessToken: 'another-that-is-made-up',
  expirationTime: new Date(NOW + 80 * 60_000).toISOString(),
  userId: 7,
  apiHosts: { demo: 'demo.tradovateapi.com' },
};

/** A good answer with something wrong in it, or something else entirely. */
const body = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('error', 'errorText', 'p-ticket', 'userStatus', ...Object.keys(GOOD)),
      fc.jsonValue(),
    )
    .map(([name, value]) => JSON.stringify({ ...GOOD, [name]: value })),
  fc.tuple(fc.nat(200), fc.nat(20), fc.string()).map(([at, length, put]) => {
    const text = JSON.stringify(GOOD);
    return text.slice(0, at) + put + text.slice(at + length);
  }),
  fc.constant(JSON.stringify(GOOD)),
  fc.constantFrom('[]', '[{"id":1}]'),
  fc.json(),
  fc.string(),
);
const reply: fc.Arbitrary<RawReply> = fc.record({
  status: fc.oneof(fc.constant(200), fc.constantFrom(204, 307, 401, 408, 423, 429, 500, 503)),
  body,
  date: fc.constantFrom(null, NOW),
  retryAfterMs: fc.constantFrom(null, 1_000),
});

const isList = ({ status, body }: RawReply) => {
  try {
    return status >= 200 && status < 300 && Array.isArray(JSON.parse(body));
  } catch {
    return false;
  }
};

const after = (record: ReturnType<typeof freshLogin>, event: KeeperEvent) =>
  decide(record, event, { now: NOW, random: () => 0.5, others: [] });
const answered = (record: ReturnType<typeof freshLogin>, outcome: Outcome) =>
  after(record, { type: 'answered', outcome });

test('10,000 answers to a sign-in and to its first check: connected only with a token and its proof', () => {
  let connected = 0;
  fc.assert(
    fc.property(reply, reply, (first, second) => {
      const asked = after(freshLogin(NOW), { type: 'sign-in' });
      const signedIn = answered(asked.record, readIssued(first));
      const held = signedIn.issued !== null;
      expect(signedIn.record.session !== null).toBe(held);
      expect(standing(signedIn.record, NOW).state).not.toBe('connected');
      if (!held) return;
      expect(signedIn.effect?.call).toBe('probe');
      const checked = answered(signedIn.record, readProof(second));
      const green = standing(checked.record, NOW).state === 'connected';
      if (green) connected++;
      expect(green).toBe(isList(second));
      expect(checked.record.session).not.toBeNull();
    }),
    { numRuns: 10_000 },
  );
  expect(connected).toBeGreaterThan(100);
});

test('10,000 answers to a renewal: a new token is held, or the one there was', () => {
  fc.assert(
    fc.property(reply, (first) => {
      const login = greenLogin(NOW - 60_000, {});
      const asked = after(login, { type: 'renew-now' });
      expect(asked.effect?.call).toBe('renewal');
      const { record, issued } = answered(asked.record, readIssued(first));
      expect(record.session).not.toBeNull();
      expect(record.end).toBeNull();
      if (issued === null) expect(record.session).toEqual(login.session);
      else expect(first.body).toContain(JSON.stringify(issued.accessToken).slice(1, -1));
    }),
    { numRuns: 10_000 },
  );
});
