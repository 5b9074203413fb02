// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { removeLeftCards, showCard } from '../../../entrypoints/trader.content/card.ts';
import { watchSignInForm } from '../../../entrypoints/trader.content/sign-in-form.ts';
import { createWarning } from '../../../entrypoints/trader.content/warning.ts';
import type { Risk } from '../../../utils/keeper/slots.ts';

const risk: Risk = {
  loginId: '1',
  label: 'APEX-3',
  openedAt: Date.UTC(2026, 10, 20, 9, 12),
  known: 2,
  slots: 2,
  sure: 'likely',
};

const ask = vi.fn<() => Promise<Risk[] | undefined>>();
let life: AbortController;
let root: ShadowRoot | null;
let orphaned = false;

const host = (): Element | null => document.querySelector('html > [data-holdfast-card]');
/** Mutations, the next look, the answer. */
const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(120);
};
function putForm(): HTMLInputElement {
  document.body.innerHTML =
    '<form><input id="name-input"><input type="password" id="password-input"><button>Login</button></form>';
  const input = document.querySelector<HTMLInputElement>('#password-input');
  if (input === null) throw new Error('no input');
  return input;
}

beforeEach(() => {
  vi.useFakeTimers();
  orphaned = false;
  life = new AbortController();
  ask.mockReset().mockResolvedValue([risk]);
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
    show: (input, risks, onDismiss) =>
      showCard({ input, risks, now: risk.openedAt, orphaned: () => orphaned, onDismiss }),
  });
  watchSignInForm({ ...warning, orphaned: () => orphaned, signal: life.signal });
  life.signal.addEventListener('abort', warning.onGone);
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  host()?.remove();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('a form that appears late gets a card, which goes with the form', async () => {
  await settle();
  expect(ask).not.toHaveBeenCalled();
  putForm();
  await settle();
  expect(ask).toHaveBeenCalledOnce();
  expect(host()).not.toBeNull();
  expect(root?.querySelector('section')?.getAttribute('aria-label')).toBe('Holdfast warning');
  expect(root?.querySelector('h2')?.textContent).toBe('This sign-in may close a session');
  expect(root?.querySelector('.risks li')?.textContent).toMatch(/^APEX-3: the session Holdfast/);
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
  await settle();
  expect(ask).toHaveBeenCalledTimes(2);
});

test.each([[[]], [undefined]])('answer %j: nothing is added to the page', async (answer) => {
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
  let answer: (risks: Risk[]) => void = () => undefined;
  ask.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  putForm();
  await settle();
  document.body.replaceChildren();
  await settle();
  answer([risk]);
  await settle();
  expect(host()).toBeNull();
});

test.each(['click', 'Escape'])('dismissed by %s: not shown again', async (how) => {
  putForm();
  await settle();
  const button = root?.querySelector('button');
  expect(button?.textContent).toBe('Dismiss for this visit');
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
  await settle();
  expect(ask).toHaveBeenCalledTimes(2);
  expect(host()).not.toBeNull();
});

async function lookAgain(): Promise<void> {
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  await settle();
}

test('asks again when the page comes into view, and shows, replaces or removes the card', async () => {
  await lookAgain();
  expect(ask).not.toHaveBeenCalled();
  ask.mockResolvedValueOnce([]);
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
  ask.mockResolvedValueOnce([{ ...risk, label: 'APEX-4' }]);
  await lookAgain();
  expect(document.querySelectorAll('[data-holdfast-card]')).toHaveLength(1);
  expect(root?.querySelector('.risks li')?.textContent).toMatch(/^APEX-4/);
  ask.mockResolvedValueOnce([]);
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
    await vi.advanceTimersByTimeAsync(600);
    if (host() !== null) came += 1;
  }
  expect(came).toBe(5);
});

test('an orphaned script takes its card along', async () => {
  putForm();
  await settle();
  orphaned = true;
  life.abort();
  expect(host()).toBeNull();
  putForm();
  await settle();
  expect(ask).toHaveBeenCalledOnce();
});

test('cards left by the script before an update are removed', () => {
  const left = document.createElement('div');
  left.setAttribute('data-holdfast-card', '');
  document.documentElement.append(left);
  removeLeftCards();
  expect(left.isConnected).toBe(false);
});
