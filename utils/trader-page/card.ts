/**
 * The card as data: what it shows, and how it looks, made where nobody else can look and sent to
 * the content script when there is something to show. So other people's pages carry neither words
 * nor style before, and nothing has to be made web accessible or injected for it.
 */
import { forecastsAt, pickedAt, type Forecast } from '../keeper/status/forecast.ts';
import { reasons, since, wayOut, whatItCloses, whose, type Clock } from '../words/forecast.ts';
import type { LoginRecord } from '../records/login.ts';
import { isSameUser } from '../keeper/status/sessions.ts';
import css from './card.css?inline';
import { MARK } from './mark.ts';
import * as words from '../words/card.ts';
import { atTime } from '../words/time.ts';

/** A text, or an element with its attributes and what is in it. `data-do` is what a click on it asks for. */
export type Piece = string | [name: string, attributes: Record<string, string>, ...inside: Piece[]];

export interface Card {
  css: string;
  /** For the ear, once. */
  announcement: string;
  region: string;
  head: Piece;
  body: Piece[];
  foot: Piece[];
}

/** Where the form is: a page of the broker, perhaps the one that asks to let an app in. */
export interface Page {
  host: string;
  consent: boolean;
}

/** The card for a sign-in form on that page; null when there is nothing to say. */
export function cardFor(page: Page, records: readonly LoginRecord[], now: number): Card | null {
  const found = forecastsAt(page.host, records, now);
  const [first] = found;
  if (first === undefined) return null;
  const at: Clock = (time) => atTime(time, now);
  const picked = pickedAt(page.host, records);
  const sole = picked ?? (isOneUser(records) ? records[0] : undefined);
  const heading = words.heading(sole === undefined ? 'likely' : first.sure, page.consent);
  return {
    css,
    announcement: words.announcement(heading, found.length),
    region: words.REGION,
    head: [
      'header',
      { class: 'head' },
      MARK,
      ['div', {}, ['p', { class: 'small' }, words.NAME], ['h2', {}, heading]],
      [
        'button',
        { type: 'button', class: 'dismiss', 'aria-label': words.DISMISS, 'data-do': 'dismiss' },
        '×',
      ],
    ],
    body:
      sole === undefined
        ? choice(found, at)
        : [...picture(first, at), ...(picked === undefined ? [] : [notThis(first)])],
    foot: foot(found),
  };
}

const isOneUser = ([first, ...others]: readonly LoginRecord[]): boolean =>
  first !== undefined && others.every((other) => isSameUser(first, other));

/** The sessions of one login in order, which of them would go, why, and what else could be done. */
function picture(found: Forecast, at: Clock): Piece[] {
  return [
    ['p', { class: 'sure' }, whatItCloses(found, at)],
    [
      'ul',
      { class: 'sessions' },
      ...found.sessions.map((session): Piece => [
        'li',
        session.atRisk ? { class: 'risk' } : {},
        ['bdi', { class: 'whose' }, whose(session)],
        ...(session.atRisk ? [' ', ['b', { class: 'chip' }, words.AT_RISK] as Piece] : []),
        ['span', { class: 'comma' }, ', '],
        ['span', { class: 'since' }, since(session, at)],
      ]),
    ],
    [
      'details',
      {},
      ['summary', {}, words.WHY],
      ['ul', {}, ...reasons(found).map((reason): Piece => ['li', {}, reason])],
    ],
    ['h3', {}, words.INSTEAD],
    [
      'ol',
      { class: 'ways' },
      ...found.alternatives.map((one): Piece => ['li', {}, wayOut(one, at)]),
    ],
  ];
}

/** What is typed is never read: the person says which login it is. */
function choice(found: readonly Forecast[], at: Clock): Piece[] {
  return [
    ['h3', {}, words.WHICH],
    [
      'ul',
      { class: 'choice' },
      ...found.map((one): Piece => [
        'li',
        {},
        ['button', { type: 'button', 'data-do': one.loginId }, ['bdi', {}, one.label]],
        ['p', { class: 'since' }, whatItCloses(one, at)],
      ]),
    ],
    ['p', { class: 'since' }, words.REMEMBERED],
  ];
}

const notThis = ({ label }: Forecast): Piece => [
  'button',
  { type: 'button', class: 'quiet', 'aria-label': words.notThis(label), 'data-do': 'forget' },
  words.notThis(label),
];

function foot(found: readonly Forecast[]): Piece[] {
  const tab = found.some(({ alternatives }) =>
    alternatives.some(({ what }) => what === 'open-tab'),
  );
  const open: Piece = [
    'button',
    { type: 'button', class: 'primary', 'data-do': 'open-tab' },
    words.OPEN_TAB,
  ];
  return [['p', { class: 'small' }, words.ORIGIN], ...(tab ? [open] : [])];
}
