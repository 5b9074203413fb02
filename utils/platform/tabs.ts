/** Tabs by their number alone: what is in them would need the permission `tabs`. */
import { browser } from 'wxt/browser';

/** Calls `listener` with each tab that is closed, and with null when the browser starts: numbers begin anew. */
export function onTabLeft(listener: (tabId: number | null) => void): void {
  browser.tabs.onRemoved.addListener((tabId) => listener(tabId));
  browser.runtime.onStartup.addListener(() => listener(null));
}

/** Brings that tab to the front; nothing when it has gone. */
export async function showTab(tabId: number): Promise<void> {
  const tab = await browser.tabs.update(tabId, { active: true }).catch(() => undefined);
  // Firefox for Android has no windows.
  if (tab?.windowId !== undefined) await browser.windows?.update(tab.windowId, { focused: true });
}
