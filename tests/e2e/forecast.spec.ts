/** What the card says, row by row of the forecast's table, and what it leads to. */
import { beginning, fixedPart, opening, sentence } from '../sentence.ts';
import { sampleOAuthApp } from '../simulator/broker-types.ts';
import type { TestPage } from './browsers/browser.ts';
import { WELCOME, type Scene } from './scene.ts';
import { expect, test, until } from './test.ts';

const MINUTE = 60_000;
const WOULD_CLOSE = sentence('card_signIn_known');
const AT_RISK = sentence('card_atRisk');
const NOT_COPIER = sentence('card_notThis', { label: 'Copier' });
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
  const page = await warned(scene, sentence('card_signIn_known'));
  await says(scene, page, `${sentence('forecast_keptByHoldfast')} ${AT_RISK}`);
  await says(scene, page, sentence('forecast_instead_openTab', { site: 'trader.tradovate.com' }));
  await (await scene.card(page))?.click(sentence('card_openTab'));
  await until(() => open.evaluate(() => document.visibilityState === 'visible'), {
    what: 'the open tab to come to the front',
  });
  await page.close();

  // 2: ours and a web login whose tab is closed.
  await open.close();
  const closed = await warned(scene, sentence('card_signIn_likely'));
  await says(scene, closed, fixedPart('forecast_since_tabClosed'));
  await says(scene, closed, fixedPart('forecast_instead_waitForRoom'));
  await closed.close();

  // 3: ours, that web login and a declared one, whose age nobody knows.
  await edit(scene, 'APEX-3', 3, ['TradingView']);
  const declared = await warned(scene, fixedPart('forecast_unknown'));
  await says(scene, declared, `TradingView ${AT_RISK}`);
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
  const page = await warned(scene, sentence('card_signIn_likely'));
  await says(scene, page, sentence('forecast_openedElsewhere'));
  await (await scene.card(page))?.click(sentence('card_why'));
  await says(scene, page, sentence('forecast_why_statistics'));
});

test('ours, while it is not known whether it is still there', async ({ scene }) => {
  scene.addUser('sam', { slots: 9 });
  await scene.connect('sam');
  scene.broker.fault({ endpoint: 'account/list', fault: 'error-500', times: Infinity });
  await scene.webLogin('sam');
  // In the maintenance hours other words are said of it.
  await scene.shows('Reconnecting', /The broker (has a fault of its own|does not answer)/);
  const page = await warned(scene, sentence('card_signIn_likely'));
  await says(scene, page, fixedPart('forecast_instead_waitForProof'));
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

  const page = await warned(scene, sentence('card_which'));
  const text = (await scene.card(page))?.text ?? '';
  expect(text).toContain('APEX-3');
  expect(text).not.toContain('Spare');
  await (await scene.card(page))?.click('Copier');
  await says(scene, page, NOT_COPIER);
  await page.close();

  const again = await warned(scene, NOT_COPIER);
  await warned(scene, sentence('card_which'), 'https://web.ninjatrader.com/welcome');
  await (await scene.card(again))?.click(NOT_COPIER);
  await says(scene, again, sentence('card_which'));
  await (await scene.card(again))?.click('Copier');
  await says(scene, again, NOT_COPIER);

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
    const page = await warned(scene, sentence('card_app_known'), `https://${host}${CONSENT}`);
    // Signed in already, such a page has no password field.
    await page.evaluate(() => document.querySelector('#password-input')?.remove());
    await page.evaluate(() => document.body.append(document.createElement('i')));
    await says(scene, page, sentence('card_app_known'));
  });
}

test('outlives re-rendering, goes and comes with the page, and after an update says to reload', async ({
  scene,
}) => {
  scene.addUser('sam');
  await scene.connect('sam');
  await edit(scene, 'sam', 1);
  const page = await warned(scene, WOULD_CLOSE);
  await page.evaluate('window.rerender()');
  await page.waitFor(() => document.querySelector('#password-input') !== null);
  await says(scene, page, WOULD_CLOSE);
  // The application shows another of its pages, then the form again.
  await page.evaluate(`document.querySelector('#root').replaceChildren()`);
  await until(async () => (await scene.card(page)) === null, { what: 'the card to go' });
  await page.evaluate('window.rerender()');
  await says(scene, page, WOULD_CLOSE);

  const options = await scene.openOptions();
  await options.evaluate('void chrome.runtime.reload()').catch(() => undefined);
  // Firefox ends the old script and starts the new one in pages that are open.
  const words = scene.browser.name === 'chromium' ? sentence('card_reload') : WOULD_CLOSE;
  await says(scene, page, words);
});
