/** Tabs by their number alone: what is in them would need the permission `tabs`. */
import { browser } from 'wxt/browser';

/** Calls `listener` with each tab that is closed, and with null when the browser starts: numbers begin anew. */
export function onTabLeft(listener: (tabId: number | null) => void): void {
  browser.tabs.onRemoved.addListener((tabId) => listener(tabId));
  browser.runtime.onStartup.addListener(() => listener(null));
}
