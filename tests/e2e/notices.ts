/** The notifications of Holdfast, as any page of it can hear of them. */
import type { TestPage } from './browsers/browser.ts';

/** From now on. A Firefox without a screen closes a notification as soon as it is there. */
export async function watchNotices(page: TestPage): Promise<void> {
  await page.evaluate(`(() => {
    const { notifications } = globalThis.browser ?? chrome;
    const { dataset } = document.body;
    notifications.onClosed.addListener((id) => (dataset.closed = (dataset.closed ?? '') + id + ';'));
  })()`);
}

/** Those that there have been since, by id, open or closed. */
export function noticesSeen(page: TestPage): Promise<string[]> {
  return page.evaluate<string[]>(`(async () => {
    const { notifications } = globalThis.browser ?? chrome;
    const closed = (document.body.dataset.closed ?? '').split(';').filter((id) => id !== '');
    return [...closed, ...Object.keys(await notifications.getAll())];
  })()`);
}
