/**
 * The front doors: the names under which people sign in to the same broker, with the same clients and
 * accounts (FACTS.md §1, §7). All that differs between them is in this table. What people pick
 * from, what is stored and sent, the pages that the content script runs on and the host checks
 * follow from it: a further door is one entry.
 */

export interface FrontDoor {
  /** As people write it. */
  name: string;
  /** Its web pages, as the host of a match pattern: `*.` is the domain and all that is under it. */
  pages: string;
  /** Where people sign in, for "sign in there to see whether it works". */
  webTrader: string;
  /** Where a person lets an app in, and the same for apps that are registered on the development twin. */
  authorize: string;
  authorizeTwin: string;
}

export const FRONT_DOORS = {
  tradovate: {
    name: 'Tradovate',
    pages: '*.tradovate.com',
    webTrader: 'https://trader.tradovate.com/welcome',
    authorize: 'https://trader.tradovate.com/oauth',
    authorizeTwin: 'https://trader-d.tradovate.com/oauth',
  },
  ninjatrader: {
    name: 'NinjaTrader',
    pages: 'web.ninjatrader.com',
    webTrader: 'https://web.ninjatrader.com/welcome',
    authorize: 'https://web.ninjatrader.com/oauth',
    authorizeTwin: 'https://trader.devel.ninjatrader.dev/oauth',
  },
} satisfies Record<string, FrontDoor>;

export type Brand = keyof typeof FRONT_DOORS;

/** Every front door, in the order in which people are offered them; the first is chosen until they choose. */
export const BRANDS = Object.keys(FRONT_DOORS) as [Brand, ...Brand[]];

export function isBrand(value: unknown): value is Brand {
  return (BRANDS as readonly unknown[]).includes(value);
}

/** Match patterns of all web pages on which a person may sign in (FACTS.md §6, row 28). */
export const WEB_PAGES = Object.values(FRONT_DOORS).map(({ pages }) => `https://${pages}/*`);

/** Whether `url` is a page that one of these patterns matches. */
export function isWebTrader(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  const matches = ({ pages }: FrontDoor) =>
    pages.startsWith('*.') ? `.${hostname}`.endsWith(pages.slice(1)) : hostname === pages;
  return protocol === 'https:' && Object.values(FRONT_DOORS).some(matches);
}
