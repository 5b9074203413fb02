/** The computer slept, or the browser was closed for the night: what the popup says in the morning. */
import { withTimes } from './clock.ts';
import { sentence, sentenceFor } from '../sentence.ts';
import { AxeBuilder } from '@axe-core/playwright';
import { onDisk } from './disk.ts';
import { connected, type Scene } from './scene.ts';
import { expect, test } from './test.ts';

const MINUTE = 60_000;
const NIGHT = 432 * MINUTE;
const LONG = 'A label as long as the form takes it, of sixty characters';

/** Makes what is stored look as if the keeper was awake for the last time so long ago, one minute before it was due. */
async function ageBy(scene: Scene, ms: number): Promise<void> {
  await scene.browser.killBackground();
  await onDisk(
    scene,
    async (db, ms, done) => {
      const tx = db.transaction(['logins', 'settings'], 'readwrite', { durability: 'strict' });
      const awake = Date.now() - ms;
      const heard = awake - 44 * 60_000;
      tx.objectStore('settings').put({ at: awake, sleep: null }, 'awake');
      tx.objectStore('logins').openCursor().onsuccess = (event) => {
        const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result;
        if (cursor === null) return;
        const login = cursor.value as { session: object; proof: object };
        cursor.update({
          ...login,
          session: { ...login.session, openedAt: heard },
          proof: { ...login.proof, at: heard },
          contactAt: heard,
        });
        cursor.continue();
      };
      await done(tx);
    },
    ms,
  );
}

test('after a night the popup says how long it was, what survived, and what needs a sign-in', async ({
  scene,
}) => {
  const labels = { sam: 'sam', kim: 'kim', lee: LONG };
  for (const [name, label] of Object.entries(labels)) {
    scene.addUser(name, { lifetimeMs: 26 * 60 * MINUTE });
    await scene.connect(name, { label });
  }
  await scene.shows('Connected', connected(3));
  scene.broker.closeSession(scene.broker.sessionsOf('lee')[0]?.id ?? '');
  await ageBy(scene, NIGHT);
  await scene.browser.crash();
  await scene.browser.relaunch();

  const survived = sentenceFor('slept_some', 3, { survived: '2' });
  const needed = sentenceFor('slept_needed', 1, { labels: LONG });
  const slept = ['10', '11', '12', '13', '14', '15', '16', '17', '18', '19'].map((minutes) => {
    const duration = sentence('time_hoursMinutes', { hours: '7', minutes });
    return withTimes('slept_for', ['since', 'until'], { duration }).source;
  });
  const said = new RegExp(`(${slept.join('|')}) ${RegExp.escape(`${survived} ${needed}`)}`);
  const popup = await scene.openPopup();
  await popup.waitForText(said);
  for (const colorScheme of ['light', 'dark'] as const) {
    await popup.emulate({ colorScheme });
    await popup.screenshot(`.artefacts/looks/${scene.browser.name}-popup-slept-${colorScheme}.png`);
    if (!popup.playwright) continue;
    const { violations } = await new AxeBuilder({ page: popup.playwright }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
  await popup.close();

  // It is painted from what is stored.
  await scene.browser.killBackground();
  const again = await scene.openPopup();
  await again.waitForText(said);
  expect(await scene.browser.backgroundRuns()).toBe(false);

  // No session was opened for it.
  expect(scene.calls('accesstokenrequest')).toBe(3);
  await again.close();
});
