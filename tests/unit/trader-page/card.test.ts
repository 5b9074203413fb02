import { expect, test } from 'vitest';
import { cardFor, type Card, type Piece } from '../../../utils/trader-page/card.ts';
import { announcement, heading } from '../../../utils/words/card.ts';
import type { LoginRecord } from '../../../utils/records/login.ts';
import { atTime } from '../../../utils/words/time.ts';
import { greenLogin } from '../../sample-login.ts';
import { sentence, sentenceFor } from '../../sentence.ts';

const NOW = new Date(2026, 10, 20, 15, 0).getTime();
const MINUTE = 60_000;
const PAGE = { host: 'trader.tradovate.com', consent: false };

const login = (label: string, change: Partial<LoginRecord> = {}): LoginRecord =>
  greenLogin(NOW, { id: `id of ${label}`, label, userName: label, slots: 1, ...change });
const picked = (record: LoginRecord): LoginRecord => ({
  ...record,
  ledger: { ...record.ledger, hosts: [PAGE.host] },
});

const text = (piece: Piece): string =>
  typeof piece === 'string'
    ? piece
    : piece
        .slice(2)
        .map((one) => text(one as Piece))
        .join('');
const all = (card: Card | null): string =>
  card === null ? '' : [card.head, ...card.body, ...card.foot].map(text).join('\n');
function deeds(pieces: Piece[]): string[] {
  return pieces.flatMap((piece) => {
    if (typeof piece === 'string') return [];
    const [, attributes, ...inside] = piece;
    return [
      ...(attributes['data-do'] === undefined ? [] : [attributes['data-do']]),
      ...deeds(inside),
    ];
  });
}
/** One after the other, whatever is between them. */
const inOrder = (...parts: string[]): RegExp =>
  new RegExp(parts.map((part) => RegExp.escape(part)).join('[^]*'), 'u');
const does = (card: Card | null) => deeds(card ? [card.head, ...card.body, ...card.foot] : []);

const ours = sentence('forecast_session_holdfast', {
  time: atTime(NOW - 100 * MINUTE, NOW),
});

test('nothing to say, no card', () => {
  expect(cardFor(PAGE, [], NOW)).toBeNull();
  expect(cardFor(PAGE, [login('A', { slots: 2 })], NOW)).toBeNull();
});

test('one login: its sessions in order, the one at risk, why, and what else could be done', () => {
  const webSessions = [
    { tabId: 7, host: PAGE.host, openedAt: NOW - 5 * MINUTE, seenAt: NOW - 5 * MINUTE },
  ];
  const card = cardFor(PAGE, [login('A', { slots: 2, webSessions })], NOW);
  const since = (minutes: number) =>
    sentence('forecast_since', { time: atTime(NOW - minutes * MINUTE, NOW) });
  expect(all(card)).toMatch(
    inOrder(
      sentence('card_signIn_known'),
      sentenceFor('forecast_known_oldest', 2, { label: 'A', known: '2', session: ours }),
      `${sentence('forecast_keptByHoldfast')} ${sentence('card_atRisk')}, ${since(100)}`,
      `${sentence('forecast_webLogin', { site: PAGE.host })}, ${since(5)}`,
      sentence('card_why'),
      sentence('forecast_instead_openTab', { site: PAGE.host }),
      sentence('forecast_instead_letGo'),
      sentence('forecast_instead_anyway'),
    ),
  );
  expect(does(card)).toEqual(['dismiss', 'open-tab']);
});

test('several logins and no word on which: those at risk, each to be picked', () => {
  const card = cardFor(PAGE, [login('A'), login('B'), login('C', { slots: 2 })], NOW);
  expect(all(card)).toMatch(inOrder(sentence('card_signIn_likely'), sentence('card_which')));
  expect(does(card)).toEqual(['dismiss', 'id of A', 'id of B']);
  expect(card?.announcement).toBe(
    sentenceFor('card_announcement', 2, { heading: sentence('card_signIn_likely') }),
  );
});

test('the one that was picked, and a way to say it is another', () => {
  const card = cardFor(PAGE, [login('A'), picked(login('B'))], NOW);
  expect(all(card)).toMatch(
    inOrder(
      sentenceFor('forecast_known_only', 1, { label: 'B', session: ours }),
      sentence('card_notThis', { label: 'B' }),
    ),
  );
  expect(does(card)).toEqual(['dismiss', 'forget']);
  expect(cardFor(PAGE, [login('A'), picked(login('B', { slots: 2 }))], NOW)).toBeNull();
  expect(
    all(cardFor({ ...PAGE, host: 'web.ninjatrader.com' }, [login('A'), picked(login('B'))], NOW)),
  ).toContain(sentence('card_which'));
});

test('an app that asks to be let in opens a session, too', () => {
  expect(all(cardFor({ ...PAGE, consent: true }, [login('A')], NOW))).toContain(
    sentence('card_app_known'),
  );
});

test('what is sent to a page of somebody else has no token, no user name and no number of a tab', () => {
  const records = [login('A', { userName: 'secret_user', slots: 2 }), login('B')];
  for (const record of records) {
    record.webSessions = [{ tabId: 4711, host: PAGE.host, openedAt: NOW - 1, seenAt: NOW - 1 }];
  }
  expect(JSON.stringify(cardFor(PAGE, records, NOW))).not.toMatch(/secret_user|4711|token/i);
});

test('one short sentence for the ear, which promises nothing', () => {
  expect(announcement(heading('likely', false), 2)).toBe(
    sentenceFor('card_announcement', 2, { heading: sentence('card_signIn_likely') }),
  );
  expect(sentenceFor('card_announcement', 2)).not.toMatch(/\bwill\b/);
  expect(announcement(heading('known', true), 1)).not.toMatch(/\bwill\b/);
});
