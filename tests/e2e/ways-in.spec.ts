/** The other ways in: the broker's own page, and a token that another program holds. */
import { TWIN_HOSTS } from '../../utils/tradovate/hosts.ts';
import { sampleApp, sampleOAuthApp } from '../simulator/broker-types.ts';
import { sentence } from '../sentence.ts';
import type { TestPage } from './browsers/browser.ts';
import { look } from './look.ts';
import { connected, PASSWORD, type Scene } from './scene.ts';
import { expect, test, until } from './test.ts';

/** Another program is signed in; what it holds. */
function otherProgram(scene: Scene, userName: string): string {
  const session = scene.broker.openSession(userName, sampleApp.appId, 'demo');
  const { accessToken, mdAccessToken, expiresAt } = session;
  const expirationTime = new Date(expiresAt).toISOString();
  return JSON.stringify({ accessToken, mdAccessToken, expirationTime, name: userName }, null, 2);
}

test('a token of another program is taken over, kept, and taken over again', async ({ scene }) => {
  scene.addUser('sam', { lifetimeMs: 24_000 });
  const page = await scene.openOptions();
  await page.check(sentence('signIn_byToken'), true);
  await page.check(sentence('signIn_demo'), true);
  await page.fill(sentence('signIn_accessToken'), 'nothing that is one');
  await page.click('button', sentence('signIn_takeOver'));
  await page.waitForText('There is no token in what you pasted');
  expect(await page.focused()).toMatchObject({ name: sentence('signIn_accessToken') });
  await page.fill(sentence('signIn_accessToken'), otherProgram(scene, 'sam'));
  await page.click('button', `Show ${sentence('signIn_accessToken')}`);
  await page.click('button', sentence('signIn_takeOver'));
  await page.waitForText(sentence('options_takenOver', { label: 'sam' }));
  await page.close();
  await scene.shows('Connected');
  const [session] = scene.broker.sessionsOf('sam');
  const popup = await scene.openPopup();
  await popup.waitFor(() => true);
  await scene.browser.killBackground();
  await expect
    .poll(() => session?.renewals ?? 0, { timeout: 40_000, intervals: [100] })
    .toBeGreaterThan(0);
  scene.broker.closeSession(session?.id ?? '');
  await popup.click('button', sentence('popup_renew'));
  await popup.waitForText('Disconnected', { timeoutMs: 40_000 });
  await popup.click('button', sentence('popup_reconnect'));
  await popup.fill(sentence('signIn_accessToken'), otherProgram(scene, 'sam'));
  await popup.press('Enter');
  await popup.waitForText(connected(1));
  expect(scene.calls('accesstokenrequest')).toBe(0);
  expect(scene.broker.allSessions()).toHaveLength(2);
});

/** The form for the broker's page, filled, with its redirect URI registered at the broker. */
async function oauthForm(scene: Scene, userName: string): Promise<TestPage> {
  const page = await filledForm(scene, userName);
  await page.click('button', AT_TRADOVATE);
  return page;
}

async function filledForm(scene: Scene, userName: string): Promise<TestPage> {
  const page = await scene.openOptions();
  await page.check(sentence('signIn_byOAuth'), true);
  const uri = await page.waitFor(() => document.querySelector('.uri')?.textContent ?? '');
  scene.broker.settings.oauthApps = [{ ...sampleOAuthApp, redirectUris: [uri] }];
  await page.check(sentence('signIn_demo'), true);
  await page.fill(sentence('signIn_clientId'), sampleOAuthApp.clientId);
  await page.fill(sentence('signIn_clientSecret'), sampleOAuthApp.clientSecret);
  await page.check(sentence('signIn_keepClientSecret'), true);
  await page.fill(sentence('signIn_userName'), userName);
  return page;
}

const AT_TRADOVATE = sentence('signIn_atBroker', { broker: 'Tradovate' });

const WINDOW = /trader\.tradovate\.com\/oauth/;

/** Signs in on the broker's page and allows access. */
async function allow(scene: Scene, userName: string): Promise<void> {
  await allowIn(await scene.browser.waitForPage(WINDOW), userName);
}

async function allowIn(window: TestPage, userName: string): Promise<void> {
  await window.waitFor(() => document.querySelector('#allow') !== null);
  await window.fill('Username', userName);
  await window.fill('Password', PASSWORD);
  await window.click('button', 'Sign in and allow');
}

test('a login signs in on the broker’s page though the form has been closed, and is kept', async ({
  scene,
}) => {
  scene.addUser('sam', { lifetimeMs: 15_000 });
  const page = await oauthForm(scene, 'sam');
  await scene.browser.waitForPage(WINDOW);
  await scene.shows('Reconnecting', 'Signing in');
  await page.close();
  await allow(scene, 'sam');
  await scene.shows('Connected');
  const [session] = scene.broker.sessionsOf('sam');
  await until(() => (session?.renewals ?? 0) > 0, { what: 'a renewal', timeoutMs: 20_000 });
  expect(scene.calls('oauthtoken')).toBe(1);
  expect(scene.broker.allSessions()).toHaveLength(1);
});

test('a reconnect on the broker’s page goes on though the popup has closed over it', async ({
  scene,
}) => {
  scene.addUser('sam');
  // Nothing brings it back without the window.
  scene.broker.settings.refreshTokenMs = 1;
  const page = await oauthForm(scene, 'sam');
  await allow(scene, 'sam');
  await page.waitForText(sentence('options_signedIn', { label: 'sam' }));
  await page.close();
  const [session] = scene.broker.sessionsOf('sam');
  scene.broker.closeSession(session?.id ?? '');
  const popup = await scene.openPopup();
  await popup.click('button', sentence('popup_renew'));
  await popup.waitForText('Disconnected');
  await popup.click('button', sentence('popup_reconnect'));
  await popup.waitForText(sentence('signIn_opensOneAtBroker'));
  await popup.click('button', AT_TRADOVATE);
  await scene.browser.waitForPage(WINDOW);
  await popup.close();
  await allow(scene, 'sam');
  await scene.shows('Connected');
});

test('an app of the development twin signs in there, and nothing is asked of the real system', async ({
  scene,
}) => {
  scene.addUser('sam', { lifetimeMs: 15_000 });
  const { browser } = scene;
  const page = await filledForm(scene, 'sam');
  for (const app of scene.broker.settings.oauthApps) app.twin = true;
  await page.check(sentence('signIn_twin'), true);
  const signIn = () => page.click('button', AT_TRADOVATE);
  // Firefox asks once for both hosts.
  if (browser.name === 'chromium') {
    await browser.answerPermission(TWIN_HOSTS.live, true, () => Promise.resolve());
  }
  await browser.answerPermission(TWIN_HOSTS.demo, true, signIn);
  await allowIn(await browser.waitForPage(/trader-d\.tradovate\.com\/oauth/), 'sam');
  await scene.shows('Connected', 'development');
  await until(() => (scene.broker.sessionsOf('sam')[0]?.renewals ?? 0) > 0, {
    what: 'a renewal',
    timeoutMs: 20_000,
  });
  const calls = scene.broker.journal.filter(({ from }) => from === 'program');
  expect(new Set(calls.map(({ host }) => host))).toEqual(new Set(Object.values(TWIN_HOSTS)));
});

test('a window that is closed, and access that is denied, are said at the form', async ({
  scene,
}) => {
  scene.addUser('sam');
  const page = await oauthForm(scene, 'sam');
  await (await scene.browser.waitForPage(WINDOW)).close();
  await page.waitForText('closed before the sign-in was through');
  await page.click('button', AT_TRADOVATE);
  const window = await scene.browser.waitForPage(WINDOW);
  await window.waitFor(() => document.querySelector('#deny') !== null);
  await window.click('button', 'Deny');
  await page.waitForText('Access was denied on the broker’s page');
  await page.click('button', AT_TRADOVATE);
  await allow(scene, 'sam');
  await page.waitForText(sentence('options_signedIn', { label: 'sam' }));
});

async function windowsOf(scene: Scene): Promise<TestPage[]> {
  const pages = await scene.browser.pages();
  const urls = await Promise.all(pages.map((page) => page.url()));
  return pages.filter((_, index) => WINDOW.test(urls[index] ?? ''));
}

test('two sign in at once, in one window after the other; the same one again is offered its session', async ({
  scene,
}) => {
  for (const name of ['sam', 'kim']) scene.addUser(name);
  const first = await oauthForm(scene, 'sam');
  const window = await scene.browser.waitForPage(WINDOW);
  const second = await oauthForm(scene, 'kim');
  // Browsers show one window at a time: the second comes when the first is through.
  await allowIn(window, 'sam');
  await first.waitForText(sentence('options_signedIn', { label: 'sam' }));
  await allow(scene, 'kim');
  const popup = await scene.openPopup();
  await popup.waitForText(connected(2));
  await second.fill(sentence('signIn_clientId'), sampleOAuthApp.clientId);
  await second.fill(sentence('signIn_clientSecret'), sampleOAuthApp.clientSecret);
  await second.fill(sentence('signIn_userName'), 'sam');
  await second.check(sentence('signIn_demo'), true);
  await second.click('button', AT_TRADOVATE);
  await second.waitForText('This login is already here, as “sam”. Use its session');
  expect(scene.broker.allSessions()).toHaveLength(2);
});

test('a worker that dies while the window is open leaves no half login, and says so', async ({
  scene,
}) => {
  scene.addUser('sam');
  const page = await oauthForm(scene, 'sam');
  await scene.browser.waitForPage(WINDOW);
  await scene.browser.killBackground();
  await page.waitForText('background part did not answer');
  await page.close();
  const popup = await scene.openPopup();
  await popup.waitForText('sam');
  expect(scene.broker.allSessions()).toEqual([]);
  await popup.close();
  const options = await scene.openOptions();
  await options.click('button', sentence('options_edit'));
  await options.click('button', sentence('options_save'));
  await options.waitForText(sentence('options_saved'));
  await scene.shows('Disconnected', 'The browser stopped Holdfast in the middle of a call');
  const again = await scene.openPopup();
  await again.click('button', sentence('popup_reconnect'));
  await again.fill(sentence('signIn_clientSecret'), sampleOAuthApp.clientSecret);
  await again.press('Enter');
  // The window stays although nobody waits for it any more, and only Chromium says that it is in the way.
  const inTheWay = { chromium: 'page is open already', firefox: 'page was closed before' };
  await again.waitForText(inTheWay[scene.browser.name]);
  for (const window of await windowsOf(scene)) await window.close();
  scene.broker.settings.oauthKnows = 'sam';
  await again.fill(sentence('signIn_clientSecret'), sampleOAuthApp.clientSecret);
  await again.press('Enter');
  await again.waitForText(connected(1));
});

test('every way in is readable, in light and dark, wide and narrow', async ({ scene }) => {
  const page = await scene.openOptions();
  for (const way of ['signIn_byOAuth', 'signIn_byToken'] as const) {
    await page.check(sentence(way), true);
    for (const width of [1000, 380]) {
      await page.viewport({ width, height: 1_000 });
      await look(page, `${scene.browser.name}-options-${way.slice('signIn_by'.length)}-${width}`);
    }
  }
});
