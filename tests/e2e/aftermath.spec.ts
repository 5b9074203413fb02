/** After a web login that cost a session: told once, and no tug-of-war. */
import { noticesSeen, watchNotices } from './notices.ts';
import { sentence } from '../sentence.ts';
import { WELCOME } from './scene.ts';
import { expect, test, until } from './test.ts';

test('one notification, whose click opens Reconnect; at the second loss Holdfast offers to yield', async ({
  scene,
}) => {
  scene.addUser('sam', { slots: 1 });
  await scene.connect('sam');
  const watcher = await scene.openOptions();
  await watchNotices(watcher);
  const seen = () => noticesSeen(watcher);
  const tab = await scene.webLogin('sam');
  await scene.shows('Disconnected', sentence('cause_evicted'));
  const shown = await until(async () => (await seen())[0], { what: 'the notification' });
  expect(shown).toMatch(/^lost [\da-f-]{36}$/);

  const worker = tab.playwright?.context().serviceWorkers()[0];
  if (worker) {
    // No test can click a desktop's notification: Chromium can say that somebody did.
    await worker.evaluate(`chrome.notifications.onClicked.dispatch('${shown}')`);
    const window = await scene.browser.waitForPage(/popup\.html#reconnect=/);
    await window.waitFor(() => document.activeElement?.matches('[type=password]') ?? false);
    await window.close();
  }

  await scene.reconnect('sam');
  await scene.webLogin('sam', await scene.browser.open(WELCOME));
  await scene.shows('Disconnected', sentence('cause_tugOfWar'));
  // The one that it is back took the place of the first.
  expect(new Set(await seen()).size).toBe(1);
  const signIns = scene.calls('accesstokenrequest');
  const popup = await scene.openPopup();
  await popup.click('button', 'Until the tab closes');
  await popup.waitForText(sentence('cause_yielding_tab'));
  for (const page of await scene.browser.pages()) {
    if ((await page.url()).startsWith('https:')) await page.close();
  }
  await popup.waitForText(sentence('cause_tugOfWar'));
  expect(scene.calls('accesstokenrequest')).toBe(signIns);
});
