/** The one notification there is: a login lost its session. A click on it opens that login's Reconnect. */
import { browser } from 'wxt/browser';
import type { Notice } from '../keeper/notice.ts';

const PREFIX = 'lost ';

/** Shows `notice`; a later one of the same login takes its place. Firefox knows no buttons, so the whole is one. */
export async function showNotice({ loginId, title, message }: Notice): Promise<void> {
  const iconUrl = browser.runtime.getURL('/icon/128.png');
  await browser.notifications.create(PREFIX + loginId, { type: 'basic', iconUrl, title, message });
}

export function onNoticeClicked(): void {
  browser.notifications.onClicked.addListener((id) => {
    if (!id.startsWith(PREFIX)) return;
    void browser.notifications.clear(id);
    const url = browser.runtime.getURL(`/popup.html#reconnect=${id.slice(PREFIX.length)}`);
    void openSmall(url);
  });
}

/** In a window of the popup's size; Firefox for Android has tabs only. */
async function openSmall(url: string): Promise<void> {
  if (browser.windows === undefined) await browser.tabs.create({ url });
  else await browser.windows.create({ url, type: 'popup', width: 420, height: 640 });
}
