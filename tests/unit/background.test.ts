/** The background part as the browser starts it, over a vault that does not open at once. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import background from '../../entrypoints/background.ts';
import type * as vaultRoom from '../../utils/vault/vault.ts';

const vault = vi.hoisted(() => ({ broken: false, tries: 0 }));
vi.mock('../../utils/vault/vault.ts', async (original) => {
  const real = await original<typeof vaultRoom>();
  return {
    ...real,
    openVault: () => {
      vault.tries++;
      return vault.broken ? Promise.reject(new Error('disk')) : real.openVault('background');
    },
  };
});

const event = () => ({ addListener: vi.fn() });
const badge = vi.fn((_: { text?: string }) => Promise.resolve());

beforeEach(() => {
  fakeBrowser.reset();
  vault.tries = 0;
  // What the fake browser lacks of the real ones.
  Object.assign(fakeBrowser, {
    idle: { onStateChanged: event() },
    permissions: { onAdded: event(), onRemoved: event(), contains: () => Promise.resolve(true) },
    action: {
      setBadgeText: badge,
      setBadgeBackgroundColor: badge,
      setBadgeTextColor: badge,
      setTitle: badge,
    },
  });
  vi.stubGlobal('chrome', fakeBrowser);
  vi.stubGlobal('addEventListener', vi.fn());
});

afterEach(() => void vi.unstubAllGlobals());

const start = () => void background.main?.();
const alarms = async () => (await fakeBrowser.alarms.getAll()).map(({ name }) => name);

test('a vault that cannot be opened at the first start is tried again, and the guard alarm is there', async () => {
  vault.broken = true;
  start();
  await vi.waitFor(() => expect(badge).toHaveBeenCalledWith({ text: '!' }));
  expect(await alarms()).toEqual(['guard']);
  const before = vault.tries;
  await fakeBrowser.runtime.onStartup.trigger();
  await vi.waitFor(() => expect(vault.tries).toBeGreaterThan(before));
  expect(await alarms()).toEqual(['guard']);

  vault.broken = false;
  badge.mockClear();
  await fakeBrowser.runtime.onStartup.trigger();
  // The storage is there, and with no login in it there is nothing to wake up for.
  await vi.waitFor(() => expect(badge).toHaveBeenCalledWith({ text: '' }));
  expect(await alarms()).toEqual([]);
});
