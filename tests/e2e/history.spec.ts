/** The history page: what happened, and the support report. */
import { sentence } from '../sentence.ts';
import { look } from './look.ts';
import { PASSWORD, type Scene } from './scene.ts';
import { sampleApp } from '../simulator/broker-types.ts';
import { expect, test } from './test.ts';

const LONG = 'A very long label nobody in their right mind would ever give';

const open = (scene: Scene, width = 1_000) =>
  scene.browser.open(scene.browser.extensionUrl('timeline.html'), { width, height: 900 });

/** Puts journal lines of a day and of a week on disk, for the only login there is. */
async function remember(scene: Scene): Promise<void> {
  const page = await scene.browser.open(scene.browser.extensionUrl('manifest.json'));
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opened = indexedDB.open('holdfast');
        opened.onerror = () => reject(new Error('The vault does not open.'));
        opened.onsuccess = () => {
          const tx = opened.result.transaction(['logins', 'journal'], 'readwrite');
          const all = tx.objectStore('logins').getAll();
          all.onsuccess = () => {
            const [{ id: loginId }] = all.result as [{ id: string }];
            const lines = tx.objectStore('journal');
            const now = Date.now();
            const note = (minutes: number, what: string, words?: string) =>
              lines.add({
                loginId,
                at: now - minutes * 60_000,
                what,
                ...(words === undefined ? {} : { note: words }),
              });
            note(9_000, 'signed in');
            for (let minutes = 8_990; minutes > 2_000; minutes -= 55) note(minutes, 'renewed');
            note(2_000, 'web login seen', 'trader.tradovate.com');
            note(1_999, 'ended', 'evicted');
            note(1_300, 'signed in');
            for (let minutes = 1_290; minutes > 900; minutes -= 55) note(minutes, 'renewed');
            for (let minutes = 420; minutes > 200; minutes -= 50) note(minutes, 'renewed');
            note(195, 'failed', 'renewal · no-answer');
            for (let minutes = 150; minutes > 0; minutes -= 50) note(minutes, 'renewed');
          };
          tx.oncomplete = () => {
            opened.result.close();
            resolve();
          };
        };
      }),
  );
  await page.close();
}

test('what happened is drawn, told in words, and given as a table', async ({ scene }) => {
  scene.addUser('sam');
  await scene.connect('sam', { label: LONG });
  await remember(scene);
  const popup = await scene.openPopup();
  await popup.click('link', sentence('popup_history'));
  const page = await scene.browser.waitForPage(/timeline\.html#/);
  const words = [
    sentence('history_aliveFor', { duration: '.* h' }),
    sentence('history_atRiskFor', { duration: '45 min' }),
    sentence('history_asleep'),
  ];
  await page.waitForText(new RegExp(words.join('.*')));
  await page.click('radio', sentence('history_lastWeek'));
  await page.waitForText(sentence('history_dead'));
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true;
  });
  await page.waitForText('trader.tradovate.com');
  await look(page, `${scene.browser.name}-history-week`);
  await page.close();
  const narrow = await open(scene, 420);
  await narrow.waitForText(sentence('history_atRisk'));
  await look(narrow, `${scene.browser.name}-history-narrow`);
  const wide = await narrow.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wide).toBe(0);
});

test('the support report is made with one click, and no secret is in it', async ({ scene }) => {
  scene.addUser('sam');
  // Somebody pastes a piece of the API secret where the label belongs.
  await scene.connect('sam', { label: sampleApp.sec.slice(2, 16) });
  const popup = await scene.openPopup();
  await popup.click('button', sentence('popup_renew'));
  await popup.waitForText(sentence('popup_renewed'));
  await popup.close();
  const page = await open(scene);
  await page.click('button', sentence('report_make'));
  const text = await page.waitFor(() => document.querySelector('textarea')?.value);
  expect(text).toContain('User: sam, tradovate, demo');
  expect(text).toContain('works: not tried');
  await page.check(sentence('report_no'), true);
  await page.waitFor(() => document.querySelector('textarea')?.value.includes('works: no\n'));
  const shown = (await page.evaluate(() => document.querySelector('textarea')?.value)) ?? '';
  expect(shown).toContain('· renewed');
  const { accessTokens } = scene.broker.issued;
  for (const secret of [...accessTokens.map(({ token }) => token), PASSWORD, sampleApp.sec]) {
    for (let at = 0; at + 12 <= secret.length; at++)
      expect(shown).not.toContain(secret.slice(at, at + 12));
  }
  // What is saved is what is shown.
  await page.evaluate(() => {
    const create = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => {
      void blob.text().then((saved) => document.body.setAttribute('data-saved', saved));
      return create(blob);
    };
  });
  await look(page, `${scene.browser.name}-report`);
  await page.click('button', sentence('report_save'));
  expect(await page.waitFor(() => document.body.getAttribute('data-saved'))).toBe(shown);
  await page.check(sentence('report_shorten'), true);
  await page.waitFor(() => !document.querySelector('textarea')?.value.includes('User: sam'));
});
