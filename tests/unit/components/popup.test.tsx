// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { render } from 'preact';
import { beforeEach, expect, test, vi } from 'vitest';
import type { LoginRecord } from '../../../utils/records/login.ts';
import { openRecords } from '../../../utils/vault/database.ts';
import { openVault } from '../../../utils/vault/vault.ts';
import { Popup } from '../../../entrypoints/popup/Popup.tsx';
import { green, MINUTE, NOW, settle, words } from './page.ts';

vi.mock('../../../utils/messages/protocol.ts', () => ({ ask: vi.fn() }));

const html = readFileSync('entrypoints/popup/index.html', 'utf8');
const body = /<body[^>]*>([^]*?)<script/.exec(html)?.[1] ?? '';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  return () => void vi.useRealTimers();
});

/** What the person sees before any script runs, and the popup rendered over it. */
async function open(logins: LoginRecord[]): Promise<{ before: Element[]; app: HTMLElement }> {
  document.body.innerHTML = body;
  const app = document.getElementById('app');
  if (app === null) throw new Error('The page has no #app.');
  const before = [...app.querySelectorAll('*')];
  const name = crypto.randomUUID();
  const vault = await openVault(name);
  for (const record of logins) await vault.write({ record });
  const records = await openRecords(name);
  render(<Popup records={records} stored={{ logins, awake: null }} />, app);
  return { before, app };
}

test('takes the header of the page over as it stands, so that nothing jumps', async () => {
  const { before, app } = await open([green()]);
  expect(before.map(({ localName }) => localName)).toContain('h1');
  for (const element of before) expect(app.contains(element)).toBe(true);
  expect(app.querySelectorAll('header')).toHaveLength(1);
  expect(app.querySelectorAll('h1')).toHaveLength(1);
  expect(app.firstElementChild?.className).toBe('top');
});

test('no word stands in the page that a language would change', () => {
  document.body.innerHTML = body;
  expect(words().trim()).toBe('Holdfast');
});

test('says in its first frame what is wrong, and what the broker says of the user', async () => {
  await open([
    green({
      end: { at: NOW - 5 * MINUTE, cause: 'evicted' },
      userStatus: 'TemporaryLocked',
    }),
  ]);
  expect(words()).toContain('another sign-in closed this session');
  expect(words()).toContain('The broker has locked this user for the moment.');
});

test('the worst comes first', async () => {
  const { app } = await open([
    green({ id: 'a', label: 'Green' }),
    green({ id: 'b', label: 'Paused', pausedAt: NOW }),
    green({ id: 'c', label: 'Evicted', end: { at: NOW, cause: 'evicted' } }),
  ]);
  const labels = [...app.querySelectorAll('.row-label')].map(({ textContent }) => textContent);
  expect(labels).toEqual(['Evicted', 'Paused', 'Green']);
});

test('rows that nobody sees without scrolling come after the first paint', async () => {
  const many = Array.from({ length: 20 }, (_, index) =>
    green({ id: String(index), label: `APEX-${index + 1}`, addedAt: NOW + index }),
  );
  const { app } = await open(many);
  const labels = () =>
    [...app.querySelectorAll('.row-label')].map(({ textContent }) => textContent);
  const all = many.map(({ label }) => label);
  expect(labels()).toEqual(all.slice(0, 10));
  await settle();
  expect(labels()).toEqual(all);
});
