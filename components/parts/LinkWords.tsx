import { MINUTE } from '../../utils/durations.ts';
import { linkState } from '../../utils/keeper/status/link-state.ts';
import { CHECK_EVERY_MS } from '../../utils/keeper/when/link.ts';
import { say, sayCount, type MessageKey } from '../../utils/platform/i18n.ts';
import type { Link } from '../../utils/records/link.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import type { Loss } from '../../utils/tradovate/socket.ts';
import { atSecond, atTime } from '../../utils/words/time.ts';

/** How the live link of a login stands: since when, what it shows, or why it is not up. */
export function LinkWords({ login, now }: { login: LoginRecord; now: number }) {
  const { link } = login;
  const state = linkState(login, now);
  if (link === null) return null;
  const time = atTime(link.since, now);
  switch (state) {
    case 'off':
      return null;
    case 'idle':
      return <>{say('link_idle')}</>;
    case 'checks':
      return <>{sayCount('link_checks', CHECK_EVERY_MS / MINUTE)}</>;
    case 'up':
      return <>{say('link_up', { shown: shown(link), time })}</>;
    case 'opening': {
      const connecting =
        link.why === null ? say('link_connecting') : say('link_reconnecting', { time });
      return <span class="warning">{withNextTry(because(connecting, link, now), link, now)}</span>;
    }
    case 'down':
      return (
        <span style={BAD}>
          {withNextTry(because(say('link_down', { time }), link, now), link, now)}
        </span>
      );
    case 'held':
      return (
        <span style={BAD}>
          {say('link_notAgain', { state: because(say('link_down', { time }), link, now) })}
        </span>
      );
  }
}

function because(state: string, { why, lostAt }: Link, now: number): string {
  if (why === null) return state;
  return say('link_because', { loss: say(LOST[why], { time: atTime(lostAt, now) }), state });
}

function withNextTry(state: string, { retryAt }: Link, now: number): string {
  return retryAt > now ? say('link_nextTry', { state, time: atSecond(retryAt, now) }) : state;
}

// Here, as the popup opens with less in its style sheet.
const BAD = { color: 'var(--disconnected)' };

const LOST = {
  maintenance: 'link_lostMaintenance',
  'connection-quota': 'link_lostConnectionQuota',
  'ip-quota': 'link_lostIpQuota',
  shutdown: 'link_lostShutdown',
  refused: 'link_lostRefused',
  limited: 'link_lostLimited',
  closed: 'link_lostClosed',
  silent: 'link_lostSilent',
  unreachable: 'link_lostUnreachable',
  offline: 'link_lostOffline',
  interrupted: 'link_lostInterrupted',
  idle: 'link_lostIdle',
  barred: 'link_lostBarred',
} as const satisfies Record<Loss, MessageKey>;

/** "2 open positions, 3 working orders in 2 accounts". */
function shown({ accounts, positions, orders }: Link): string {
  return say('link_shown', {
    accounts: accounts === 0 ? say('link_noAccounts') : sayCount('link_accounts', accounts),
    orders: orders === 0 ? say('link_noOrders') : sayCount('link_orders', orders),
    positions: positions === 0 ? say('link_noPositions') : sayCount('link_positions', positions),
  });
}
