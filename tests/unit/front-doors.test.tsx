// @vitest-environment happy-dom
/** One entry in the table of front doors is a further door everywhere: here one is added. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { render } from 'preact';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { browser } from './fake-browser.ts';
import { greenLogin } from '../sample-login.ts';

const TABLE = 'utils/tradovate/front-doors.ts';
const ENTRY = `
  third: {
    name: 'Third Door',
    pages: '*.third.example',
    webTrader: 'https://trade.third.example/welcome',
    authorize: 'https://trade.third.example/oauth',
    authorizeTwin: 'https://trade-d.third.example/oauth',
  },
`;
const third = 'third' as never;
const PAGE = 'https://trade.third.example/welcome';

beforeAll(() => {
  const source = readFileSync(TABLE, 'utf8');
  const folder = '.artefacts/third-door';
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    `${folder}/front-doors.ts`,
    source.replace(/(?=^\} satisfies Record<string, FrontDoor>)/m, ENTRY),
  );
  vi.resetModules();
  vi.doMock(
    '../../utils/tradovate/front-doors.ts',
    () => import(/* @vite-ignore */ `../../${folder}/front-doors.ts`),
  );
});
afterAll(() => {
  vi.doUnmock('../../utils/tradovate/front-doors.ts');
  vi.resetModules();
});

test('it can be picked, with where people sign in there', async () => {
  const { WhereStep } = await import('../../components/sign-in/WhereStep.tsx');
  document.body.innerHTML = '';
  render(<WhereStep />, document.body);
  const offered = document.querySelector<HTMLInputElement>('input[value=third]');
  expect(offered?.closest('label')?.textContent).toContain('Third Door');
  expect(offered?.closest('label')?.textContent).toContain('trade.third.example');
});

test('what is sent for it is let in, from its pages too', async () => {
  const { admit, MESSAGES } = await import('../../utils/messages/border.ts');
  expect(v.safeParse(MESSAGES.signIn.input.entries.brand, third).success).toBe(true);
  const sender = { id: browser.runtime.id, url: PAGE, frameId: 0, tab: { id: 7 } };
  expect(admit('signInFormSeen', sender)).toMatchObject({ host: 'trade.third.example' });
  const elsewhere = { ...sender, url: 'https://third.example.com/welcome' };
  expect(() => admit('signInFormSeen', elsewhere)).toThrow();
});

test('it is stored, read, and named', async () => {
  const { readRecord } = await import('../../utils/records/login.ts');
  const { place } = await import('../../utils/words/time.ts');
  const stored = { ...greenLogin(0), brand: third, organisation: null };
  expect(readRecord(stored)?.brand).toBe('third');
  expect(place(stored)).toContain('Third Door');
});

test('its own page is opened for a sign-in by OAuth', async () => {
  const { authorizeUrl } = await import('../../utils/tradovate/oauth.ts');
  const asked = { clientId: '1', redirectUri: 'https://x.example/', state: 's' };
  expect(authorizeUrl({ brand: third }, asked)).toMatch(
    /^https:\/\/trade\.third\.example\/oauth\?/,
  );
});

test('the content script runs on its pages', async () => {
  const { WEB_PAGES } = await import('../../utils/tradovate/front-doors.ts');
  const { default: script } = await import('../../entrypoints/trader.content/index.ts');
  expect(WEB_PAGES).toContain('https://*.third.example/*');
  expect(script.matches).toEqual(WEB_PAGES);
});
