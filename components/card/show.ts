/**
 * The warning card, in a closed shadow root above the page. It measures where the form is and
 * stays clear of it; it takes no focus, blocks nothing and reads nothing. What it shows comes from
 * the background as data (utils/trader-page/card.ts).
 *
 * The page's style sheets can't hide it: every declaration on the host is inline and important,
 * and a popover is in the top layer, above any z-index.
 */
import type { Card, Piece } from '../../utils/trader-page/card.ts';
import { formBoxes } from './form-box.ts';
import { type Place, type Size, type View, MARGIN, placeAround } from './place.ts';
import { lookNowAndThen } from '../../utils/trader-page/looks.ts';
import type { Shown } from '../../utils/trader-page/warning.ts';

/** A page that keeps removing the card is not fought. */
const MOST_RETURNS = 5;
/** A live region must be in the page before its text is. */
const ANNOUNCE_MS = 150;
const WIDTH = 360;
const HOST = 'data-holdfast-card';

export interface CardParts {
  anchor: HTMLElement;
  content: Card;
  orphaned: () => boolean;
  /** Somebody pressed what has this `data-do`. */
  onDo: (what: string) => void;
}

/** A card may be left in the page by the script that ran here before an update of the extension. */
export function removeLeftCards(): void {
  for (const host of document.querySelectorAll(`html > [${HOST}]`)) host.remove();
}

export function showCard({ anchor, content, orphaned, onDo }: CardParts): Shown {
  const host = document.createElement('div');
  host.setAttribute(HOST, '');
  host.popover = 'manual';
  const root = host.attachShadow({ mode: 'closed' });
  addStyle(root, content.css);
  const status = build(['p', { role: 'status', class: 'status' }]);
  const body = build(['div', { class: 'body' }, ...content.body.map(asStyle)]);
  const foot = build(['footer', { class: 'foot' }, ...content.foot]);
  const card = build([
    'section',
    { 'aria-label': content.region, lang: content.language, dir: 'auto' },
  ]);
  card.append(status, build(content.head), body, foot);
  listen(card, onDo);
  root.append(card);

  let field = anchor;
  let at: Place | null = null;
  let natural: Size | null = null;
  let returns = 0;
  let onTop = false;
  let frame = 0;
  let stale = false;

  function attach(): void {
    document.documentElement.append(host);
    try {
      host.showPopover();
      onTop = true;
    } catch {
      // Without the top layer the z-index has to do.
    }
  }
  function settle(): void {
    if (orphaned()) {
      growStale();
      if (!field.isConnected) return remove();
    }
    if (!host.isConnected || (onTop && !host.matches(':popover-open'))) {
      if (returns === MOST_RETURNS) return;
      returns += 1;
      attach();
    }
    const view = viewport();
    const width = Math.min(WIDTH, view.width - 2 * MARGIN);
    if (natural?.width !== width) {
      card.setAttribute('class', 'card');
      styleHost(host, { left: '0px', top: '0px', width: `${width}px`, visibility: 'hidden' });
      natural = { width, height: Math.ceil(card.getBoundingClientRect().height) };
      at = null;
    }
    const next = placeAround(formBoxes(field), natural, view, at);
    if (next !== null && JSON.stringify(next) === JSON.stringify(at)) return;
    at = next;
    put(at);
  }
  function put(place: Place | null): void {
    // Without room that is not the form's, nothing, until the form or the window changes.
    if (place === null) {
      styleHost(host, { display: 'none' });
      return;
    }
    card.setAttribute('class', `card ${place.shape}`);
    styleHost(host, {
      [place.x]: `${MARGIN}px`,
      [place.y]: `${MARGIN}px`,
      width: `${place.width}px`,
      'max-height': `${place.maxHeight}px`,
    });
    // What scrolls must be reachable by keyboard.
    for (const part of [card, body]) {
      const scrolls = getComputedStyle(part).overflowY === 'auto';
      if (scrolls && part.scrollHeight > part.clientHeight) part.setAttribute('tabindex', '0');
      else part.removeAttribute('tabindex');
    }
  }
  /** The extension was updated, and this script with its card goes on without it. */
  function growStale(): void {
    if (stale) return;
    stale = true;
    body.replaceChildren(build(['p', {}, content.reload]));
    for (const button of foot.querySelectorAll('[data-do]:not([data-do=dismiss])')) button.remove();
    measureAnew();
  }
  function measureAnew(): void {
    natural = null;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(settle);
  }
  const settleSoon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(settle);
  };
  function remove(): void {
    life.abort();
    clearTimeout(announce);
    cancelAnimationFrame(frame);
    host.remove();
  }

  const life = new AbortController();
  const announce = setTimeout(() => {
    status.textContent = content.announcement;
  }, ANNOUNCE_MS);
  attach();
  settle();
  // Catches what no event tells: a form moved by an animation, an update of the extension.
  lookNowAndThen(settle, life.signal);
  const options = { signal: life.signal, passive: true, capture: true };
  addEventListener('resize', settleSoon, options);
  addEventListener('scroll', settleSoon, options);
  card.addEventListener('toggle', measureAnew, options);

  return {
    refresh(newAnchor) {
      if (newAnchor === field) return;
      field = newAnchor;
      settle();
    },
    remove,
  };
}

/** No page policy forbids a constructed sheet; a script of an extension may be refused it by an older Firefox. */
function addStyle(root: ShadowRoot, css: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(build(['style', {}, css]));
  }
}

function listen(card: Element, onDo: (what: string) => void): void {
  card.addEventListener('click', (event) => {
    const what = (event.target as Element).closest('[data-do]')?.getAttribute('data-do');
    if (event.isTrusted && what != null) onDo(what);
  });
  for (const type of ['keydown', 'keypress', 'keyup']) {
    card.addEventListener(type, (event) => {
      // What is typed here must not set off a shortcut of the trading page.
      event.stopPropagation();
      if (event.isTrusted && (event as KeyboardEvent).key === 'Escape') onDo('dismiss');
    });
  }
}

/**
 * The same with every text put there by the style sheet: a page can look for texts that it guesses
 * with window.find, which sees into closed shadow roots but not what a style adds.
 */
function asStyle(piece: Piece): Piece {
  if (typeof piece === 'string') return ['span', { 'data-text': piece }];
  const [name, attributes, ...inside] = piece;
  return [name, attributes, ...inside.map(asStyle)];
}

/** By DOM calls, as pages may forbid markup. */
function build(piece: Exclude<Piece, string>): Element;
function build(piece: Piece): Element | string;
function build(piece: Piece): Element | string {
  if (typeof piece === 'string') return piece;
  const [name, attributes, ...inside] = piece;
  const made =
    name === 'svg' || name === 'path'
      ? document.createElementNS('http://www.w3.org/2000/svg', name)
      : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside.map((one) => build(one)));
  return made;
}

function viewport(): View {
  return {
    width: document.documentElement.clientWidth,
    height: innerHeight,
    rtl: getComputedStyle(document.documentElement).direction === 'rtl',
  };
}

/** Important and inline: no rule of the page's sheets is stronger. */
const HOST_STYLE = {
  all: 'initial',
  'color-scheme': 'light dark',
  position: 'fixed',
  display: 'flex',
  'flex-direction': 'column',
  'pointer-events': 'none',
  'z-index': '2147483647',
  inset: 'auto',
};

/** Through the object model, as a page's policy may forbid style attributes. */
function styleHost(host: HTMLElement, style: Record<string, string>): void {
  host.style.cssText = Object.entries({ ...HOST_STYLE, ...style })
    .map(([name, value]) => `${name}:${value}!important`)
    .join(';');
}
