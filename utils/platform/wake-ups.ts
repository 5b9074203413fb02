/**
 * Every event besides alarms after which time may have passed unseen: a start of the browser, an
 * update, the end of a sleep, a network that is back. And the one before it: the screen is locked.
 */
import { browser } from 'wxt/browser';

interface Listeners {
  wake: () => void;
  online: () => void;
  leaving: () => void;
}

export function onWakeUp({ wake, online, leaving }: Listeners): void {
  browser.runtime.onStartup.addListener(wake);
  browser.runtime.onInstalled.addListener(wake);
  browser.idle.onStateChanged.addListener((state) => {
    if (state === 'active') wake();
    else if (state === 'locked') leaving();
  });
  globalThis.addEventListener('online', online);
}
