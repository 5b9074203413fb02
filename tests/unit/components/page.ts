/** What the component tests share: a place to render into, hand-made logins, and ways to look and click. */
import { vi } from 'vitest';
import { options, render, type ComponentChild } from 'preact';
import type { LoginRecord } from '../../../utils/records/login.ts';
import { greenLogin } from '../../sample-login.ts';

// Effects run at once: a queue left behind under fake timers would hold up every later test.
options.requestAnimationFrame = (run) => void setImmediate(run);

export const NOW = new Date('2026-11-21T14:00:00').getTime();
export const MINUTE = 60_000;

/** A login that is green at NOW; `change` is what a test is about. */
export const green = (change: Partial<LoginRecord> = {}): LoginRecord => greenLogin(NOW, change);

/** Renders into an empty document. */
export function show(what: ComponentChild): HTMLElement {
  document.body.replaceChildren(document.createElement('div'));
  const root = document.body.firstElementChild as HTMLElement;
  render(what, root);
  return root;
}

/** Lets promises, Preact's renders, its effects and what is loaded on demand run. */
export async function settle(): Promise<void> {
  await turns();
  await vi.dynamicImportSettled();
  await turns();
}

async function turns(): Promise<void> {
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
