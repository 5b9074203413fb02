/**
 * The toolbar badge: the worst state of all logins, by sign as well as by colour. It is memory of
 * the browser session and has to be set again at every start (extension-facts §4).
 */
import { browser } from 'wxt/browser';
import type { State } from '../records/login.ts';

const LOOKS: Record<State, { text: string; color: string; title: string }> = {
  connected: { text: '✓', color: '#137a4b', title: 'Holdfast: all connected' },
  reconnecting: { text: '…', color: '#a15c00', title: 'Holdfast: reconnecting' },
  expired: { text: '×', color: '#5b6470', title: 'Holdfast: a token has expired' },
  disconnected: { text: '!', color: '#b3261e', title: 'Holdfast: a login is disconnected' },
};

/** Nothing can be kept while the storage cannot be written: said where it is seen without a click. */
export async function showTrouble(): Promise<void> {
  await showBadge('disconnected');
  await browser.action.setTitle({
    title: 'Holdfast cannot use its storage. Is the disk full? Restart the browser.',
  });
}

/** Shows `state`; nothing when there are no logins. */
export async function showBadge(state: State | null): Promise<void> {
  const { text, color, title } = state
    ? LOOKS[state]
    : { text: '', color: '#5b6470', title: 'Holdfast' };
  await Promise.all([
    browser.action.setBadgeText({ text }),
    browser.action.setBadgeBackgroundColor({ color }),
    browser.action.setBadgeTextColor({ color: '#ffffff' }),
    browser.action.setTitle({ title }),
  ]);
}
