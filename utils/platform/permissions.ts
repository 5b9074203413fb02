/**
 * What the browser lets the extension call. People can take it back at any time
 * (platform FACTS.md §8).
 */
import { browser } from 'wxt/browser';

/** Whether this extension may call `host` now. */
export function mayCall(host: string): Promise<boolean> {
  return browser.permissions.contains({ origins: [`https://${host}/*`] });
}

/** Calls `listener` when something was allowed or taken away, by whatever means. */
export function onPermissionsChange(listener: () => void): void {
  browser.permissions.onAdded.addListener(listener);
  browser.permissions.onRemoved.addListener(listener);
}

/** Everything this extension has been granted, hosts included, as the browser names it. */
export async function granted(): Promise<string[]> {
  const { permissions = [], origins = [] } = await browser.permissions.getAll();
  return [...permissions, ...origins];
}
