/** What the toolbar badge says: the worst state of all logins, by sign as well as by colour. */
import type { State } from '../keeper/status/state.ts';
import type { Badge } from '../platform/badge.ts';
import { say } from '../platform/i18n.ts';

const LOOKS: Record<State, Omit<Badge, 'title'>> = {
  connected: { text: '✓', color: '#137a4b' },
  reconnecting: { text: '…', color: '#a15c00' },
  expired: { text: '×', color: '#5b6470' },
  disconnected: { text: '!', color: '#b3261e' },
};

/** The badge for the worst state; without any there are no logins. */
export function badgeOf(worst: State | null): Badge {
  if (worst === null) return { text: '', color: '#5b6470', title: say('badge_none') };
  return { ...LOOKS[worst], title: say(`badge_${worst}`) };
}

/** Nothing can be kept while the storage cannot be written: said where it is seen without a click. */
export function storageBadge(): Badge {
  return { ...LOOKS.disconnected, title: say('badge_storage') };
}
