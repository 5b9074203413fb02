/** The live link in real browsers: what a worker holds, what it shows, and what it notices in seconds. */
import { withTimes } from './clock.ts';
import { opening, sentence, sentenceFor } from '../sentence.ts';
import { AxeBuilder } from '@axe-core/playwright';
import type { TestPage } from './browsers/browser.ts';
import { WELCOME, type Scene } from './scene.ts';
import { connectionsOf2024 } from '../simulator/broker-types.ts';
import { expect, test, until } from './test.ts';

const shown = (orders: number) =>
  sentence('link_shown', {
    accounts: sentenceFor('link_accounts', 1),
    orders: sentenceFor('link_orders', orders),
    positions: sentenceFor('link_positions', 1),
  });
const COUNTS = shown(1);
const NOT_AGAIN = sentence('link_notAgain', { state: '' });

/** Ticks the box in the options, as a person does, and gives that page. */
async function switchOn(scene: Scene): Promise<TestPage> {
  const page = await scene.openOptions();
  await page.check(sentence('options_liveLink'), true);
  return page;
}

/** Sam is connected, his live link is switched on, and it is up where the browser can hold one. */
async function linked(scene: Scene, settings: Parameters<Scene['addUser']>[1] = {}) {
  scene.addUser('sam', settings);
  await scene.connect('sam');
  const page = await switchOn(scene);
  await page.waitForText(opening('link_up'));
  await page.close();
}

const sockets = (scene: Scene) =>
  scene.broker.journal.filter(({ endpoint, status }) => endpoint === 'websocket' && status === 101);
const open = (scene: Scene) => sockets(scene).filter(({ finishedAt }) => finishedAt === undefined);

test.describe('where a socket lasts', () => {
  test.beforeEach(({ scene }) => {
    test.skip(scene.browser.name === 'firefox', 'Firefox ends its background part after 30 s.');
  });

  test('is off by default, says what it costs, and shows what is open', async ({ scene }) => {
    scene.addUser('sam');
    await scene.connect('sam');
    const page = await scene.openOptions();
    await page.waitForText(sentence('options_liveLinkSocket'));
    expect(sockets(scene)).toHaveLength(0);
    await page.check(sentence('options_liveLink'), true);
    await page.waitForText(COUNTS);
    const popup = await scene.openPopup();
    await popup.waitForText(withTimes('link_up', ['time'], { shown: COUNTS }));
    await popup.waitForText(COUNTS);
    const order = { id: 99, ordStatus: 'Working' };
    scene.broker.pushProps('sam', { entityType: 'order', eventType: 'Created', entity: order });
    await popup.waitForText(shown(2));
    for (const { playwright } of [page, popup]) {
      if (!playwright) throw new Error('Chromium alone can be asked.');
      expect((await new AxeBuilder({ page: playwright }).analyze()).violations).toEqual([]);
    }
    await page.check(sentence('options_liveLink'), false);
    await until(() => open(scene).length === 0, { what: 'the socket to close' });
    await scene.shows('Connected');
  });

  test('an eviction is noticed in seconds', async ({ scene }) => {
    await linked(scene, { closedSessionAnswers: 'shutdown' });
    const popup = await scene.openPopup();
    await popup.waitForText(COUNTS);
    for (let other = 0; other < 2; other++) scene.broker.openSession('sam');
    await popup.waitForText(sentence('cause_evicted_told'), { timeoutMs: 8_000 });
    await scene.shows('Disconnected');
    expect(open(scene)).toHaveLength(0);
    expect(scene.calls('accesstokenrequest')).toBe(1);
  });

  test('maintenance is noticed in seconds, and the link comes back after it', async ({ scene }) => {
    await linked(scene);
    const popup = await scene.openPopup();
    await popup.waitForText(COUNTS);
    scene.broker.settings.maintenance = true;
    await popup.waitForText(opening('link_lostMaintenance'), { timeoutMs: 8_000 });
    scene.broker.settings.maintenance = false;
    await popup.waitForText(COUNTS, { timeoutMs: 60_000 });
    await scene.shows('Connected', '', 60_000);
  });

  test('too many connections: said, and not opened again before a person asks', async ({
    scene,
  }) => {
    await linked(scene);
    const popup = await scene.openPopup();
    scene.broker.shutDown('sam', 'ConnectionQuotaReached');
    await popup.waitForText(opening('link_lostConnectionQuota'));
    await popup.waitForText(NOT_AGAIN);
    await scene.shows('Connected', /The session itself works/);
    expect(sockets(scene)).toHaveLength(1);
    const page = await scene.openOptions();
    await page.check(sentence('options_liveLink'), false);
    await page.waitFor(() => document.querySelector('.live-link .soft') === null);
    await page.check(sentence('options_liveLink'), true);
    await page.waitForText(COUNTS);
  });

  test('where a customer has one connection, the link takes the platform’s', async ({ scene }) => {
    scene.addUser('sam', { connections: connectionsOf2024 });
    // Without a form, and so without a warning.
    scene.broker.settings.socialKnows = 'sam';
    const platform = await scene.browser.open(WELCOME);
    await platform.click('button', 'Continue with Google');
    await platform.click('button', /^Simulated Environment/);
    await platform.waitForText('Online');
    await scene.connect('sam');
    await platform.waitForText('Online');
    await switchOn(scene);
    await platform.waitForText('Offline: ConnectionQuotaReached');
    // And the other way round, once the platform is opened anew.
    await platform.evaluate('window.rerender()');
    await platform.waitForText('Online');
    const popup = await scene.openPopup();
    await popup.waitForText(opening('link_lostConnectionQuota'));
    await scene.shows('Connected');
  });

  test('a socket that falls silent is lost, and opened again', async ({ scene }) => {
    await linked(scene);
    const popup = await scene.openPopup();
    await popup.waitForText(COUNTS);
    scene.broker.settings.silentSockets = true;
    await popup.waitForText(opening('link_lostSilent'), { timeoutMs: 20_000 });
    scene.broker.settings.silentSockets = false;
    await popup.waitForText(COUNTS, { timeoutMs: 30_000 });
    await until(() => open(scene).length === 1, { what: 'one socket' });
  });

  test('follows the token through renewals, and the worker lives as long as it is up', async ({
    scene,
  }) => {
    await linked(scene, { lifetimeMs: 30_000 });
    const renewals = () => scene.calls('renewaccesstoken');
    await until(() => renewals() >= 2, { what: 'two renewals', timeoutMs: 90_000 });
    await until(() => open(scene).length === 1 && sockets(scene).length >= 3, {
      what: 'a socket with the token of the second renewal',
    });
    expect(await scene.browser.backgroundRuns()).toBe(true);
    await scene.shows('Connected', COUNTS);
    expect(scene.calls('accesstokenrequest')).toBe(1);
  });

  test('the worker dies, and the link is back when it has started again', async ({ scene }) => {
    await linked(scene);
    await scene.browser.killBackground();
    await until(() => open(scene).length === 0, { what: 'the socket to go with the worker' });
    const popup = await scene.openPopup();
    // An alarm brings it back; a click is quicker.
    await popup.click('button', sentence('popup_renew'));
    await until(() => open(scene).length === 1, { what: 'the link', timeoutMs: 30_000 });
    await popup.waitForText(COUNTS);
    await scene.shows('Connected');
    expect(open(scene)).toHaveLength(1);
  });

  test('pausing closes it, resuming opens it', async ({ scene }) => {
    await linked(scene);
    const popup = await scene.openPopup();
    await popup.click('button', sentence('popup_pauseKeeping'));
    await popup.click('button', sentence('popup_pause'));
    await popup.waitForText(sentence('link_idle'));
    await until(() => open(scene).length === 0, { what: 'the socket to close' });
    await popup.click('button', sentence('popup_resume'));
    await popup.waitForText(COUNTS);
  });
});

test('where none lasts it is checked every five minutes, and that is said', async ({ scene }) => {
  test.skip(scene.browser.name === 'chromium', 'Chromium holds a socket.');
  scene.addUser('sam');
  await scene.connect('sam');
  const page = await switchOn(scene);
  await page.waitForText(sentenceFor('options_liveLinkChecks', 5));
  await page.waitForText(sentenceFor('link_checks', 5));
  const popup = await scene.openPopup();
  await popup.waitForText(sentenceFor('link_checks', 5));
  const alarms = await popup.evaluate<number[]>(
    `browser.alarms.getAll().then((all) => all.map(({ scheduledTime }) => scheduledTime - Date.now()))`,
  );
  expect(Math.max(...alarms)).toBeLessThanOrEqual(5 * 60_000);
  expect(sockets(scene)).toHaveLength(0);
  expect(scene.calls('renewaccesstoken')).toBe(0);
});
