import { expect, test } from 'vitest';
import { cardFor, type Card, type Piece } from '../../../utils/trader-page/card.ts';
import { announcement, heading } from '../../../utils/words/card.ts';
import type { LoginRecord } from '../../../utils/records/login.ts';
import { greenLogin } from '../../sample-login.ts';

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
const does = (card: Card | null) => deeds(card ? [card.head, ...card.body, ...card.foot] : []);

test('nothing to say, no card', () => {
  expect(cardFor(PAGE, [], NOW)).toBeNull();
  expect(cardFor(PAGE, [login('A', { slots: 2 })], NOW)).toBeNull();
});

test('one login: its sessions in order, the one at risk, why, and what else could be done', () => {
  const webSessions = [
    { tabId: 7, host: PAGE.host, openedAt: NOW - 5 * MINUTE, seenAt: NOW - 5 * MINUTE },
  ];
  const card = cardFor(PAGE, [login('A', { slots: 2, webSessions })], NOW);
  expect(all(card)).toMatch(
    /This sign-in would close a session[^]+Signing in as A would close[^]+Kept by Holdfast at risk, since 13:20[^]*Web login at trader.tradovate.com, since[^]+Why\?[^]+Use the trader tab[^]+Pause keeping[^]+Sign in anyway/,
  );
  expect(does(card)).toEqual(['dismiss', 'open-tab']);
});

test('several logins and no word on which: those at risk, each to be picked', () => {
  const card = cardFor(PAGE, [login('A'), login('B'), login('C', { slots: 2 })], NOW);
  expect(all(card)).toMatch(/This sign-in may close a session[^]+Which login is it/);
  expect(does(card)).toEqual(['dismiss', 'id of A', 'id of B']);
  expect(card?.announcement).toContain('2 logins are at risk');
});

test('the one that was picked, and a way to say it is another', () => {
  const card = cardFor(PAGE, [login('A'), picked(login('B'))], NOW);
  expect(all(card)).toMatch(/Signing in as B would close[^]+Not B\?/);
  expect(does(card)).toEqual(['dismiss', 'forget']);
  expect(cardFor(PAGE, [login('A'), picked(login('B', { slots: 2 }))], NOW)).toBeNull();
  expect(
    all(cardFor({ ...PAGE, host: 'web.ninjatrader.com' }, [login('A'), picked(login('B'))], NOW)),
  ).toMatch(/Which login/);
});

test('an app that asks to be let in opens a session, too', () => {
  expect(all(cardFor({ ...PAGE, consent: true }, [login('A')], NOW))).toMatch(
    /Allowing this app would close a session/,
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
    'Holdfast warning. This sign-in may close a session. 2 logins are at risk.',
  );
  expect(announcement(heading('known', true), 1)).not.toMatch(/\bwill\b/);
});
