/** The browser's storage is damaged: the login that it hits asks for a sign-in, the others go on. */
import { sampleApp } from '../simulator/broker-types.ts';
import { sentence } from '../sentence.ts';
import { onDisk, onDiskFrom } from './disk.ts';
import { connected, PASSWORD, type Scene } from './scene.ts';
import { expect, test } from './test.ts';

const UNREADABLE_TOKEN = 'The stored token can no longer be read';

/** Every login is checked at the next start of the background, which comes with any message. */
async function startAndCheck(scene: Scene): Promise<void> {
  const page = await scene.browser.open(scene.browser.extensionUrl('manifest.json'));
  await scene.browser.killBackground();
  await onDiskFrom(
    page,
    async (db, now, done) => {
      const tx = db.transaction('logins', 'readwrite');
      tx.objectStore('logins').openCursor().onsuccess = (event) => {
        const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result;
        if (cursor === null) return;
        const check = { reason: 'resumed', since: now, at: now, tries: 0 };
        cursor.update({ ...(cursor.value as object), check });
        cursor.continue();
      };
      await done(tx);
    },
    Date.now(),
  );
  await page.evaluate(
    `void (globalThis.browser ?? chrome).runtime.sendMessage({}).catch(() => undefined)`,
  );
  await page.close();
}

test('without its key every login asks for a sign-in, which makes a new one', async ({ scene }) => {
  for (const name of ['sam', 'kim']) {
    scene.addUser(name);
    await scene.connect(name, { keepSecret: false });
  }
  await scene.browser.killBackground();
  await onDisk(
    scene,
    async (db, _, done) => {
      const tx = db.transaction('keys', 'readwrite');
      tx.objectStore('keys').clear();
      await done(tx);
    },
    null,
  );
  await startAndCheck(scene);
  const popup = await scene.openPopup();
  await popup.waitForText(UNREADABLE_TOKEN);
  await popup.waitForText(connected(0, 2));
  await popup.click('button', sentence('popup_reconnect'), 'sam');
  await popup.fill(sentence('signIn_passwordOf', { user: 'sam' }), PASSWORD);
  await popup.fill(sentence('signIn_apiSecret'), sampleApp.sec);
  await popup.press('Enter');
  await popup.waitForText(connected(1, 2));
  await popup.click('button', sentence('popup_renew'), 'sam');
  await popup.waitForText(sentence('popup_renewed'));
});

test('a damaged record and a damaged token cost no other login anything', async ({ scene }) => {
  for (const name of ['sam', 'kim', 'lee']) {
    scene.addUser(name);
    await scene.connect(name);
  }
  await scene.browser.killBackground();
  await onDisk(
    scene,
    async (db, _, done) => {
      const tx = db.transaction(['logins', 'secrets'], 'readwrite');
      const logins = tx.objectStore('logins');
      logins.put({ id: 'nobody can tell whose', userName: 5 });
      logins.getAll().onsuccess = (event) => {
        const found = (event.target as IDBRequest<{ id: string; userName: string }[]>).result;
        const [sam, kim] = ['sam', 'kim'].map((name) =>
          found.find(({ userName }) => userName === name),
        );
        logins.put({ ...sam, session: 'nonsense' });
        const secrets = tx.objectStore('secrets');
        secrets.get(kim?.id ?? '').onsuccess = (event) => {
          const sealed = (event.target as IDBRequest<{ token: object }>).result;
          secrets.put({ ...sealed, token: { ...sealed.token, data: new ArrayBuffer(64) } });
        };
      };
      await done(tx);
    },
    null,
  );
  await startAndCheck(scene);
  const popup = await scene.openPopup();
  await popup.waitForText(connected(1, 3));
  await popup.waitForText('What Holdfast had stored of this login is damaged');
  await popup.waitForText(UNREADABLE_TOKEN);
  await popup.waitForText(/\blee\W+Connected/);
  expect(scene.calls('accesstokenrequest')).toBe(3);
});

test('pages and background make way for a newer version, and say when they are the older one', async ({
  scene,
}) => {
  scene.addUser('sam');
  await scene.connect('sam');
  const open = await scene.openPopup();
  await open.waitForText(connected(1));
  const newer = await scene.browser.open(scene.browser.extensionUrl('manifest.json'));
  const opened = await newer.evaluate<string>(`
    new Promise((resolve) => {
      const open = indexedDB.open('holdfast', 2);
      open.onsuccess = () => {
        open.result.close();
        resolve('opened');
      };
      open.onerror = () => resolve(String(open.error));
      setTimeout(() => resolve('blocked'), 5_000);
    })
  `);
  expect(opened).toBe('opened');
  const popup = await scene.openPopup();
  await popup.waitForText(sentence('parts_noStorage'));
});

test('a storage that was cleared is begun anew', async ({ scene }) => {
  scene.addUser('sam');
  await scene.connect('sam');
  const page = await scene.browser.open(scene.browser.extensionUrl('manifest.json'));
  await page.evaluate(`
    new Promise((resolve, reject) => {
      const gone = indexedDB.deleteDatabase('holdfast');
      gone.onsuccess = () => resolve(true);
      gone.onerror = () => reject(gone.error);
    })
  `);
  const popup = await scene.openPopup();
  await popup.waitForText(sentence('popup_noLogins'));
  await popup.close();
  await scene.connect('sam');
  await scene.shows('Connected', connected(1));
});
