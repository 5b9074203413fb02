/** Notifications of the system. A click on one opens what it is about. */
import { browser } from 'wxt/browser';

/** What is shown. */
export interface Notice {
  /** A later one of the same id takes its place; `lost <login>` leads to that login's Reconnect. */
  id: string;
  title: string;
  message: string;
}

/** The id of one that is shown to try it out: its click leads to the settings. */
export const TEST = 'test';

/** Shows `notice` in the place of an earlier one with its id. Firefox knows no buttons, so the whole is one. */
export async function showNotice({ id, title, message }: Notice): Promise<void> {
  const iconUrl = browser.runtime.getURL('/icon/128.png');
  await browser.notifications.create(id, { type: 'basic', iconUrl, title, message });
}

export function onNoticeClicked(): void {
  browser.notifications.onClicked.addListener((id) => {
    void browser.notifications.clear(id);
    const [, login] = /^lost (.+)/.exec(id) ?? [];
    if (id === TEST) {
      void browser.tabs.create({ url: browser.runtime.getURL('/options.html#notifications') });
    } else {
      const at = login === undefined ? '' : `#reconnect=${login}`;
      void openSmall(browser.runtime.getURL(`/popup.html${at}`));
    }
  });
}

/** In a window of the popup's size; Firefox for Android has tabs only. */
async function openSmall(url: string): Promise<void> {
  if (browser.windows === undefined) await browser.tabs.create({ url });
  else await browser.windows.create({ url, type: 'popup', width: 420, height: 640 });
}
