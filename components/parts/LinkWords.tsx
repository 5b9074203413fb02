import { linkState } from '../../utils/keeper/status/link-state.ts';
import { CHECK_EVERY_MS } from '../../utils/keeper/when/link.ts';
import type { Link } from '../../utils/records/link.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import type { Loss } from '../../utils/tradovate/socket.ts';
import { atSecond, atTime } from '../../utils/words/time.ts';

/** How the live link of a login stands: since when, what it shows, or why it is not up. */
export function LinkWords({ login, now }: { login: LoginRecord; now: number }) {
  const { link } = login;
  const state = linkState(login, now);
  if (link === null) return null;
  const since = atTime(link.since, now);
  const lost = link.why === null ? '' : `: ${LOST[link.why]} at ${atTime(link.lostAt, now)}`;
  const next = link.retryAt > now ? `; next try at ${atSecond(link.retryAt, now)}` : '';
  switch (state) {
    case 'off':
      return null;
    case 'idle':
      return <>on; nothing to watch while there is no session or its keeping is paused</>;
    case 'checks':
      return <>this browser cannot hold one: checked every {CHECK_EVERY_MS / 60_000} minutes</>;
    case 'up':
      return (
        <>
          live since {since} · {counted(link)}
        </>
      );
    case 'opening':
      return (
        <span class="warning">
          {link.why === null ? 'connecting' : `reconnecting since ${since}`}
          {lost}
          {next}
        </span>
      );
    case 'down':
      return (
        <span style={BAD}>
          down since {since}
          {lost}
          {next}
        </span>
      );
    case 'held':
      return (
        <span style={BAD}>
          down since {since}
          {lost}; not opened again by itself
        </span>
      );
  }
}

// Here, as the popup opens with less in its style sheet.
const BAD = { color: 'var(--disconnected)' };

const LOST: Record<Loss, string> = {
  maintenance: 'closed by the broker for maintenance',
  'connection-quota': 'closed by the broker for too many connections',
  'ip-quota': 'closed by the broker for connections from too many networks',
  shutdown: 'shut down by the broker',
  refused: 'the broker refused the token',
  limited: 'the broker asked for a pause',
  closed: 'closed by the broker without a word',
  silent: 'the broker fell silent',
  unreachable: 'the broker could not be reached',
  offline: 'this computer was offline',
  interrupted: 'the browser had stopped Holdfast',
  idle: 'Holdfast had closed it',
  barred: 'Holdfast had no token or no permission to open it',
};

/** "2 open positions, 3 working orders in 2 accounts". */
function counted({ accounts, positions, orders }: Link): string {
  const what = `${many(positions, 'open position')}, ${many(orders, 'working order')}`;
  return `${what} in ${many(accounts, 'account')}`;
}

function many(count: number, one: string): string {
  return `${count === 0 ? 'no' : count} ${one}${count === 1 ? '' : 's'}`;
}
