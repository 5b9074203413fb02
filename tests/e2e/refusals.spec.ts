/** Every refused sign-in says what happened where it was typed, and loses nothing that was typed. */
import { sentence, sentenceFor } from '../sentence.ts';
import type { TestPage } from './browsers/browser.ts';
import { look } from './look.ts';
import { PASSWORD, type Scene } from './scene.ts';
import { expect, test, until } from './test.ts';

/** Tries to connect and gives the form back. */
async function tryToConnect(scene: Scene, userName: string, change = {}): Promise<TestPage> {
  const page = await scene.openOptions();
  await scene.fillConnectForm(page, userName, change);
  await page.click('button', sentence('signIn_connect'));
  return page;
}

const value = (page: TestPage, label: string) =>
  page.evaluate((label: string) => {
    const fields = [...document.querySelectorAll('input')];
    return fields.find((field) => field.labels?.[0]?.textContent?.includes(label))?.value;
  }, label);

test('a wrong password', async ({ scene }) => {
  scene.addUser('sam');
  const page = await tryToConnect(scene, 'sam', { password: 'made-up-wrong-one' });
  await page.waitForText(sentence('cause_wrongCredentials'));
  expect(await page.focused()).toMatchObject({ name: sentence('signIn_password') });
  expect(await value(page, sentence('signIn_userName'))).toBe('sam');
  expect(await value(page, sentence('signIn_apiSecret'))).not.toBe('');
  expect(await value(page, sentence('signIn_password'))).toBe('');
  await page.fill(sentence('signIn_password'), PASSWORD);
  await page.click('button', sentence('signIn_connect'));
  await page.waitForText(sentence('options_signedIn', { label: 'sam' }));
  await scene.shows('Connected');
});

test('a password that was shown is not on disk afterwards either', async ({ scene }) => {
  scene.addUser('sam');
  const page = await scene.openOptions();
  await scene.fillConnectForm(page, 'sam');
  await page.click('button', `Show ${sentence('signIn_password')}`);
  await page.click('button', `Show ${sentence('signIn_apiSecret')}`);
  // Browsers write the state of their tabs to disk at a change of page, and at the end at the latest.
  await page.click('link', sentence('options_privacy'));
  await page.click('button', sentence('signIn_connect'));
  await page.waitForText(sentence('options_signedIn', { label: 'sam' }));
});

test('a locked user', async ({ scene }) => {
  scene.addUser('sam', { status: 'TemporaryLocked' });
  const page = await tryToConnect(scene, 'sam');
  await page.waitForText(sentence('cause_userLocked'));
  expect(await page.focused()).toMatchObject({ name: sentence('signIn_userName') });
});

test('a penalty ticket is counted down, and sent along the next time', async ({ scene }) => {
  scene.addUser('sam');
  scene.broker.fault({ endpoint: 'accesstokenrequest', fault: 'penalty', pTime: 3 });
  const page = await tryToConnect(scene, 'sam');
  await page.waitForText(sentence('cause_penalty'));
  await page.waitForText(new RegExp(sentence('signIn_tryAgainIn', { duration: '\\d s' })));
  expect(scene.calls('accesstokenrequest')).toBe(1);
  await page.click('button', sentence('signIn_connect'));
  await page.waitForText(sentence('options_signedIn', { label: 'sam' }));
  expect(scene.broker.journal.map(({ outcome }) => outcome)).toEqual(['penalty', 'token', 'ok']);
});

test('offline', async ({ scene }) => {
  scene.addUser('sam');
  scene.simulator.goOffline();
  const page = await tryToConnect(scene, 'sam');
  await page.waitForText(/cannot be reached|is offline/, { timeoutMs: 20_000 });
  expect(await value(page, sentence('signIn_userName'))).toBe('sam');
  scene.simulator.goOnline();
  await page.click('button', sentence('signIn_connect'));
  await page.waitForText(sentence('options_signedIn', { label: 'sam' }), { timeoutMs: 20_000 });
});

test('the fourth failed sign-in within an hour stays here, unless the person insists', async ({
  scene,
}) => {
  scene.addUser('sam');
  const page = await tryToConnect(scene, 'sam', { password: 'made-up-wrong-one' });
  for (let failed = 1; failed <= 3; failed++) {
    await until(() => scene.calls('accesstokenrequest') === failed, { what: `try ${failed}` });
    await page.waitForText(sentence('cause_wrongCredentials'));
    await page.fill(sentence('signIn_password'), failed < 3 ? 'made-up-wrong-one' : PASSWORD);
    await page.click('button', sentence('signIn_connect'));
  }
  await page.waitForText(sentenceFor('refusal_failedOften', 3));
  await page.waitForText(sentence('signIn_tryAgainIn', { duration: '59 min' }));
  expect(scene.calls('accesstokenrequest')).toBe(3);
  await look(page, `${scene.browser.name}-options-held-back`);
  await page.click('button', sentence('signIn_tryAnyway'));
  await page.waitForText(sentence('options_signedIn', { label: 'sam' }));
  expect(scene.calls('accesstokenrequest')).toBe(4);
});
