/**
 * Where the broker lives. A login belongs to one environment; the broker may move it to another
 * host and says so in `apiHosts` of every auth reply (tradovate-facts §0, since 2026-10-03).
 */

export type Environment = 'live' | 'demo';
export type Brand = 'tradovate' | 'ninjatrader';

/** Hosts by purpose, as the broker named them last. Unknown keys of `apiHosts` are dropped. */
export interface ApiHosts {
  live?: string;
  demo?: string;
  mdLive?: string;
  mdDemo?: string;
}

/** The hosts the manifest gives access to. Any other needs a permission of its own first. */
export const KNOWN_HOSTS: Record<Environment, string> = {
  live: 'live.tradovateapi.com',
  demo: 'demo.tradovateapi.com',
};

const OWN_DOMAINS = ['tradovateapi.com', 'tradovate.com', 'ninjatrader.com', 'ninjatrader.dev'];
const BARE_HOST =
  /^(?=.{1,64}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

/** A bare host name under a domain of the broker: the only kind a token may ever be sent to (facts, row 17). */
export function isBrokerHost(host: string): boolean {
  return BARE_HOST.test(host) && OWN_DOMAINS.some((domain) => host.endsWith(`.${domain}`));
}

/** The host this login talks to now, of those we may talk to. */
export function hostFor(environment: Environment, named: ApiHosts | undefined): string {
  const host = named?.[environment];
  return host !== undefined && Object.values(KNOWN_HOSTS).includes(host)
    ? host
    : KNOWN_HOSTS[environment];
}

/** The broker's own web page of a front door, for "sign in there to see whether it works". */
export const WEB_TRADER: Record<Brand, string> = {
  tradovate: 'https://trader.tradovate.com/welcome',
  ninjatrader: 'https://web.ninjatrader.com/welcome',
};

/** A page of the broker's web trader, the same as the content script's match patterns (facts §6 and row 28). */
export function isWebTrader(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  const ours =
    hostname === 'tradovate.com' ||
    hostname.endsWith('.tradovate.com') ||
    hostname === 'web.ninjatrader.com';
  return protocol === 'https:' && ours;
}
