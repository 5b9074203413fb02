/**
 * Every event besides alarms after which time may have passed unseen: a start of the browser, an
 * update, the end of a sleep, a network that is back.
 */
import { browser } from 'wxt/browser';

export function onWakeUp(wake: () => void, online: () => void): void {
  browser.runtime.onStartup.addListener(wake);
  browser.runtime.onInstalled.addListener(wake);
  browser.idle.onStateChanged.addListener((state) => {
    if (state === 'active') wake();
  });
  globalThis.addEventListener('online', online);
}
