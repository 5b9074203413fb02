/**
 * The warning card, in a closed shadow root above the page. It measures where the form is and
 * stays clear of it; it takes no focus, blocks nothing and reads nothing.
 *
 * The page's style sheets can't hide it: every declaration on the host is inline and important,
 * and a popover is in the top layer, above any z-index.
 */
import type { Risk } from '../../utils/keeper/slots.ts';
import css from './card.css?inline';
import { formBoxes } from './form-box.ts';
import { createMark } from './mark.ts';
import { type Place, type Size, type View, MARGIN, placeAround } from './place.ts';
import type { Card } from './warning.ts';
import * as words from './words.ts';

/** A page that keeps removing the card is not fought. */
const MOST_RETURNS = 5;
/** Catches what no event tells: a form moved by an animation, an update of the extension. */
const CHECK_MS = 500;
/** A live region must be in the page before its text is. */
const ANNOUNCE_MS = 150;
const WIDTH = 360;
const HOST = 'data-holdfast-card';

export interface CardParts {
  input: HTMLInputElement;
  risks: readonly Risk[];
  now: number;
  orphaned: () => boolean;
  onDismiss: () => void;
}

/** A card may be left in the page by the script that ran here before an update of the extension. */
export function removeLeftCards(): void {
  for (const host of document.querySelectorAll(`html > [${HOST}]`)) host.remove();
}

export function showCard({ input, risks, now, orphaned, onDismiss }: CardParts): Card {
  const host = document.createElement('div');
  host.setAttribute(HOST, '');
  host.popover = 'manual';
  const root = host.attachShadow({ mode: 'closed' });
  addStyle(root);
  const { card, body, status } = cardContent(risks, now, onDismiss);
  root.append(card);

  let field: HTMLElement = input;
  let at: Place | null = null;
  let natural: Size | null = null;
  let returns = 0;
  let onTop = false;
  let frame = 0;

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
    if (orphaned()) return;
    if (!host.isConnected || (onTop && !host.matches(':popover-open'))) {
      if (returns === MOST_RETURNS) return;
      returns += 1;
      attach();
    }
    const view = viewport();
    const width = Math.min(WIDTH, view.width - 2 * MARGIN);
    if (natural?.width !== width) {
      card.className = 'card';
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
    card.className = `card ${place.shape}`;
    styleHost(host, {
      [place.x]: `${MARGIN}px`,
      [place.y]: `${MARGIN}px`,
      width: `${place.width}px`,
      'max-height': `${place.maxHeight}px`,
    });
    // What scrolls must be reachable by keyboard.
    if (body.scrollHeight > body.clientHeight) body.tabIndex = 0;
    else body.removeAttribute('tabindex');
  }
  const settleSoon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(settle);
  };

  attach();
  settle();
  const life = new AbortController();
  const options = { signal: life.signal, passive: true, capture: true };
  addEventListener('resize', settleSoon, options);
  addEventListener('scroll', settleSoon, options);
  const checks = setInterval(settle, CHECK_MS);
  const announce = setTimeout(() => {
    status.textContent = words.announcement(risks);
  }, ANNOUNCE_MS);

  return {
    refresh(newInput) {
      field = newInput;
      settle();
    },
    remove() {
      life.abort();
      clearInterval(checks);
      clearTimeout(announce);
      cancelAnimationFrame(frame);
      host.remove();
    },
  };
}

/** No page policy forbids a constructed sheet; a script of an extension may be refused it by an older Firefox. */
function addStyle(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(element('style', {}, css));
  }
}

function cardContent(
  risks: readonly Risk[],
  now: number,
  onDismiss: () => void,
): Record<'card' | 'body' | 'status', HTMLElement> {
  const status = element('p', { role: 'status', class: 'status' });
  const dismiss = element('button', { type: 'button' }, words.DISMISS);
  dismiss.addEventListener('click', onDismiss);
  const body = element(
    'div',
    { class: 'body' },
    element(
      'ul',
      { class: 'risks' },
      ...risks.map((risk) =>
        element(
          'li',
          {},
          element('bdi', { class: 'login' }, risk.label),
          element('span', { class: 'colon' }, ': '),
          element('span', { class: 'session' }, words.sessionAtRisk(risk, now)),
        ),
      ),
    ),
    element('p', { class: 'sure' }, words.certainty(risks)),
    element('h3', {}, words.INSTEAD),
    element('ul', { class: 'instead' }, ...words.ALTERNATIVES.map((way) => element('li', {}, way))),
  );
  const card = element(
    'section',
    { class: 'card', 'aria-label': words.REGION, lang: 'en', dir: 'auto' },
    status,
    element(
      'header',
      { class: 'head' },
      createMark(),
      element(
        'div',
        {},
        element('p', { class: 'small' }, words.NAME),
        element('h2', {}, words.HEADING),
      ),
    ),
    body,
    element('footer', { class: 'foot' }, element('p', { class: 'small' }, words.ORIGIN), dismiss),
  );
  for (const type of ['keydown', 'keypress', 'keyup'] as const) {
    card.addEventListener(type, (event) => {
      // What is typed here must not set off a shortcut of the trading page.
      event.stopPropagation();
      if (event.key === 'Escape') onDismiss();
    });
  }
  return { card, body, status };
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
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
