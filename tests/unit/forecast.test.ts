import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forecast, forecastsAt, type Alternative } from '../../utils/keeper/status/forecast.ts';
import { reasons, since, wayOut, whatItCloses } from '../../utils/words/forecast.ts';
import type { LoginRecord, WebSession } from '../../utils/records/login.ts';
import { greenLogin } from '../sample-login.ts';
import { sentence, sentenceFor } from '../sentence.ts';

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;
const HOST = 'trader.tradovate.com';

const web = (ago: number, change: Partial<WebSession> = {}): WebSession => ({
  tabId: ago,
  host: HOST,
  openedAt: NOW - ago * MINUTE,
  seenAt: NOW - Math.min(ago, 50) * MINUTE,
  ...change,
});
const left = { left: true } as const;

/** A green login whose session was opened 100 minutes ago, and what else is known of it. */
function login(
  { declared = [], unseen = [], hosts = [], ...change }: Change = {},
  id = 'A',
): LoginRecord {
  const green = greenLogin(NOW, { id, label: id, userName: id });
  return {
    ...green,
    ledger: {
      declared: declared.map((name) => ({ name, on: true })),
      unseen: unseen.map((ago) => NOW - ago * MINUTE),
      look: null,
      hosts,
    },
    ...change,
  };
}
type Change = Partial<LoginRecord> & { declared?: string[]; unseen?: number[]; hosts?: string[] };

const check = { reason: 'web-login', since: NOW, at: NOW + MINUTE, tries: 1 } as const;
const tab = (ago: number): Alternative => ({ what: 'open-tab', host: HOST, tabId: ago });
const room = (inMinutes: number): Alternative => ({
  what: 'wait',
  until: NOW + inMinutes * MINUTE,
  why: 'room',
});
const proof: Alternative = { what: 'wait', until: check.at, why: 'proof' };
const letGo: Alternative = { what: 'let-go' };
const anyway: Alternative = { what: 'anyway' };
const ours = 'holdfast 100';

/** `allowed: sessions known`, then which would close, how sure, and what else could be done. */
const TABLE: [
  string,
  LoginRecord,
  [at: string[], sure: string, alternatives: Alternative[]] | null,
][] = [
  ['2: ours', login(), null],
  ['1: ours', login({ slots: 1 }), [[ours], 'known', [letGo, anyway]]],
  [
    '2: ours and a web login',
    login({ webSessions: [web(10)] }),
    [[ours], 'known', [tab(10), letGo, anyway]],
  ],
  ['3: ours and a web login', login({ slots: 3, webSessions: [web(10)] }), null],
  [
    '3: ours and two web logins',
    login({ slots: 3, webSessions: [web(20), web(10)] }),
    [[ours], 'known', [tab(10), letGo, anyway]],
  ],
  [
    '2: ours and a web login whose tab is closed',
    login({ webSessions: [web(10, left)] }),
    [[ours], 'likely', [room(80), letGo, anyway]],
  ],
  [
    '2: ours and a web login that ran out',
    login({ webSessions: [web(10, { ...left, seenAt: NOW - 91 * MINUTE })] }),
    null,
  ],
  [
    '2: a web login and ours',
    login({ webSessions: [web(120)] }),
    [['web 120'], 'known', [tab(120), anyway]],
  ],
  [
    '2: a web login whose tab is closed, and ours',
    login({ webSessions: [web(120, left)] }),
    [['web 120'], 'likely', [room(40), anyway]],
  ],
  [
    '2: ours, and two web logins of which one must have ended',
    login({ webSessions: [web(20), web(10)] }),
    [[ours], 'known', [tab(10), letGo, anyway]],
  ],
  [
    '2: ours, being checked, and a web login',
    login({ webSessions: [web(10)], check }),
    [[ours], 'likely', [tab(10), proof, letGo, anyway]],
  ],
  [
    '1: ours, being checked',
    login({ slots: 1, check }),
    [[ours], 'likely', [proof, letGo, anyway]],
  ],
  [
    '1: ours, not proven, and keeping is paused',
    login({ slots: 1, proof: null, pausedAt: NOW }),
    [[ours], 'likely', [letGo, anyway]],
  ],
  [
    '2: ours and a declared one',
    login({ declared: ['TradingView'] }),
    [[ours, 'declared'], 'unknown', [letGo, anyway]],
  ],
  [
    '2: two declared ones, ours is lost',
    login({ declared: ['TradingView', 'phone'], end: { at: NOW, cause: 'evicted' } }),
    [['declared', 'declared'], 'unknown', [anyway]],
  ],
  [
    '1: a declared one, ours is lost',
    login({ slots: 1, declared: ['phone'], end: { at: NOW, cause: 'evicted' } }),
    [['declared'], 'known', [anyway]],
  ],
  [
    '3: ours, a web login and a declared one',
    login({ slots: 3, webSessions: [web(10)], declared: ['phone'] }),
    [[ours, 'declared'], 'unknown', [tab(10), letGo, anyway]],
  ],
  [
    '2: ours, a web login whose tab is closed and a declared one',
    login({ webSessions: [web(10, left)], declared: ['phone'] }),
    [[ours, 'declared'], 'unknown', [letGo, anyway]],
  ],
  [
    '2: ours and one that only the statistics tell of',
    login({ unseen: [30] }),
    [[ours], 'likely', [room(60), letGo, anyway]],
  ],
  [
    '2: one that only the statistics tell of, and a web login; ours is lost',
    login({ unseen: [30], webSessions: [web(10)], end: { at: NOW, cause: 'evicted' } }),
    [['unseen 30'], 'likely', [tab(10), room(60), anyway]],
  ],
  ['1: nothing known', login({ slots: 1, session: null }), null],
];

const described = (record: LoginRecord, records = [record]) => {
  const found = forecast(record, NOW, records);
  if (found === null) return null;
  const at = found.sessions
    .filter(({ atRisk }) => atRisk)
    .map(({ whose, openedAt }) =>
      openedAt === null ? whose : `${whose} ${(NOW - openedAt) / MINUTE}`,
    );
  return [at, found.sure, found.alternatives];
};

test.each(TABLE)('%s', (_, record, expected) => {
  expect(described(record)).toEqual(expected);
});

test('with several logins held, a web login is sure only of the one that the person named', () => {
  const records = [
    login({ webSessions: [web(10)] }),
    login({ webSessions: [web(10, { meant: true })] }, 'B'),
    login({ webSessions: [web(10, { meant: false })] }, 'C'),
  ];
  expect(records.map((record) => described(record, records)?.[1])).toEqual([
    'likely',
    'known',
    undefined,
  ]);
});

test('live and demo of one user are one pool with the smaller allowance', () => {
  const live = login({ slots: 3 });
  const demo = login({ id: 'demo', label: 'demo', declared: ['phone'] });
  const records = [live, demo];
  expect(described(live, records)).toEqual(described(demo, records));
  expect(forecastsAt(HOST, records, NOW)).toMatchObject([{ label: 'A', allowed: 2 }]);
});

test('at a form: those who may lose more than a web session, or only the one picked there', () => {
  const full = login({ slots: 1 });
  const free = login({}, 'B');
  const web1 = login({ slots: 1, session: null, webSessions: [web(10)] }, 'C');
  const full2 = login({ slots: 1 }, 'D');
  const at = (...records: LoginRecord[]) =>
    forecastsAt(HOST, records, NOW).map(({ label }) => label);
  expect(at(full, free, web1, full2)).toEqual(['A', 'D']);
  expect(at(full, free, web1, { ...full2, ledger: { ...full2.ledger, hosts: [HOST] } })).toEqual([
    'D',
  ]);
  expect(at(full, { ...free, ledger: { ...free.ledger, hosts: [HOST] } })).toEqual([]);
  expect(at(full, { ...free, ledger: { ...free.ledger, hosts: ['web.ninjatrader.com'] } })).toEqual(
    ['A'],
  );
});

test('whatever is known: at most the allowance without a word, the oldest at risk, and a way out', () => {
  const ages = fc.uniqueArray(fc.integer({ min: 1, max: 85 }), { maxLength: 4 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      ages,
      ages,
      fc.integer({ min: 0, max: 2 }),
      (slots, alive, webs, unseen, declared) => {
        const record = login({
          slots,
          webSessions: webs.map((ago) => web(ago)),
          unseen,
          declared: ['phone', 'copier'].slice(0, declared),
          ...(alive ? {} : { session: null }),
        });
        const found = forecast(record, NOW);
        if (found === null) return;
        expect(found.sessions.length).toBeGreaterThanOrEqual(slots);
        const risk = found.sessions.filter(({ atRisk }) => atRisk);
        expect(risk.length).toBeGreaterThan(0);
        const [first] = found.sessions;
        if (first?.openedAt != null) expect(first.atRisk).toBe(true);
        expect(found.alternatives.at(-1)).toEqual(anyway);
        if (found.sure !== 'unknown') expect(risk).toHaveLength(1);
      },
    ),
  );
});

const at = (time: number) => `T-${(NOW - time) / MINUTE}`;

const kept = sentence('forecast_session_holdfast', { time: 'T-100' });
const theirs = sentence('forecast_session_web', { site: HOST, time: 'T-120' });
const phone = sentence('forecast_session_declared', { name: 'phone' });

test.each([
  [login({ slots: 1 }), sentenceFor('forecast_known_only', 1, { label: 'A', session: kept })],
  [
    login({ webSessions: [web(120)] }),
    sentenceFor('forecast_known_oldest', 2, { label: 'A', session: theirs, known: '2' }),
  ],
  [
    login({ unseen: [30] }),
    sentenceFor('forecast_likely_oldest', 2, { label: 'A', session: kept, known: '2' }),
  ],
  [
    login({ declared: ['phone'] }),
    sentence('forecast_unknown', { label: 'A', sessions: `${kept} or ${phone}` }),
  ],
])('the words follow the certainty', (record, words) => {
  const found = forecast(record, NOW);
  expect(found && whatItCloses(found, at)).toBe(words);
});

test('no word of any forecast promises, and all that is soft has its reason', () => {
  for (const [, record] of TABLE) {
    const found = forecast(record, NOW);
    if (found === null) continue;
    const all = [
      whatItCloses(found, at),
      ...reasons(found),
      ...found.sessions.map((session) => since(session, at)),
      ...found.alternatives.map((one) => wayOut(one, at)),
    ];
    expect(all.join(' ')).not.toMatch(/\bwill\b|undefined|null/);
    expect(reasons(found).length > 2).toBe(found.sure !== 'known');
  }
});
