/**
 * Where the broker lives. A login belongs to one environment; the broker may move it to another
 * host and says so in `apiHosts` of every auth reply (FACTS.md §0, since 2026-10-03).
 */

export type Environment = 'live' | 'demo';

/** Hosts by purpose, as the broker named them last. Unknown keys of `apiHosts` are dropped. */
export interface ApiHosts {
  live?: string;
  demo?: string;
  mdLive?: string;
  mdDemo?: string;
}

/** Where every login begins: the hosts the manifest gives access to. Any other is asked for first. */
export const KNOWN_HOSTS: Record<Environment, string> = {
  live: 'live.tradovateapi.com',
  demo: 'demo.tradovateapi.com',
};

/** The broker's development twins (FACTS.md §1): another system, with users and apps of its own. */
export const TWIN_HOSTS: Record<Environment, string> = {
  live: 'live-d.tradovateapi.com',
  demo: 'demo-d.tradovateapi.com',
};

/** Where a login begins that is on the real system, or on its development twin. */
export function firstHosts(twin: boolean): Record<Environment, string> {
  return twin ? TWIN_HOSTS : KNOWN_HOSTS;
}

/**
 * Domains under which a login may be moved. All hosts of the interface are in the first; the newest in
 * `apiHosts` are in the second (FACTS.md §7). Left out of what the broker might name
 * (FACTS.md row 17): tradovate.com, where only web pages are known, and ninjatrader.dev, whose
 * hosts refuse users of the real service (FACTS.md §1).
 */
export const API_DOMAINS = ['tradovateapi.com', 'ninjatrader.com'];

const BARE_HOST =
  /^(?=.{1,64}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

/**
 * A bare host name under a domain of the broker: the only kind a token may ever be sent to
 * (FACTS.md row 17).
 */
export function isBrokerHost(host: string): boolean {
  return BARE_HOST.test(host) && API_DOMAINS.some((domain) => host.endsWith(`.${domain}`));
}

/**
 * The hosts that may serve a login, the likeliest first: the one the broker named last
 * (FACTS.md §0), the one its token came from (FACTS.md row 21), and the one where every login
 * begins. Whether Holdfast may call them is another question.
 */
export function hostsFor(
  environment: Environment,
  named: ApiHosts,
  issuedBy: string | null,
  twin = false,
): string[] {
  const hosts = [named[environment], issuedBy, firstHosts(twin)[environment]];
  // Whatever either of the two systems names: no token of one goes to the other.
  const foreign = Object.values(firstHosts(!twin));
  return [...new Set(hosts)].filter(
    (host): host is string => host != null && isBrokerHost(host) && !foreign.includes(host),
  );
}
