/**
 * The main job in a real browser: signed in once, a session stays alive by alarms, through the death
 * of the worker at the worst moments and of the whole browser.
 */
import { sentence } from '../sentence.ts';
import type { HoldStage } from '../simulator/server.ts';
import type { TestPage } from './browsers/browser.ts';
import { onDisk } from './disk.ts';
import { connected, type Scene } from './scene.ts';
import { expect, test, until } from './test.ts';

/** Renewal is due after five sixths of it. */
const LIFE = 36_000;

const renewals = (scene: Scene) => scene.calls('renewaccesstoken');

async function waitForRenewal(scene: Scene, count: number): Promise<void> {
  await until(() => renewals(scene) >= count, { what: `renewal ${count}`, timeoutMs: LIFE });
}

const UNDER_WAY = new RegExp(`${sentence('popup_renewing')}|${sentence('popup_checking')}`);

/** The answers of all calls so far have been stored: nothing is under way. */
async function stored(scene: Scene): Promise<void> {
  const popup = await scene.openPopup();
  await until(
    async () =>
      scene.broker.journal.every(({ finishedAt }) => finishedAt !== undefined) &&
      !UNDER_WAY.test(await popup.text()),
    { what: 'the last answer to be stored' },
  );
  await popup.close();
}

/** Exactly one live session, opened by the one sign-in, and Holdfast has its token. */
async function expectOneSession(scene: Scene): Promise<void> {
  expect(scene.calls('accesstokenrequest')).toBe(1);
  const sessions = scene.broker.sessionsOf('sam');
  expect(sessions).toHaveLength(1);
  expect(await storedTokenWorks(scene)).toBe(true);
}

/** The broker accepts what is in the vault: the person's own button renews with it. */
async function storedTokenWorks(scene: Scene): Promise<boolean> {
  const session = scene.broker.sessionsOf('sam')[0];
  const before = session?.renewals ?? 0;
  const popup = await scene.openPopup();
  // A click right after a renewal is answered by that one.
  await until(
    async () => {
      await popup.click('button', sentence('popup_renew'));
      await popup.waitForText(sentence('popup_renewed'));
      return (session?.renewals ?? 0) > before;
    },
    { what: 'a renewal with the stored token' },
  );
  await popup.close();
  return scene.broker.journal.every(({ status }) => status !== 401);
}

test('bug class 6: renewed by alarm with no page open, and still green after the browser was killed', async ({
  scene,
}) => {
  scene.addUser('sam', { lifetimeMs: LIFE });
  await scene.connect('sam');
  await scene.shows('Connected');
  await waitForRenewal(scene, 1);
  await waitForRenewal(scene, 2);
  const before = renewals(scene);
  await stored(scene);
  await scene.browser.crash();
  await scene.browser.relaunch();
  await scene.shows('Connected', '', 20_000);
  await waitForRenewal(scene, before + 1);
  await expectOneSession(scene);
});

const DEATHS: [name: string, stage: HoldStage][] = [
  ['before the request leaves', 'before-request'],
  ['while the request is out', 'before-handling'],
  ['while the answer is on its way', 'before-reply'],
  ['in the middle of the answer', 'inside-body'],
];

for (const [name, stage] of DEATHS) {
  test(`bug class 6: the worker dies during a renewal, ${name}`, async ({ scene }) => {
    scene.addUser('sam', { lifetimeMs: LIFE, oldTokenAfterRenewal: 'valid' });
    await scene.connect('sam');
    const hold = scene.simulator.hold(
      { endpoint: 'renewaccesstoken', host: 'demo.tradovateapi.com' },
      stage,
    );
    await hold.reached;
    await scene.browser.killBackground();
    hold.drop();
    const before = scene.broker.sessionsOf('sam')[0]?.renewals ?? 0;
    // Nobody opens a page: the alarm that was set before the call brings the worker back.
    await until(() => (scene.broker.sessionsOf('sam')[0]?.renewals ?? 0) > before, {
      what: 'the renewal after the death',
      timeoutMs: LIFE,
    });
    await scene.shows('Connected');
    await expectOneSession(scene);
  });
}

test('bug class 6: the worker dies after the answer and before it is stored', async ({ scene }) => {
  scene.addUser('sam', { lifetimeMs: LIFE, oldTokenAfterRenewal: 'valid' });
  await scene.connect('sam');
  const popup = await scene.openPopup();
  const hold = scene.simulator.hold({ endpoint: 'renewaccesstoken' }, 'before-reply');
  await hold.reached;
  await holdVault(popup);
  hold.release();
  await hold.finished;
  await scene.browser.killBackground();
  await popup.close();
  const before = renewals(scene);
  await waitForRenewal(scene, before + 1);
  await scene.shows('Connected');
  await expectOneSession(scene);
});

test('bug class 6: the worker dies at its alarm, before it could do anything', async ({
  scene,
}) => {
  scene.addUser('sam');
  await scene.connect('sam');
  await stored(scene);
  await scene.browser.killBackground();
  const due = await dueSoon(scene);
  const page = await scene.browser.open(scene.browser.extensionUrl('manifest.json'));
  // A tab that opens may have started it before the record was changed. Any message starts it again,
  // and a start sets the alarms anew.
  await scene.browser.killBackground();
  await page.evaluate(`void ${API}.runtime.sendMessage({}).catch(() => undefined)`);
  // The start sets the guard first of all, and moves it behind the deadline afterwards.
  const guarded = scene.browser.name === 'chromium' ? due + 60_000 : undefined;
  await until(
    async () => {
      const { deadline, guard } = await alarms(page);
      return deadline === due && guard === (guarded ?? guard);
    },
    { what: 'the alarms of the new deadline' },
  );
  await holdVault(page);
  const heldAt = Date.now();
  await scene.browser.killBackground();
  // Gone means fired. That it runs is not enough: Firefox wakes it, too, when nobody is at the computer.
  await until(
    async () =>
      (await alarms(page))['deadline'] === undefined && (await scene.browser.backgroundRuns()),
    { what: 'the alarm' },
  );
  await scene.browser.killBackground();
  const { guard = 0, ...others } = await alarms(page);
  expect(others).toEqual({});
  // A minute after the deadline; or after a start before it for another reason, which gets no further
  // than to the guard.
  if (scene.browser.name === 'chromium' && guard !== due + 60_000) {
    expect(guard).toBeGreaterThanOrEqual(heldAt + 60_000);
    expect(guard).toBeLessThan(due + 60_000);
  }
  const checks = scene.calls('account/list');
  // Closing the page would wake it too.
  await page.evaluate(`document.documentElement.dataset.letGo = 'yes'`);
  await until(() => scene.calls('account/list') > checks, {
    what: 'the guard',
    timeoutMs: 70_000,
  });
  // Firefox may have found out a moment before that nobody is at the computer, which wakes it too.
  if (scene.browser.name === 'chromium') expect(Date.now()).toBeGreaterThanOrEqual(guard);
  await page.close();
  await scene.shows('Connected');
});

test('a renewal whose answer was lost with the old token is called what it is, and Reconnect heals it', async ({
  scene,
}) => {
  scene.addUser('sam', { lifetimeMs: LIFE, oldTokenAfterRenewal: 'dead' });
  await scene.connect('sam');
  const hold = scene.simulator.hold({ endpoint: 'renewaccesstoken' }, 'before-reply');
  await hold.reached;
  await scene.browser.killBackground();
  hold.drop();
  await scene.shows('Disconnected', /answer to a renewal was lost/, LIFE);
  expect(scene.calls('accesstokenrequest')).toBe(1);
  await scene.reconnect('sam');
  await scene.shows('Connected');
});

for (const [when, executes, shows] of [
  ['before the broker has acted: the browser asks again by itself', false, 'Connected'],
  ['after the broker has acted: the answer is lost', true, 'Disconnected'],
] as const) {
  test(`a kept connection dies under a renewal ${when}`, async ({ scene }) => {
    scene.addUser('sam');
    await scene.connect('sam');
    scene.broker.fault({
      endpoint: 'renewaccesstoken',
      fault: 'dropped',
      reusedConnection: true,
      executes,
    });
    const popup = await scene.openPopup();
    await popup.click('button', sentence('popup_renew'));
    await until(() => scene.broker.sessionsOf('sam')[0]?.renewals === 1, {
      what: 'a renewal that the broker has made',
    });
    await popup.close();
    await scene.shows(shows);
    expect(scene.broker.pendingFaults()).toEqual([]);
    expect(scene.calls('accesstokenrequest')).toBe(1);
  });
}

test('bug class 3: a broker that is down and comes back costs nothing', async ({ scene }) => {
  scene.addUser('sam', { lifetimeMs: LIFE });
  await scene.connect('sam');
  scene.broker.fault({ endpoint: 'renewaccesstoken', fault: 'unavailable-503', times: 1 });
  await until(() => scene.broker.journal.some(({ status }) => status === 503), {
    what: 'the failed renewal',
    timeoutMs: LIFE,
  });
  await until(() => scene.broker.sessionsOf('sam')[0]?.renewals === 1, { what: 'the next try' });
  await scene.shows('Connected');
  await expectOneSession(scene);
});

test('several logins of both front doors and environments stand side by side', async ({
  scene,
}) => {
  for (const name of ['sam', 'kim']) scene.addUser(name);
  await scene.connect('sam', { frontDoor: 'Tradovate', environment: 'Live', label: 'Main' });
  await scene.connect('kim', { frontDoor: 'NinjaTrader', environment: 'Demo', label: 'Copier' });
  const text = await scene.shows('Connected', connected(2));
  expect(text).toContain(
    sentence('place_ofBrand', { brand: 'Tradovate', place: sentence('place_live') }),
  );
  expect(text).toContain(
    sentence('place_ofBrand', { brand: 'NinjaTrader', place: sentence('place_demo') }),
  );
});

const left = (minutes: string) =>
  sentence('popup_left', { duration: sentence('time_hoursMinutes', { hours: '1', minutes }) });

test('bug class 7: the broker’s clock is ten minutes ahead', async ({ scene }) => {
  scene.broker.settings.dateSkewMs = 10 * 60_000;
  scene.addUser('sam', { lifetimeMs: 80 * 60_000 });
  await scene.connect('sam');
  await scene.shows('Connected', new RegExp(['9', '10'].map(left).join('|')));
});

/** Where the browser's API is, in pages without Holdfast's own code. */
const API = '(globalThis.browser ?? chrome)';

/** The names of the alarms that are set, and when each is due, epoch ms. */
async function alarms(page: TestPage): Promise<Record<string, number>> {
  const set = await page.evaluate<{ name: string; scheduledTime: number }[]>(
    `${API}.alarms.getAll()`,
  );
  return Object.fromEntries(set.map(({ name, scheduledTime }) => [name, scheduledTime]));
}

/** Makes the stored login due for a check in 8 s, and gives the time. */
async function dueSoon(scene: Scene): Promise<number> {
  const due = Date.now() + 8_000;
  await onDisk(
    scene,
    async (db, due, done) => {
      const tx = db.transaction('logins', 'readwrite');
      tx.objectStore('logins').openCursor().onsuccess = (event) => {
        const cursor = (event.target as IDBRequest<IDBCursorWithValue>).result;
        const check = { reason: 'resumed', since: due, at: due, tries: 0 };
        cursor.update({ ...(cursor.value as object), check });
      };
      await done(tx);
    },
    due,
  );
  return due;
}

/** Keeps the vault busy from a page, so that the worker has to wait, until the page is closed or lets go. */
async function holdVault(page: TestPage): Promise<void> {
  await page.evaluate(`
    new Promise((resolve, reject) => {
      const open = indexedDB.open('holdfast');
      open.onerror = () => reject(open.error);
      open.onsuccess = () => {
        const store = open.result.transaction(['logins', 'secrets'], 'readwrite').objectStore('logins');
        let held = false;
        const again = () => {
          if (!held) { held = true; resolve(true); }
          if (!document.documentElement.dataset.letGo) store.count().onsuccess = again;
        };
        store.count().onsuccess = again;
      };
    })
  `);
}
