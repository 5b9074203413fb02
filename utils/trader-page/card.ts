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
import { language, say } from '../platform/i18n.ts';
import * as words from '../words/card.ts';
import { atTime } from '../words/time.ts';

/** A text, or an element with its attributes and what is in it. `data-do` is what a click on it asks for. */
export type Piece = string | [name: string, attributes: Record<string, string>, ...inside: Piece[]];

export interface Card {
  css: string;
  /** What its words are in, as a BCP 47 tag. */
  language: string;
  /** For the ear, once. */
  announcement: string;
  region: string;
  head: Piece;
  body: Piece[];
  foot: Piece[];
  /** In the place of the body, once the extension was updated and cannot be asked any more. */
  reload: string;
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
    language: language(),
    announcement: words.announcement(heading, found.length),
    region: say('card_region'),
    head: [
      'header',
      { class: 'head' },
      MARK,
      ['div', {}, ['p', { class: 'small' }, say('card_name')], ['h2', {}, heading]],
      [
        'button',
        {
          type: 'button',
          class: 'dismiss',
          'aria-label': say('card_dismiss'),
          'data-do': 'dismiss',
        },
        '×',
      ],
    ],
    body:
      sole === undefined
        ? choice(found, at)
        : [...picture(first, at), ...(picked === undefined ? [] : [notThis(first)])],
    foot: foot(found),
    reload: say('card_reload'),
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
        ...(session.atRisk ? [' ', ['b', { class: 'chip' }, say('card_atRisk')] as Piece] : []),
        ['span', { class: 'comma' }, ', '],
        ['span', { class: 'since' }, since(session, at)],
      ]),
    ],
    [
      'details',
      {},
      ['summary', {}, say('card_why')],
      ['ul', {}, ...reasons(found).map((reason): Piece => ['li', {}, reason])],
    ],
    ['h3', {}, say('card_instead')],
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
    ['h3', {}, say('card_which')],
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
    ['p', { class: 'since' }, say('card_remembered')],
  ];
}

const notThis = ({ label }: Forecast): Piece => [
  'button',
  {
    type: 'button',
    class: 'quiet',
    'aria-label': say('card_notThis', { label }),
    'data-do': 'forget',
  },
  say('card_notThis', { label }),
];

function foot(found: readonly Forecast[]): Piece[] {
  const tab = found.some(({ alternatives }) =>
    alternatives.some(({ what }) => what === 'open-tab'),
  );
  const open: Piece = [
    'button',
    { type: 'button', class: 'primary', 'data-do': 'open-tab' },
    say('card_openTab'),
  ];
  return [['p', { class: 'small' }, say('card_origin')], ...(tab ? [open] : [])];
}
