/** What the toolbar badge says: the worst state of all logins, by sign as well as by colour. */
import type { State } from '../keeper/status/state.ts';
import type { Badge } from '../platform/badge.ts';

const LOOKS: Record<State, Badge> = {
  connected: { text: '✓', color: '#137a4b', title: 'Holdfast: all connected' },
  reconnecting: { text: '…', color: '#a15c00', title: 'Holdfast: reconnecting' },
  expired: { text: '×', color: '#5b6470', title: 'Holdfast: a token has expired' },
  disconnected: { text: '!', color: '#b3261e', title: 'Holdfast: a login is disconnected' },
};

/** The badge for the worst state; without any there are no logins. */
export function badgeOf(worst: State | null): Badge {
  return worst === null ? { text: '', color: '#5b6470', title: 'Holdfast' } : LOOKS[worst];
}

/** Nothing can be kept while the storage cannot be written: said where it is seen without a click. */
export function storageBadge(): Badge {
  const title = 'Holdfast cannot use its storage. Is the disk full? Restart the browser.';
  return { ...LOOKS.disconnected, title };
}
