import { beforeEach, expect, test, vi } from 'vitest';
import { onNoticeClicked, showNotice } from '../../utils/platform/notifications.ts';

const { browser } = vi.hoisted(() => ({
  browser: {
    runtime: { getURL: (path: string) => `extension:/${path}` },
    notifications: {
      create: vi.fn(() => Promise.resolve('')),
      clear: vi.fn(() => Promise.resolve(true)),
      onClicked: { addListener: vi.fn<(listener: (id: string) => void) => void>() },
    },
    tabs: { create: vi.fn(() => Promise.resolve()) },
    windows: { create: vi.fn(() => Promise.resolve()) },
  },
}));
vi.mock('wxt/browser', () => ({ browser }));

const { windows } = browser;
beforeEach(() => {
  vi.clearAllMocks();
  browser.windows = windows;
});

const click = (id: string) => {
  onNoticeClicked();
  browser.notifications.onClicked.addListener.mock.lastCall?.[0](id);
};

test('a later notification of the same id takes the place of an earlier', async () => {
  await showNotice({ id: 'lost a', title: 'A is disconnected', message: 'Click to reconnect.' });
  expect(browser.notifications.create).toHaveBeenCalledWith('lost a', {
    type: 'basic',
    iconUrl: 'extension://icon/128.png',
    title: 'A is disconnected',
    message: 'Click to reconnect.',
  });
});

test('a click opens the popup in a window, at that login’s Reconnect', () => {
  click('lost a');
  expect(browser.notifications.clear).toHaveBeenCalledWith('lost a');
  expect(windows?.create).toHaveBeenCalledWith(
    expect.objectContaining({ url: 'extension://popup.html#reconnect=a', type: 'popup' }),
  );
});

test('where there are no windows, in a tab', () => {
  Object.assign(browser, { windows: undefined });
  click('lost a');
  expect(browser.tabs.create).toHaveBeenCalledWith({ url: 'extension://popup.html#reconnect=a' });
});

test.each(['warned a', 'lost', 'ready', 'weekend'])('a click on "%s" opens the popup', (id) => {
  click(id);
  expect(windows?.create).toHaveBeenCalledWith(
    expect.objectContaining({ url: 'extension://popup.html', type: 'popup' }),
  );
});

test('a click on the one that tries it out leads to the settings', () => {
  click('test');
  expect(browser.tabs.create).toHaveBeenCalledWith({
    url: 'extension://options.html#notifications',
  });
});
