import { browser } from 'wxt/browser';

/** Whether this extension may call `host` now. */
export function mayCall(host: string): Promise<boolean> {
  return browser.permissions.contains({ origins: [`https://${host}/*`] });
}
