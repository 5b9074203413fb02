// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { removeLeftCards, showCard } from '../../../components/card/show.ts';
import { watchSignInForm } from '../../../utils/trader-page/sign-in-form.ts';
import { LOOK_MS } from '../../../utils/trader-page/looks.ts';
import { createWarning } from '../../../utils/trader-page/warning.ts';
import { cardFor, type Card } from '../../../utils/trader-page/card.ts';
import { greenLogin } from '../../sample-login.ts';
import { sentence } from '../../sentence.ts';

const NOW = Date.UTC(2026, 10, 20, 9, 12);
function cardOf(label: string): Card {
  const login = greenLogin(NOW, { label, slots: 1 });
  const card = cardFor({ host: 'trader.tradovate.com', consent: false }, [login], NOW);
  if (card === null) throw new Error('no card');
  return card;
}

const ask = vi.fn<() => Promise<Card | null | undefined>>();
const pick = vi.fn<(loginId: string | null) => Promise<Card | null | undefined>>();
const openTab = vi.fn();
/** Whether events are a person's. */
let trusted = true;
let life: AbortController;
let root: ShadowRoot | null;
let orphaned = false;

/** The words of a part of the card: its style sheet puts them there. */
const said = (part: string): string =>
  [...(root?.querySelectorAll(`${part} [data-text]`) ?? [])]
    .map((one) => one.getAttribute('data-text'))
    .join('');
const host = (): Element | null => document.querySelector('html > [data-holdfast-card]');
/** The next look, the answer. */
const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(LOOK_MS + 50);
};
function putForm(): HTMLInputElement {
  document.body.innerHTML =
    '<form><input id="name-input"><input type="password" id="password-input"><button>Login</button></form>';
  const input = document.querySelector<HTMLInputElement>('#password-input');
  if (input === null) throw new Error('no input');
  return input;
}

/** The document here has no layout; browsers tell of it after the frame. */
class LaidOut {
  readonly #tell: () => void;
  #observed = false;
  constructor(tell: () => void) {
    this.#tell = tell;
  }
  observe(): void {
    this.#observed = true;
    queueMicrotask(() => {
      if (this.#observed) this.#tell();
    });
  }
  disconnect(): void {
    this.#observed = false;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('ResizeObserver', LaidOut);
  orphaned = false;
  life = new AbortController();
  trusted = true;
  // The document here marks no event; browsers mark all that a script made up.
  Object.defineProperty(Event.prototype, 'isTrusted', { configurable: true, get: () => trusted });
  ask.mockReset().mockResolvedValue(cardOf('APEX-3'));
  pick.mockReset();
  openTab.mockReset();
  root = null;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its element below
  const attach = Element.prototype.attachShadow;
  vi.spyOn(Element.prototype, 'attachShadow').mockImplementation(function (this: Element, init) {
    expect(init.mode).toBe('closed');
    root = attach.call(this, init);
    return root;
  });
  const warning = createWarning({
    ask,
    pick,
    openTab,
    show: (anchor, content, onDo) => showCard({ anchor, content, orphaned: () => orphaned, onDo }),
  });
  watchSignInForm({ ...warning, orphaned: () => orphaned, signal: life.signal });
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  host()?.remove();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('a form that appears late gets a card, which goes with the form', async () => {
  await settle();
  expect(ask).not.toHaveBeenCalled();
  putForm();
  await settle();
  expect(ask).toHaveBeenCalledOnce();
  expect(host()).not.toBeNull();
  expect(root?.querySelector('section')?.getAttribute('aria-label')).toBe('Holdfast warning');
  expect(root?.querySelector('h2')?.textContent).toBe('This sign-in would close a session');
  expect(said('.sure')).toMatch(/^Signing in as APEX-3 would/);
  await vi.advanceTimersByTimeAsync(200);
  expect(root?.querySelector('[role=status]')?.textContent).toMatch(/^Holdfast warning/);
  document.body.replaceChildren();
  await settle();
  expect(host()).toBeNull();
});

test('asks once per appearance, however often the page re-renders', async () => {
  putForm();
  await settle();
  for (let i = 0; i < 5; i += 1) {
    putForm();
    await settle();
  }
  expect(ask).toHaveBeenCalledOnce();
  expect(host()).not.toBeNull();
  document.body.replaceChildren();
  await settle();
  putForm();
  await pause();
  expect(ask).toHaveBeenCalledTimes(2);
});

test.each([[null], [undefined]])('answer %j: nothing is added to the page', async (answer) => {
  ask.mockResolvedValue(answer);
  putForm();
  const before = document.documentElement.outerHTML;
  await settle();
  await settle();
  expect(ask).toHaveBeenCalledOnce();
  expect(document.documentElement.outerHTML).toBe(before);
  expect(root).toBeNull();
});

test('the answer comes after the form has gone: no card', async () => {
  let answer: (card: Card) => void = () => undefined;
  ask.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  putForm();
  await settle();
  document.body.replaceChildren();
  await settle();
  answer(cardOf('APEX-3'));
  await settle();
  expect(host()).toBeNull();
});

test.each(['click', 'Escape'])('dismissed by %s: not shown again', async (how) => {
  putForm();
  await settle();
  const button = root?.querySelector('button');
  expect(button?.getAttribute('aria-label')).toBe('Dismiss for this visit');
  if (how === 'click') button?.click();
  else button?.dispatchEvent(new KeyboardEvent('keydown', { key: how, bubbles: true }));
  expect(host()).toBeNull();
  document.body.replaceChildren();
  await settle();
  putForm();
  await settle();
  expect(ask).toHaveBeenCalledOnce();
  expect(host()).toBeNull();
});

test('keys pressed in the card do not reach the page', async () => {
  const seen = vi.fn();
  document.addEventListener('keydown', seen);
  putForm();
  await settle();
  root
    ?.querySelector('button')
    ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'b', bubbles: true, composed: true }));
  expect(seen).not.toHaveBeenCalled();
  document.removeEventListener('keydown', seen);
});

test('back from the back/forward cache is a new visit', async () => {
  putForm();
  await settle();
  root?.querySelector('button')?.click();
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  await pause();
  expect(ask).toHaveBeenCalledTimes(2);
  expect(host()).not.toBeNull();
});

/** Longer than between two questions. */
const pause = () => vi.advanceTimersByTimeAsync(1_100);

async function lookAgain(): Promise<void> {
  await pause();
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  await settle();
}

test('asks again when the page comes into view, and shows, replaces or removes the card', async () => {
  await lookAgain();
  expect(ask).not.toHaveBeenCalled();
  ask.mockResolvedValueOnce(null);
  putForm();
  await settle();
  expect(host()).toBeNull();
  await lookAgain();
  const first = host();
  expect(first).not.toBeNull();
  await lookAgain();
  expect(host()).toBe(first);
  ask.mockResolvedValueOnce(undefined);
  await lookAgain();
  expect(host()).toBe(first);
  ask.mockResolvedValueOnce(cardOf('APEX-4'));
  await lookAgain();
  expect(document.querySelectorAll('[data-holdfast-card]')).toHaveLength(1);
  expect(said('.sure')).toMatch(/as APEX-4/);
  ask.mockResolvedValueOnce(null);
  await lookAgain();
  expect(host()).toBeNull();
});

test('neither a page out of view nor a dismissed card asks again', async () => {
  putForm();
  await settle();
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  await lookAgain();
  hidden.mockRestore();
  root?.querySelector('button')?.click();
  await lookAgain();
  expect(ask).toHaveBeenCalledOnce();
  expect(host()).toBeNull();
});

test('the field becoming text ("show password") is the same form', async () => {
  const input = putForm();
  await settle();
  input.type = 'text';
  document.body.append(document.createElement('i'));
  await settle();
  expect(host()).not.toBeNull();
  expect(ask).toHaveBeenCalledOnce();
});

test('what is typed is never read and the form gets no listener', async () => {
  const read = vi.spyOn(HTMLInputElement.prototype, 'value', 'get');
  const input = putForm();
  const listen = vi.spyOn(input, 'addEventListener');
  const listenForm = vi.spyOn(input.form as HTMLFormElement, 'addEventListener');
  await settle();
  await vi.advanceTimersByTimeAsync(2000);
  expect(host()).not.toBeNull();
  expect(read).not.toHaveBeenCalled();
  expect(listen).not.toHaveBeenCalled();
  expect(listenForm).not.toHaveBeenCalled();
});

test('1,000 mutations cost a few looks', async () => {
  await settle();
  const query = vi.spyOn(document, 'querySelectorAll');
  for (let i = 0; i < 1000; i += 1) {
    document.body.append(document.createElement('i'));
    if (i % 10 === 0) await vi.advanceTimersByTimeAsync(5);
  }
  await settle();
  expect(query.mock.calls.length).toBeGreaterThan(0);
  expect(query.mock.calls.length).toBeLessThanOrEqual(7);
});

test('a page that removes the card gets it back, five times', async () => {
  putForm();
  await settle();
  let came = 0;
  for (let i = 0; i < 12; i += 1) {
    host()?.remove();
    await settle();
    if (host() !== null) came += 1;
  }
  expect(came).toBe(5);
});

test('after an update of the extension the card says once to reload the page', async () => {
  putForm();
  await settle();
  orphaned = true;
  life.abort();
  await settle();
  expect(root?.querySelector('.body')?.textContent).toBe(sentence('card_reload'));
  const note = root?.querySelector('.body')?.firstChild;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(root?.querySelector('.body')?.firstChild).toBe(note);
  document.body.replaceChildren();
  await settle();
  expect(host()).toBeNull();
  putForm();
  await settle();
  expect(ask).toHaveBeenCalledOnce();
  expect(host()).toBeNull();
});

test('an orphaned script without a card adds nothing to the page', async () => {
  ask.mockResolvedValue(null);
  putForm();
  const before = document.documentElement.outerHTML;
  await settle();
  orphaned = true;
  life.abort();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(document.documentElement.outerHTML).toBe(before);
});

test('what the person does in the card: picks a login, takes it back, wants the open tab', async () => {
  const content = cardOf('APEX-3');
  const button = (name: string): Card['foot'][number] => [
    'button',
    { type: 'button', 'data-do': name },
    name,
  ];
  ask.mockResolvedValue({ ...content, foot: ['a-login', 'forget', 'open-tab'].map(button) });
  pick.mockResolvedValueOnce(cardOf('APEX-4')).mockResolvedValueOnce(null);
  putForm();
  await settle();
  const buttons = [...(root?.querySelectorAll<HTMLElement>('.foot button') ?? [])];
  trusted = false;
  for (const one of buttons) one.click();
  expect([openTab, pick].map(({ mock }) => mock.calls)).toEqual([[], []]);
  trusted = true;
  buttons[2]?.click();
  expect(openTab).toHaveBeenCalledOnce();
  buttons[0]?.click();
  await vi.advanceTimersByTimeAsync(1_100);
  expect(pick).toHaveBeenLastCalledWith('a-login');
  expect(said('.sure')).toMatch(/as APEX-4/);
  buttons[1]?.click();
  expect(host()).not.toBeNull();
});

test('events that the page made up change nothing', async () => {
  putForm();
  await settle();
  root?.querySelector('button')?.click();
  expect(host()).toBeNull();
  trusted = false;
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  document.body.append(document.createElement('i'));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(ask).toHaveBeenCalledOnce();
  expect(host()).toBeNull();
});

test('forms that come and go, with pages that do, are asked about once a second at most', async () => {
  const start = performance.now();
  for (let i = 0; i < 30; i += 1) {
    putForm();
    for (let looks = 0; looks < 5; looks += 1) {
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      await settle();
    }
    document.body.replaceChildren();
    await settle();
  }
  const seconds = (performance.now() - start) / 1_000;
  expect(ask.mock.calls.length).toBeLessThanOrEqual(seconds);
});

test('a page out of view is left alone; its first frame in view brings the card', async () => {
  await settle();
  let frame: FrameRequestCallback | undefined;
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => {
    frame = callback;
    return 1;
  });
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  await settle();
  putForm();
  const query = vi.spyOn(document, 'querySelectorAll');
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  // Firefox grants a frame now and then.
  frame?.(0);
  await settle();
  expect(query).not.toHaveBeenCalled();
  hidden.mockReturnValue(false);
  frame?.(0);
  await vi.advanceTimersByTimeAsync(0);
  expect(ask).toHaveBeenCalledOnce();
  expect(host()).not.toBeNull();
});

test('a form that the page has moved is followed within a second', async () => {
  const input = putForm();
  await settle();
  const read = vi.spyOn(input, 'getBoundingClientRect');
  await settle();
  expect(read).toHaveBeenCalled();
});

test('a consent page without a password field has its card as well', async () => {
  history.replaceState({}, '', '/oauth?client_id=1');
  document.body.innerHTML = '<main><p>An app asks</p><button>Allow</button></main>';
  await settle();
  await settle();
  expect(host()).not.toBeNull();
  history.replaceState({}, '', '/');
});

test('cards left by the script before an update are removed', () => {
  const left = document.createElement('div');
  left.setAttribute('data-holdfast-card', '');
  document.documentElement.append(left);
  removeLeftCards();
  expect(left.isConnected).toBe(false);
});
