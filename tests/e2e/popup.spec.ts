/** The popup and the options page as a person uses them: by eye, by keyboard, by screen reader. */
import { withTimes } from './clock.ts';
import { sentence, sentenceFor } from '../sentence.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import { greenLogin } from '../sample-login.ts';
import type { TestPage } from './browsers/browser.ts';
import { everythingOnDisk, onDisk } from './disk.ts';
import { look } from './look.ts';
import { connected, type Scene } from './scene.ts';
import { expect, test, until } from './test.ts';

test('paints from what is stored, without waking the worker', async ({ scene }) => {
  scene.addUser('sam');
  await scene.connect('sam');
  await scene.browser.killBackground();
  const popup = await scene.openPopup();
  await popup.waitForText(connected(1));
  await popup.waitForText('Connected');
  expect(await scene.browser.backgroundRuns()).toBe(false);
});

test('follows changes live', async ({ scene }) => {
  scene.addUser('sam');
  const popup = await scene.openPopup();
  await popup.waitForText(sentence('popup_connect'));
  await scene.connect('sam');
  await popup.waitForText(connected(1));
  scene.broker.closeSession(scene.broker.sessionsOf('sam')[0]?.id ?? '');
  await popup.click('button', sentence('popup_renew'));
  await popup.waitForText('no longer accepts this token');
});

test('Pause keeping asks first and keeps to its word, Resume proves the session', async ({
  scene,
}) => {
  scene.addUser('sam', { lifetimeMs: 12_000 });
  await scene.connect('sam');
  const popup = await scene.openPopup();
  await popup.click('button', sentence('popup_pauseKeeping'));
  await popup.waitForText(withTimes('popup_pauseAbout', ['time']));
  expect((await popup.focused())?.name).toBe(sentence('popup_pauseQuestion'));
  await popup.click('button', sentence('popup_pause'));
  await popup.waitForText('You paused the keeping');
  const renewals = scene.calls('renewaccesstoken');
  await popup.waitForText('Token expired', { timeoutMs: 20_000 });
  expect(scene.calls('renewaccesstoken')).toBe(renewals);
  await scene.reconnect('sam');
  await popup.waitForText(connected(1));
});

test('Copy token asks first, and no page ever shows a token', async ({ scene }) => {
  scene.addUser('sam');
  await scene.connect('sam');
  const popup = await scene.openPopup();
  await popup.click('button', sentence('popup_copyToken'));
  await popup.waitForText(withTimes('popup_copyWarningUntil', ['time']));
  await popup.click('button', sentence('popup_copy'));
  await popup.waitForText(withTimes('popup_copiedAccess', ['time']));
  for (const page of await scene.browser.pages()) {
    const html = await page.evaluate(() => document.documentElement.outerHTML);
    for (const token of scene.tokens()) expect(html).not.toContain(token);
  }
});

/** Goes by Tab to the button of that name. */
async function tabTo(page: TestPage, name: string): Promise<void> {
  await until(
    async () => {
      await page.press('Tab');
      return (await page.focused())?.name === name;
    },
    { what: `the focus on ${name}`, intervalMs: 0 },
  );
}

test('works by keyboard: Reconnect opens and closes, and the focus comes back', async ({
  scene,
}) => {
  scene.addUser('sam');
  await scene.connect('sam');
  for (let other = 0; other < 2; other++) scene.broker.openSession('sam');
  const popup = await scene.openPopup();
  await popup.click('button', sentence('popup_renew'));
  await popup.waitForText('Disconnected');
  await tabTo(popup, sentence('popup_reconnect'));
  await popup.press('Enter');
  await popup.waitFor(() => document.activeElement?.matches('input[type=password]') ?? false);
  await popup.press('Escape');
  await until(async () => (await popup.focused())?.name === sentence('popup_reconnect'), {
    what: 'the focus to come back',
  });
});

test('a removed login leaves the popup, the badge and the disk; what becomes of its session is said', async ({
  scene,
}) => {
  scene.addUser('sam-the-trader', { orgName: 'Sample Firm' });
  scene.addUser('kim-the-trader');
  await scene.connect('kim-the-trader', { label: 'Kim' });
  await scene.connect('sam-the-trader', { label: 'Prop 7' });
  const page = await scene.openOptions();
  const before = await everythingOnDisk(scene);
  const stores = JSON.parse(before) as [store: string, keys: string[], values: LoginRecord[]][];
  const logins = stores.find(([store]) => store === 'logins')?.[2];
  const id = logins?.find(({ label }) => label === 'Prop 7')?.id ?? 'none';
  const traces = new RegExp(`${id}|sam-the-trader|Prop 7|Sample Firm`);
  // In its record, its secrets and its journal.
  expect(before.split(id).length).toBeGreaterThan(4);
  await page.waitForText('Sample Firm');
  await page.click('button', sentence('options_remove'), /Prop 7/);
  await page.waitForText(withTimes('options_removeStaysOpen', ['time']));
  const question = sentence('options_removeQuestion', { label: 'Prop 7' });
  expect((await page.focused())?.name).toBe(question);
  await page.press('Escape');
  expect((await page.focused())?.name).toBe(sentence('options_remove'));
  await page.press('Enter');
  await until(async () => (await page.focused())?.name === question, {
    what: 'the focus on the question',
  });
  await tabTo(page, sentence('options_removeLogin'));
  await page.press('Enter');
  await page.waitForText(sentence('options_removed', { label: 'Prop 7' }));
  await until(async () => (await page.focused())?.name === sentence('options_logins'), {
    what: 'the focus on the list that is left',
  });
  // As it was said: the broker was not told.
  expect(scene.broker.sessionsOf('sam-the-trader')).toHaveLength(1);
  expect(await everythingOnDisk(scene)).not.toMatch(traces);
  expect(await everythingOnDisk(scene)).toContain('a sealing key');
  await scene.shows('Connected', 'Kim');

  await page.click('button', sentence('options_remove'));
  await page.click('button', sentence('options_removeLogin'));
  await page.waitForText(sentence('options_removed', { label: 'Kim' }));
  await until(async () => (await scene.browser.badge()).text === '', { what: 'an empty badge' });
  const popup = await scene.openPopup();
  await popup.waitForText(sentence('popup_noLogins'));
  await scene.browser.crash();
  await scene.browser.relaunch();
  const left = await everythingOnDisk(scene);
  expect(left).not.toMatch(traces);
  expect(left).not.toMatch(/kim-the-trader|Kim|sealed|a sealing key|signed in/);
  expect(left).toContain('deviceId');
});

const MINUTE = 60_000;
const LONG = 'A very long label that nobody in their right mind would give a login of theirs';

const LONG_FIRM = 'A firm whose name goes on until it has to be cut off, Ltd.';
const LONG_HOST = `demo-of-a-firm-whose-name-has-no-place-to-break.tradovateapi.com`;

const ended = (now: number): LoginRecord['session'] => ({
  openedAt: now - 600 * MINUTE,
  renewedAt: now - 85 * MINUTE,
  expiresAt: now - 5 * MINUTE,
  lifeMs: 80 * MINUTE,
  renewals: 13,
});

/** Logins as they may be found on disk, one for each face there is. */
function faces(now: number): LoginRecord[] {
  const login = (label: string, change: Partial<LoginRecord>, index: number): LoginRecord =>
    greenLogin(now, {
      id: `00000000-0000-4000-8000-0000000000${String(index).padStart(2, '0')}`,
      label,
      brand: index % 2 ? 'ninjatrader' : 'tradovate',
      environment: index % 3 ? 'demo' : 'live',
      userName: label.toLowerCase().replaceAll(' ', '-').slice(0, 30),
      ...change,
    });
  const failed = (
    kind: NonNullable<LoginRecord['failure']>['kind'],
    said?: string,
  ): Partial<LoginRecord> => ({
    failure: { kind, at: now - MINUTE, during: 'renewal', ...(said ? { said } : {}) },
    failures: 2,
    retryAt: now + 3 * MINUTE,
  });
  const notAllowed = (demo: string): Partial<LoginRecord> => ({
    hosts: { demo },
    deniedHosts: [demo],
  });
  const ofFirm = (days: number): Partial<LoginRecord> => ({
    organisation: 'Sample Firm',
    userStatus: 'Active',
    passwordExpiresAt: now + days * 24 * 60 * MINUTE,
    accounts: Array.from({ length: 7 }, (_, index) => `PROP-50K-2026-${index}`),
  });
  return [
    login('Main', {}, 1),
    login(LONG, {}, 2),
    login('Evicted', { end: { at: now - 5 * MINUTE, cause: 'evicted' } }, 3),
    login('Expired', { end: { at: now - 5 * MINUTE, cause: 'expired' }, session: ended(now) }, 4),
    login('Limited', failed('rate-limited'), 5),
    login('Broker down', failed('broker-error', 'Something is wrong at our side'), 6),
    login('Paused', { pausedAt: now - MINUTE }, 7),
    login('Moved', { ...failed('host-moved'), ...notAllowed('demo-firm.tradovateapi.com') }, 8),
    login('Moving', notAllowed(LONG_HOST), 10),
    login('Prop 7', ofFirm(9), 11),
    login('Prop 8', { ...ofFirm(1), userStatus: 'TemporaryLocked' }, 12),
    login(`${LONG} again`, { ...ofFirm(0.2), organisation: LONG_FIRM }, 13),
    ...Array.from({ length: 8 }, (_, index) =>
      login(
        `APEX-${index + 1}`,
        { ...ofFirm(90), organisation: 'Apex Trader Funding' },
        20 + index,
      ),
    ),
  ];
}

async function store(scene: Scene, logins: LoginRecord[]): Promise<void> {
  await onDisk(
    scene,
    async (db, logins, done) => {
      const tx = db.transaction('logins', 'readwrite');
      for (const login of logins) tx.objectStore('logins').put(login);
      await done(tx);
    },
    logins,
  );
}

test('is readable empty and with twenty logins, in light and dark, without an axe violation', async ({
  scene,
}) => {
  const popup = await scene.openPopup();
  await popup.waitForText(sentence('popup_connect'));
  await look(popup, `${scene.browser.name}-popup-empty`);
  await popup.close();
  await store(scene, faces(Date.now()));
  const full = await scene.openPopup();
  await full.waitForText('Evicted');
  await look(full, `${scene.browser.name}-popup-twenty`);
  const [wide, high] = await full.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth - clientWidth, document.querySelectorAll('.rows > li').length];
  });
  expect(wide).toBe(0);
  expect(high).toBe(20);
  const options = await scene.openOptions();
  await options.waitForText('Evicted');
  await look(options, `${scene.browser.name}-options-twenty`);
});

const SHORT = sentenceFor('shortage_need', 21, { allowed: '15', needed: '20' });

test('bug class 12: more logins than the broker’s limit lets live are named before one is lost', async ({
  scene,
}) => {
  const now = Date.now();
  const many = Array.from({ length: 21 }, (_, index) => {
    const { session, ...login } = greenLogin(now);
    const number = String(index + 1).padStart(2, '0');
    const expiresAt = now + (78 - 2 * index) * MINUTE;
    return {
      ...login,
      id: `00000000-0000-4000-8000-0000000000${number}`,
      label: `APEX-${number}`,
      addedAt: now - (100 - index) * MINUTE,
      session: session && { ...session, expiresAt },
    };
  });
  await store(scene, many);
  const popup = await scene.openPopup();
  await popup.waitForText(SHORT);
  await popup.waitForText(withTimes('shortage_ends', ['time'], { label: 'APEX-21' }));
  await look(popup, `${scene.browser.name}-popup-shortage`);
  const options = await scene.openOptions();
  await options.waitForText(SHORT);
  await look(options, `${scene.browser.name}-options-shortage`);
});
