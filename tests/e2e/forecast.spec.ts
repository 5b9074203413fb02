/** What the card says, row by row of the forecast's table, and what it leads to. */
import { sampleOAuthApp } from '../simulator/broker-types.ts';
import { beginning, opening, sentence } from '../sentence.ts';
import type { TestPage } from './browsers/browser.ts';
import { WELCOME, type Scene } from './scene.ts';
import { expect, test, until } from './test.ts';

const MINUTE = 60_000;
const CONSENT = `/oauth?${new URLSearchParams({
  response_type: 'code',
  client_id: sampleOAuthApp.clientId,
  redirect_uri: sampleOAuthApp.redirectUris[0] ?? '',
}).toString()}`;

/** Opens the sign-in page and waits for the card to say `words`. */
async function warned(scene: Scene, words: string, url = WELCOME): Promise<TestPage> {
  const page = await scene.browser.open(url);
  await says(scene, page, words);
  return page;
}

async function says(scene: Scene, page: TestPage, words: string): Promise<void> {
  let text = '';
  await until(
    async () => {
      text = (await scene.card(page))?.text.replaceAll(/\s+/g, ' ') ?? '';
      return text.includes(words);
    },
    { what: `a card that says "${words}"` },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)} It says: ${text}`);
  });
}

/** Opens the sign-in page and signs in there: what would show a card has then been asked and answered. */
async function notWarned(scene: Scene, user: string): Promise<void> {
  const page = await scene.browser.open(WELCOME);
  await scene.webLogin(user, page);
  expect(await scene.card(page)).toBeNull();
}

/** Changes the number of sessions of a login, and what is declared, as a person does in the options. */
async function edit(scene: Scene, label: string, slots: number, declared: string[] = []) {
  const page = await scene.openOptions();
  await page.click('button', sentence('options_edit'), label);
  await page.fill(sentence('options_slots'), String(slots), label);
  for (const name of declared) {
    await page.fill(beginning('options_declaredName'), name, label);
    await page.click('button', sentence('options_add'), label);
  }
  await page.click('button', sentence('options_save'), label);
  await page.waitForText(sentence('options_saved'));
  await page.close();
}

test('known, likely and not to be told apart: one login and what is known of its sessions', async ({
  scene,
}) => {
  scene.addUser('sam', { slots: 9 });
  await scene.connect('sam', { label: 'APEX-3' });

  // 2: ours. There is room, and a web login that survives says so.
  const open = await scene.browser.open(WELCOME);
  await scene.webLogin('sam', open);
  expect(await scene.card(open)).toBeNull();
  await scene.shows('Connected', 'this session survived it');

  // 2: ours and a web login. The way out that costs nothing is the tab that is open.
  const page = await warned(scene, 'This sign-in would close a session');
  await says(scene, page, 'Kept by Holdfast at risk');
  await says(scene, page, 'Use the trader tab that is open at trader.tradovate.com');
  await (await scene.card(page))?.click('Go to the open tab');
  await until(() => open.evaluate(() => document.visibilityState === 'visible'), {
    what: 'the open tab to come to the front',
  });
  await page.close();

  // 2: ours and a web login whose tab is closed.
  await open.close();
  const closed = await warned(scene, 'This sign-in may close a session');
  await says(scene, closed, 'tab closed, runs out by');
  await says(scene, closed, 'a session nobody uses has run out by then');
  await closed.close();

  // 3: ours, that web login and a declared one, whose age nobody knows.
  await edit(scene, 'APEX-3', 3, ['TradingView']);
  const declared = await warned(scene, 'Holdfast can’t tell which');
  await says(scene, declared, 'TradingView at risk');
  await declared.close();

  // 4: with room for one more, nothing is said.
  await edit(scene, 'APEX-3', 4);
  await notWarned(scene, 'sam');
});

test('a session that only the broker’s statistics tell of', async ({ scene }) => {
  const sam = scene.addUser('sam', { mayReadSessionStats: true });
  await scene.connect('sam');
  // Opened elsewhere, further from our own sign-in than clocks may differ.
  sam.lastSessionTime = Date.now() + 2 * MINUTE;
  const page = await warned(scene, 'This sign-in may close a session');
  await says(scene, page, 'Opened elsewhere');
  await (await scene.card(page))?.click('Why?');
  await says(scene, page, 'The broker’s statistics tell of a sign-in that was not made here');
});

test('ours, while it is not known whether it is still there', async ({ scene }) => {
  scene.addUser('sam', { slots: 9 });
  await scene.connect('sam');
  scene.broker.fault({ endpoint: 'account/list', fault: 'error-500', times: Infinity });
  await scene.webLogin('sam');
  // In the maintenance hours other words are said of it.
  await scene.shows('Reconnecting', /The broker (has a fault of its own|does not answer)/);
  const page = await warned(scene, 'This sign-in may close a session');
  await says(scene, page, 'Holdfast then asks the broker whether its session is still there');
});

test('an older web login would go: nothing is said, as that is one’s own', async ({ scene }) => {
  scene.addUser('sam', { slots: 9 });
  await scene.connect('sam');
  await notWarned(scene, 'sam');
  await scene.shows('Connected', 'this session survived it');
  scene.broker.closeSession(scene.broker.sessionsOf('sam')[0]?.id ?? '');
  const popup = await scene.openPopup();
  await popup.click('button', sentence('popup_renew'));
  await popup.waitForText('Disconnected');
  await popup.close();
  await scene.reconnect('sam');
  await notWarned(scene, 'sam');
});

test('several logins: those at risk to be picked, remembered for that host, and taken back', async ({
  scene,
}) => {
  scene.addUser('sam');
  scene.addUser('kim');
  scene.addUser('lee');
  await scene.connect('sam', { label: 'APEX-3' });
  await scene.connect('kim', { label: 'Copier' });
  await scene.connect('lee', { label: 'Spare' });
  await edit(scene, 'APEX-3', 1);
  await edit(scene, 'Copier', 1);

  const page = await warned(scene, 'Which login is it?');
  const text = (await scene.card(page))?.text ?? '';
  expect(text).toContain('APEX-3');
  expect(text).not.toContain('Spare');
  await (await scene.card(page))?.click('Copier');
  await says(scene, page, 'Not Copier?');
  await page.close();

  const again = await warned(scene, 'Not Copier?');
  await warned(scene, 'Which login is it?', 'https://web.ninjatrader.com/welcome');
  await (await scene.card(again))?.click('Not Copier?');
  await says(scene, again, 'Which login is it?');
  await (await scene.card(again))?.click('Copier');
  await says(scene, again, 'Not Copier?');

  const options = await scene.openOptions();
  await options.waitForText(sentence('options_signsInAt', { host: 'trader.tradovate.com' }));
  await options.click('button', beginning('options_forget'));
  await until(async () => !(await options.text()).includes(opening('options_signsInAt')), {
    what: 'the host to be forgotten',
  });
});

for (const host of ['trader.tradovate.com', 'web.ninjatrader.com', 'topstep.tradovate.com']) {
  test(`at ${host} an app that asks to be let in has its card, too`, async ({ scene }) => {
    scene.addUser('sam');
    await scene.connect('sam');
    await edit(scene, 'sam', 1);
    const page = await warned(scene, 'Allowing this app would close', `https://${host}${CONSENT}`);
    // Signed in already, such a page has no password field.
    await page.evaluate(() => document.querySelector('#password-input')?.remove());
    await page.evaluate(() => document.body.append(document.createElement('i')));
    await says(scene, page, 'Allowing this app would close');
  });
}

test('outlives re-rendering, goes and comes with the page, and after an update says to reload', async ({
  scene,
}) => {
  scene.addUser('sam');
  await scene.connect('sam');
  await edit(scene, 'sam', 1);
  const page = await warned(scene, 'would close');
  await page.evaluate('window.rerender()');
  await page.waitFor(() => document.querySelector('#password-input') !== null);
  await says(scene, page, 'would close');
  // The application shows another of its pages, then the form again.
  await page.evaluate(`document.querySelector('#root').replaceChildren()`);
  await until(async () => (await scene.card(page)) === null, { what: 'the card to go' });
  await page.evaluate('window.rerender()');
  await says(scene, page, 'would close');

  const options = await scene.openOptions();
  await options.evaluate('void chrome.runtime.reload()').catch(() => undefined);
  // Firefox ends the old script and starts the new one in pages that are open.
  const words =
    scene.browser.name === 'chromium' ? 'Reload this page to be warned again' : 'would close';
  await says(scene, page, words);
});
