/** A login that the broker moves to a host of its own: asked for, followed, and kept alive there. */
import { sentence } from '../sentence.ts';
import { connected, type Scene } from './scene.ts';
import { expect, test, until } from './test.ts';

const OLD = 'demo.tradovateapi.com';
const FIRM = 'demo-firm.tradovateapi.com';
const LIFE = 36_000;

const settings = (scene: Scene) => scene.broker.user('sam').settings;
const callsTo = (scene: Scene, host: string) =>
  scene.broker.journal.filter((call) => call.host === host);

/** Signed in at the old host, whose replies name the new one; now nothing works there any more. */
async function moved(scene: Scene) {
  scene.addUser('sam', { lifetimeMs: LIFE, apiHosts: { demo: FIRM }, oldHost: 'still-serves' });
  await scene.connect('sam');
  await scene.shows('Connected', `The broker now names ${FIRM}`);
  settings(scene).oldHost = 'sends-away';
  const popup = await scene.openPopup();
  await popup.click('button', sentence('popup_renew'));
  await popup.waitForText(sentence('cause_hostMoved'));
  expect(callsTo(scene, FIRM)).toEqual([]);
  return popup;
}

test('bug class 13: followed once the person allows the new host, even with the background asleep', async ({
  scene,
}) => {
  const popup = await moved(scene);
  await scene.browser.killBackground();
  await scene.browser.answerPermission(FIRM, true, () =>
    popup.click('button', sentence('popup_allow', { host: FIRM })),
  );
  await popup.waitForText(connected(1));
  await popup.close();
  const [first] = callsTo(scene, FIRM);
  expect(first).toMatchObject({ endpoint: 'renewaccesstoken', outcome: 'renewed' });
  // From then on by alarm, and never at the old host again.
  const old = callsTo(scene, OLD).length;
  await until(() => (scene.broker.sessionsOf('sam')[0]?.renewals ?? 0) >= 2, {
    what: 'the next renewal, at the new host',
    timeoutMs: LIFE,
  });
  await scene.shows('Connected');
  expect(callsTo(scene, OLD)).toHaveLength(old);
  expect(scene.calls('accesstokenrequest')).toBe(1);
  expect(scene.broker.sessionsOf('sam')).toHaveLength(1);
});

test('allowed in the toolbar’s popup, which is gone by the time the person answers', async ({
  scene,
}) => {
  const { browser } = scene;
  test.skip(browser.pressInToolbarPopup === undefined);
  await (await moved(scene)).close();
  await browser.answerPermission(FIRM, true, async () =>
    browser.pressInToolbarPopup?.(sentence('popup_allow', { host: FIRM })),
  );
  await scene.shows('Connected');
  expect(callsTo(scene, FIRM).map(({ outcome }) => outcome)).toContain('renewed');
});

test('refused: nothing is lost, nothing is sent there, and it can be allowed later', async ({
  scene,
}) => {
  // Chromium's question cannot be answered with no from outside.
  test.skip(scene.browser.name === 'chromium');
  const popup = await moved(scene);
  const ask = () => popup.click('button', sentence('popup_allow', { host: FIRM }));
  await scene.browser.answerPermission(FIRM, false, ask);
  await popup.waitForText(sentence('popup_notAllowed'));
  expect(callsTo(scene, FIRM)).toEqual([]);
  await scene.browser.answerPermission(FIRM, true, ask);
  await popup.waitForText(connected(1));
});

test('access to the broker that is taken away in the browser is said at once, and given back by a click', async ({
  scene,
}) => {
  scene.addUser('sam');
  await scene.connect('sam');
  const popup = await scene.openPopup();
  await popup.waitForText(connected(1));
  const calls = callsTo(scene, OLD).length;
  await scene.browser.killBackground();
  await scene.browser.takePermission(OLD);
  await popup.waitForText('does not let Holdfast talk to the broker');
  await popup.waitForText(`Allow Holdfast to call ${OLD}`);
  await popup.click('button', sentence('popup_renew'));
  await popup.waitFor(() => document.querySelector('[role=alert]') !== null);
  expect(callsTo(scene, OLD)).toHaveLength(calls);
  // A host of the manifest is granted by Chromium's page of extensions without a question.
  const ask =
    scene.browser.name === 'chromium'
      ? () => Promise.resolve()
      : () => popup.click('button', sentence('popup_allow', { host: OLD }));
  await scene.browser.answerPermission(OLD, true, ask);
  await popup.waitForText(connected(1));
});
