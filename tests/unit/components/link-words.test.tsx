// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { LoginFacts } from '../../../components/popup/LoginFacts.tsx';
import { standing } from '../../../utils/keeper/status/standing.ts';
import { LinkWords } from '../../../components/parts/LinkWords.tsx';
import { atSecond, atTime } from '../../../utils/words/time.ts';
import type { Link } from '../../../utils/records/link.ts';
import type { LoginRecord } from '../../../utils/records/login.ts';
import { sentence, sentenceFor } from '../../sentence.ts';
import { green, NOW, show, words } from './page.ts';

const MINUTE = 60_000;
const at = (minutesAgo: number) => atTime(NOW - minutesAgo * MINUTE, NOW);

const LINK: Link = {
  by: 'socket',
  up: true,
  since: NOW - 3 * MINUTE,
  heardAt: NOW,
  tries: 0,
  retryAt: NOW - 3 * MINUTE,
  why: null,
  lostAt: 0,
  accounts: 2,
  positions: 2,
  orders: 3,
};
const up = (positions: string, orders: string, accounts: string) =>
  sentence('link_up', {
    shown: sentence('link_shown', { accounts, orders, positions }),
    time: at(3),
  });
const because = (state: string) =>
  sentence('link_because', { loss: sentence('link_lostSilent', { time: at(3) }), state });
const reconnecting = sentence('link_reconnecting', { time: at(3) });
const down: Partial<Link> = { up: false, why: 'silent', lostAt: NOW - 3 * MINUTE };

test('a link that is not up takes nothing from what is proven of the session', () => {
  const login = green({ link: { ...LINK, ...down, since: NOW - MINUTE } });
  const stand = standing(login, NOW, [login]);
  expect(stand.state).toBe('reconnecting');
  show(
    <LoginFacts login={login} stand={stand} now={NOW}>
      {null}
    </LoginFacts>,
  );
  expect(words()).toContain(
    sentence('popup_provenRenewal', { ago: sentence('time_minutesAgo', { minutes: '2' }) }),
  );
});

test.each<[string, Partial<Link>, string, Partial<LoginRecord>?]>([
  [
    'up',
    {},
    up(
      sentenceFor('link_positions', 2),
      sentenceFor('link_orders', 3),
      sentenceFor('link_accounts', 2),
    ),
  ],
  [
    'up with little',
    { accounts: 1, positions: 0, orders: 1 },
    up(
      sentence('link_noPositions'),
      sentenceFor('link_orders', 1),
      sentenceFor('link_accounts', 1),
    ),
  ],
  ['new', { up: false }, sentence('link_connecting')],
  ['lost', down, because(reconnecting)],
  [
    'lost long ago',
    { ...down, since: NOW - 9 * MINUTE },
    because(sentence('link_down', { time: at(9) })),
  ],
  [
    'one too many',
    { ...down, why: 'connection-quota' },
    sentence('link_notAgain', {
      state: sentence('link_because', {
        loss: sentence('link_lostConnectionQuota', { time: at(3) }),
        state: sentence('link_down', { time: at(3) }),
      }),
    }),
  ],
  [
    'noted as up by a worker that is gone',
    { heardAt: NOW - 4 * MINUTE },
    sentence('link_connecting'),
  ],
  ['where none lasts', { by: 'checks' }, sentenceFor('link_checks', 5)],
  ['paused', {}, sentence('link_idle'), { pausedAt: NOW }],
  [
    'of a session that has ended',
    {},
    sentence('link_idle'),
    { end: { at: NOW, cause: 'evicted' } },
  ],
])('a link that is %s', (_, change, said, login = {}) => {
  const record = green({ ...login, link: { ...LINK, ...change } });
  show(<LinkWords login={record} now={NOW} />);
  expect(words()).toContain(said);
});

test('when the next try comes is said', () => {
  const link: Link = { ...LINK, ...down, retryAt: NOW + MINUTE };
  show(<LinkWords login={green({ link })} now={NOW} />);
  expect(words()).toBe(
    sentence('link_nextTry', {
      state: because(reconnecting),
      time: atSecond(NOW + MINUTE, NOW),
    }),
  );
});
