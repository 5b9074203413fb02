/** What is told, when, and how it is set. */
import { beginning, sentence } from '../sentence.ts';
import { withTimes } from './clock.ts';
import { isHoliday } from '../../components/popup/ready.ts';
import { look } from './look.ts';
import { noticesSeen, watchNotices } from './notices.ts';
import type { TestPage } from './browsers/browser.ts';
import { expect, test, until } from './test.ts';

/** Keeps the titles of what is asked for from now on. */
const HEAR = `(() => {
  const { notifications } = chrome;
  const { create } = notifications;
  globalThis.titles = [];
  notifications.create = (id, options) => {
    titles.push(options.title);
    return create.call(notifications, id, options);
  };
})()`;

const CENTRAL = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Chicago',
  weekday: 'long',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

async function shown(page: TestPage, what: RegExp): Promise<string> {
  return until(async () => (await noticesSeen(page)).find((id) => what.test(id)), {
    what: `the notification ${what}`,
    timeoutMs: 40_000,
  });
}

const field = (page: TestPage, name: string) =>
  page.evaluate(
    (name: string) => document.querySelector<HTMLInputElement>(`[name=${name}]`)?.value,
    name,
  );

const READY = new RegExp(
  `${withTimes('ready_start', ['time'], { kept: '2', ready: '1' }).source} sam needs a sign-in\\.`,
);

test('settings are saved, refused where they are wrong, and kept over a crash', async ({
  scene,
}) => {
  const page = await scene.openOptions();
  await page.fill(/^Monday/, '9:15 am, soon');
  await page.click('button', sentence('options_saveSettings'));
  await page.waitForText(sentence('options_wrongTimes'));
  expect((await page.focused())?.name).toMatch(/^Monday/);
  await page.fill(/^Monday/, '9:15 am, 17:00');
  await page.check(beginning('options_quietOn'), true);
  await page.fill(sentence('options_quietUntil'), '06:45');
  await page.check(beginning('options_tellIdle'), false);
  await page.click('button', sentence('options_saveSettings'));
  await page.waitForText(sentence('options_saved'));
  await scene.browser.crash();
  await scene.browser.relaunch();
  const again = await scene.openOptions();
  await again.waitFor(() => document.querySelector('[name=day1]') !== null);
  expect(await field(again, 'day1')).toBe('09:15, 17:00');
  expect(await field(again, 'until')).toBe('06:45');
  expect(await field(again, 'day0')).toBe('17:00');
  const ticks = await again.evaluate(() =>
    ['ends', 'idle', 'quiet'].map(
      (name) => document.querySelector<HTMLInputElement>(`[name=${name}]`)?.checked,
    ),
  );
  expect(ticks).toEqual([true, false, true]);
});

test('a test notification is handed over to the system, and says so', async ({ scene }) => {
  const page = await scene.openOptions();
  await watchNotices(page);
  await page.click('button', sentence('options_test'));
  await page.waitForText(sentence('options_testShown'));
  expect(await shown(page, /^test$/)).toBe('test');
});

test('a login that cannot be renewed: a warning, its end, and that it is back', async ({
  scene,
}) => {
  scene.addUser('sam', { lifetimeMs: 30_000 });
  scene.broker.fault({
    endpoint: 'renewaccesstoken',
    fault: 'error-200',
    text: 'Renewal is not allowed.',
    times: Infinity,
  });
  const watcher = await scene.openOptions();
  await watchNotices(watcher);
  await scene.connect('sam');
  const worker = watcher.playwright?.context().serviceWorkers()[0];
  // What a notification says no browser tells: in Chromium what is asked for can be heard.
  await worker?.evaluate(HEAR);
  const id = await shown(watcher, /^lost/);
  expect(id).toMatch(/^lost [\da-f-]{36}$/);
  await scene.shows('Token expired', sentence('popup_reconnect'), 40_000);
  await scene.reconnect('sam');
  if (!worker) return;
  const titles = () => worker.evaluate<string[]>('titles');
  await until(async () => (await titles()).length > 3, { what: 'the word that it is back' });
  expect(await titles()).toEqual([
    sentence('notice_endsIn', { label: 'sam', left: '1 min' }),
    sentence('notice_endsIn', { label: 'sam', left: '1 min' }),
    sentence('notice_needsSignIn', { label: 'sam' }),
    sentence('notice_isBack', { label: 'sam', length: '1 min' }),
  ]);
});

test('the person’s own time to trade: who is ready is looked at, and said', async ({ scene }) => {
  for (const name of ['sam', 'A login with a label that is as long as labels may be, or so']) {
    scene.addUser(name, { slots: 1 });
    await scene.connect(name);
  }
  scene.broker.closeSession(scene.broker.sessionsOf('sam')[0]?.id ?? '');
  const popup = await scene.openPopup();
  await popup.click('button', /^sam/);
  await popup.click('button', sentence('popup_renew'));
  await popup.waitForText('Disconnected');
  const page = await scene.openOptions();
  await watchNotices(page);
  const start = Date.now() + 20 * 60_000;
  const { weekday, hour, minute } = Object.fromEntries(
    CENTRAL.formatToParts(start).map(({ type, value }) => [type, value]),
  );
  await page.fill(`${weekday}`, `${hour}:${minute}`);
  await page.click('button', sentence('options_saveSettings'));
  await page.waitForText(sentence('options_saved'));
  await shown(page, /^ready$/);
  await page.close();
  if (isHoliday(start)) return;
  await popup.waitForText(READY);
  for (const width of [380, 320]) {
    await popup.viewport({ width, height: 700 });
    await popup.evaluate(() => document.querySelector('.market')?.scrollIntoView());
    await look(popup, `ready-${width}-${scene.browser.name}`);
  }
});

test('the settings can be used in any light, at any width, and by anybody', async ({ scene }) => {
  const page = await scene.openOptions();
  await page.waitFor(() => document.querySelector('[name=day1]') !== null);
  const there = () =>
    page.evaluate(() => document.getElementById('notifications')?.scrollIntoView());
  await there();
  await look(page, `settings-${scene.browser.name}`);
  await page.fill(/^Monday/, 'soon');
  await page.fill(sentence('options_quietUntil'), '');
  await page.click('button', sentence('options_saveSettings'));
  await page.viewport({ width: 360, height: 1_900 });
  await there();
  await look(page, `settings-narrow-${scene.browser.name}`);
});
