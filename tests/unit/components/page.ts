/** What the component tests share: a place to render into, hand-made logins, and ways to look and click. */
import { options, render, type ComponentChild } from 'preact';
import { newLogin, type LoginRecord } from '../../../utils/keeper/login.ts';

// Effects run at once: a queue left behind under fake timers would hold up every later test.
options.requestAnimationFrame = (run) => void setImmediate(run);

export const NOW = new Date('2026-11-21T14:00:00').getTime();
export const MINUTE = 60_000;

/** A login that is green at NOW, with 58 minutes left; `over` changes what a test is about. */
export function green(over: Partial<LoginRecord> = {}): LoginRecord {
  return {
    ...newLogin(
      {
        id: '7f1b4d9e-0f3a-4a57-9b53-1c5f6f0f8a11',
        label: 'APEX-3',
        brand: 'tradovate',
        environment: 'demo',
        userName: 'trader_3',
        app: { appId: 'bot', appVersion: '1.0', cid: '1' },
        keepsSecret: false,
      },
      NOW,
    ),
    session: {
      openedAt: NOW - 100 * MINUTE,
      renewedAt: NOW - 2 * MINUTE,
      expiresAt: NOW + 58 * MINUTE,
      lifeMs: 80 * MINUTE,
      renewals: 3,
    },
    proof: { at: NOW - 2 * MINUTE, by: 'renewal' },
    contactAt: NOW - 2 * MINUTE,
    ...over,
  };
}

/** Renders into an empty document. */
export function show(what: ComponentChild): HTMLElement {
  document.body.replaceChildren(document.createElement('div'));
  const root = document.body.firstElementChild as HTMLElement;
  render(what, root);
  return root;
}

/** Lets promises, Preact's renders and its effects run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find((one) => one.textContent === name);
  if (!found) throw new Error(`No button "${name}"`);
  return found;
}

export async function click(name: string): Promise<void> {
  button(name).click();
  await settle();
}

export function field(name: string): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>(`input[name="${name}"]`);
  if (!found) throw new Error(`No field "${name}"`);
  return found;
}

export async function send(): Promise<void> {
  document
    .querySelector('form')
    ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  await settle();
}

/** The text that `input` is described by. */
export function description(input: HTMLElement): string {
  return (input.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '')
    .join(' ');
}

export const words = () => document.body.textContent;
