/** The warning before a web login, what that login did, and the way back to green. */
import { sentence, sentenceFor } from '../sentence.ts';
import { everythingOnDisk } from './disk.ts';
import { WELCOME, type Scene } from './scene.ts';
import { expect, test, until } from './test.ts';

const warned = (scene: Scene, page: Parameters<Scene['card']>[0]) =>
  until(() => scene.card(page), { what: 'the warning card' });

test('bug class 10: warned before the third sign-in, red with its cause after it, green after Reconnect', async ({
  scene,
}) => {
  scene.addUser('sam', { slots: 2 });
  await scene.connect('sam', { label: 'APEX-3' });

  // The second session fits: nothing is said, and the token is seen to have survived.
  const first = await scene.browser.open(WELCOME);
  await first.waitFor(() => document.querySelector('#password-input') !== null);
  await scene.webLogin('sam', first);
  expect(await scene.card(first)).toBeNull();
  await scene.shows('Connected', 'this session survived it');

  // The third would close the oldest, which is ours.
  const second = await scene.browser.open(WELCOME);
  const card = await warned(scene, second);
  expect(card.text).toContain('APEX-3');
  const values = { label: 'APEX-3', known: '2', session: '…' };
  for (const part of sentenceFor('forecast_known_oldest', 2, values).split('…')) {
    expect(card.text).toContain(part);
  }
  await until(async () => (await everythingOnDisk(scene)).includes('"warning shown"'), {
    what: 'the warning in the journal',
  });
  await scene.webLogin('sam', second);
  await until(async () => (await scene.card(second)) === null, {
    what: 'the card to go with the form',
  });

  await scene.shows('Disconnected', sentence('cause_evicted'));
  expect(scene.calls('accesstokenrequest')).toBe(1);

  await scene.reconnect('sam');
  await scene.shows('Connected');
});

for (const host of ['trader.tradovate.com', 'web.ninjatrader.com', 'apex.tradovate.com']) {
  test(`on ${host} the card comes with a late form, stays off it, and goes with it`, async ({
    scene,
  }) => {
    scene.addUser('sam', { slots: 1 });
    await scene.connect('sam');
    await setSlots(scene, 1);
    const page = await scene.browser.open(`https://${host}/welcome?late=400`, {
      width: 1280,
      height: 800,
    });
    const card = await warned(scene, page);
    const form = await page.evaluate(() => {
      const box = document.querySelector('form')?.getBoundingClientRect();
      return box && { x: box.x, y: box.y, width: box.width, height: box.height };
    });
    if (!form) throw new Error('No form.');
    const { rect } = card;
    const apart =
      rect.x >= form.x + form.width ||
      rect.x + rect.width <= form.x ||
      rect.y >= form.y + form.height ||
      rect.y + rect.height <= form.y;
    expect(apart).toBe(true);
    // It took no focus and holds up nobody: the sign-in goes through with it there.
    expect(
      await page.evaluate(() => document.activeElement?.closest('[data-holdfast-card]') ?? null),
    ).toBeNull();
    await scene.webLogin('sam', page);
    await until(async () => (await scene.card(page)) === null, {
      what: 'the card to go with the form',
    });
  });
}

test('says nothing when no held session is at risk', async ({ scene }) => {
  scene.addUser('sam');
  await scene.connect('sam');
  const page = await scene.browser.open(WELCOME);
  await page.waitFor(() => document.querySelector('#password-input') !== null);
  // What would show it has been asked and answered when the sign-in has gone through.
  await scene.webLogin('sam', page);
  await scene.shows('Connected', 'Web login');
  expect(await scene.card(page)).toBeNull();
});

test('is dismissed for this visit, and the page learns nothing of it', async ({ scene }) => {
  scene.addUser('sam');
  await scene.connect('sam');
  await setSlots(scene, 1);
  const page = await scene.browser.open(WELCOME);
  const card = await warned(scene, page);
  expect(
    await page.evaluate(() => document.querySelector('[data-holdfast-card]')?.shadowRoot ?? null),
  ).toBeNull();
  await card.click(sentence('card_dismiss'));
  await until(async () => (await scene.card(page)) === null, { what: 'the card to go' });
  await page.evaluate('window.rerender?.()');
  await page.waitFor(() => document.querySelector('#password-input') !== null);
  await scene.webLogin('sam', page);
  expect(await scene.card(page)).toBeNull();
});

test('comes on a page that has written its document anew', async ({ scene }) => {
  scene.addUser('sam');
  await scene.connect('sam');
  await setSlots(scene, 1);
  const page = await scene.browser.open(WELCOME);
  await warned(scene, page);
  await page.evaluate(() => {
    // Takes away the root element and every listener.
    document.open();
    document.write('<!doctype html><title>Anew</title><p>No form yet</p>');
    document.close();
  });
  await until(async () => (await scene.card(page)) === null, { what: 'the card to go' });
  await page.evaluate(() => {
    document.body.innerHTML = '<form><input><input type="password"><button>Login</button></form>';
  });
  await warned(scene, page);
});

/** Changes the number of sessions of the only login, as a person does in the options. */
async function setSlots(scene: Scene, slots: number): Promise<void> {
  const page = await scene.openOptions();
  await page.click('button', sentence('options_edit'));
  await page.fill(sentence('options_slots'), String(slots));
  await page.click('button', sentence('options_save'));
  await page.waitForText(sentence('options_saved'));
  await page.close();
}
