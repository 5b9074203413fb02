// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { LoginFacts } from '../../../components/popup/LoginFacts.tsx';
import { standing } from '../../../utils/keeper/status/standing.ts';
import { LinkWords } from '../../../components/parts/LinkWords.tsx';
import { atTime } from '../../../utils/words/time.ts';
import type { Link } from '../../../utils/records/link.ts';
import type { LoginRecord } from '../../../utils/records/login.ts';
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
  expect(words()).toContain('proven 2 min ago by renewal');
});

test.each<[string, Partial<Link>, string, Partial<LoginRecord>?]>([
  ['up', {}, `live since ${at(3)} · 2 open positions, 3 working orders in 2 accounts`],
  [
    'up with little',
    { accounts: 1, positions: 0, orders: 1 },
    `live since ${at(3)} · no open positions, 1 working order in 1 account`,
  ],
  ['new', { up: false }, 'connecting'],
  ['lost', down, `reconnecting since ${at(3)}: the broker fell silent at ${at(3)}`],
  [
    'lost long ago',
    { ...down, since: NOW - 9 * MINUTE },
    `down since ${at(9)}: the broker fell silent at ${at(3)}`,
  ],
  ['one too many', { ...down, why: 'connection-quota' }, 'not opened again by itself'],
  ['noted as up by a worker that is gone', { heardAt: NOW - 4 * MINUTE }, 'connecting'],
  ['where none lasts', { by: 'checks' }, 'checked every 5 minutes'],
  ['paused', {}, 'nothing to watch', { pausedAt: NOW }],
  ['of a session that has ended', {}, 'nothing to watch', { end: { at: NOW, cause: 'evicted' } }],
])('a link that is %s', (_, change, said, login = {}) => {
  const record = green({ ...login, link: { ...LINK, ...change } });
  show(<LinkWords login={record} now={NOW} />);
  expect(words()).toContain(said);
});

test('when the next try comes is said', () => {
  const link: Link = { ...LINK, ...down, retryAt: NOW + MINUTE };
  show(<LinkWords login={green({ link })} now={NOW} />);
  expect(words()).toMatch(/; next try at \d\d:\d\d:\d\d$/);
});
