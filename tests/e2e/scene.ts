/**
 * A local Tradovate, a browser with the production build in it, and the words that specs and the
 * story of `npm start` are written in.
 */
import {
  plainlyClosed,
  sampleApp,
  sampleOAuthApp,
  type NewUser,
} from '../simulator/broker-types.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { beginning, sentence } from '../sentence.ts';
import { launch, until } from './browsers/index.ts';
import type { Name, TestBrowser, TestPage } from './browsers/browser.ts';

export const PASSWORD = 'made-up-password-1234';
export const BUILDS = { chromium: '.output/chrome-mv3', firefox: '.output/firefox-mv3' } as const;
export const POPUP = { width: 380, height: 600 };
export const WELCOME = 'https://trader.tradovate.com/welcome';

type State = 'Connected' | 'Reconnecting' | 'Disconnected' | 'Token expired';

const BADGES: Record<State, string> = {
  Connected: '✓',
  Reconnecting: '…',
  Disconnected: '!',
  'Token expired': '×',
};

/** What stands at the top of the popup when so many logins are green. */
export const connected = (count: number, logins = count): string =>
  sentence('summary_connected', { connected: String(count), logins: String(logins) });

export class Scene {
  readonly simulator: Simulator;
  readonly browser: TestBrowser;
  /** Everything that must not be found on disk. */
  readonly secrets: string[] = [PASSWORD, sampleApp.sec, sampleOAuthApp.clientSecret];

  private constructor(simulator: Simulator, browser: TestBrowser) {
    this.simulator = simulator;
    this.browser = browser;
  }

  static async open(
    name: TestBrowser['name'],
    options: { profile?: string; startupCache?: string; headless?: boolean } = {},
  ) {
    const simulator = await startSimulator();
    const browser = await launch(name, {
      extensionDir: BUILDS[name],
      proxyPort: simulator.proxyPort,
      ...options,
    });
    return new Scene(simulator, browser);
  }

  /** The same in a browser that is there already, made as new. */
  static async renew(browser: TestBrowser): Promise<Scene> {
    const simulator = await startSimulator();
    await browser.renew(simulator.proxyPort);
    return new Scene(simulator, browser);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.simulator.close();
  }

  get broker() {
    return this.simulator.broker;
  }

  addUser(name: string, settings: NewUser['settings'] = {}) {
    return this.broker.addUser({
      name,
      password: PASSWORD,
      settings: { ...plainlyClosed, ...settings },
    });
  }

  openPopup(): Promise<TestPage> {
    return this.browser.open(this.browser.extensionUrl('popup.html'), POPUP);
  }

  openOptions(): Promise<TestPage> {
    return this.browser.open(this.browser.extensionUrl('options.html'), {
      width: 1000,
      height: 900,
    });
  }

  /** Fills the connect form; what is not said is right. */
  async fillConnectForm(page: TestPage, userName: string, change: Partial<ConnectEntries> = {}) {
    const entries = this.#entries(userName, change);
    await page.check(entries.frontDoor, true);
    await page.check(
      sentence(entries.environment === 'Live' ? 'signIn_live' : 'signIn_demo'),
      true,
    );
    await page.fill(sentence('signIn_appId'), entries.appId);
    await page.fill(sentence('signIn_cid'), entries.cid);
    await page.fill(sentence('signIn_apiSecret'), entries.secret);
    await page.check(sentence('signIn_keepApiSecret'), entries.keepSecret);
    await page.fill(sentence('signIn_userName'), userName);
    await page.fill(sentence('signIn_password'), entries.password);
    await page.fill(beginning('signIn_label'), entries.label);
  }

  #entries(userName: string, change: Partial<ConnectEntries>): ConnectEntries {
    const entries: ConnectEntries = {
      frontDoor: 'Tradovate',
      environment: 'Demo',
      appId: sampleApp.appId,
      cid: String(sampleApp.cid),
      secret: sampleApp.sec,
      keepSecret: true,
      password: PASSWORD,
      label: userName,
      ...change,
    };
    this.secrets.push(entries.password, entries.secret);
    return entries;
  }

  /**
   * Signs a login in through the options page, and closes that page. The fields are filled in one
   * step, as a password manager does: typing them is for `fillConnectForm`.
   */
  async connect(userName: string, change: Partial<ConnectEntries> = {}): Promise<void> {
    const page = await this.openOptions();
    const { frontDoor, environment, keepSecret, ...texts } = this.#entries(userName, change);
    const entries: Filled = {
      chosen: { brand: frontDoor.toLowerCase(), environment: environment.toLowerCase() },
      keepSecret,
      texts: { ...texts, userName },
    };
    await page.waitFor(
      ({ chosen, keepSecret, texts }: Filled) => {
        const fields = document.querySelector<HTMLInputElement>('[name=cid]')?.form?.elements;
        if (!fields) return false;
        for (const field of fields) {
          if (!(field instanceof HTMLInputElement)) continue;
          if (field.type === 'radio' && chosen[field.name] === field.value) field.click();
          if (field.name === 'keepSecret' && field.checked !== keepSecret) field.click();
          const text = texts[field.name];
          if (text === undefined) continue;
          field.value = text;
          field.dispatchEvent(new Event('input', { bubbles: true }));
        }
        return true;
      },
      entries,
      { what: 'the form for an API key' },
    );
    await page.click('button', sentence('signIn_connect'));
    await page.waitForText(sentence('options_signedIn', { label: change.label ?? userName }));
    await page.close();
  }

  /** Signs in again from the popup, as the person does whose session is gone. */
  async reconnect(userName: string): Promise<void> {
    const popup = await this.openPopup();
    await popup.click('button', sentence('popup_reconnect'));
    await popup.fill(sentence('signIn_passwordOf', { user: userName }), PASSWORD);
    await popup.press('Enter');
    await popup.waitForText(connected(1));
    await popup.close();
  }

  /** Waits until popup and badge both show `state`; gives the popup's text. */
  async shows(state: State, words: Name = '', timeoutMs?: number): Promise<string> {
    const popup = await this.openPopup();
    try {
      await popup.waitForText(state, { timeoutMs, what: `"${state}" in the popup` });
      if (words !== '') await popup.waitForText(words, { timeoutMs });
      await until(async () => (await this.browser.badge()).text === BADGES[state], {
        what: `the badge of "${state}"`,
        timeoutMs,
      });
      return await popup.text();
    } finally {
      await popup.close();
    }
  }

  /** Signs in on the broker's web page, as a person does. */
  async webLogin(userName: string, page?: TestPage): Promise<TestPage> {
    const tab = page ?? (await this.browser.open(WELCOME));
    await tab.waitFor(() => document.querySelector('#password-input') !== null);
    await tab.evaluate(`document.querySelector('#name-input').focus()`);
    await tab.fill(await labelOf(tab, '#name-input'), userName);
    await tab.fill(await labelOf(tab, '#password-input'), PASSWORD);
    await tab.click('button', /^Log ?in$/i);
    await tab.waitFor(() => location.pathname === '/trading-mode');
    return tab;
  }

  /** The card in a web page; null when there is none. */
  card(page: TestPage) {
    return page.closedShadow('[data-holdfast-card]');
  }

  /** Calls of Holdfast to that endpoint which the broker has seen. */
  calls(endpoint: string): number {
    return this.broker.journal.filter(
      (call) => call.endpoint === endpoint && call.from === 'program',
    ).length;
  }

  /**
   * What is unlike any other in the tokens the broker gave to Holdfast, their signatures. The tokens
   * of the broker's own page are not ours to hide: it keeps them in sessionStorage (FACTS.md §6).
   */
  tokens(): string[] {
    const { accessTokens, refreshTokens } = this.broker.issued;
    const ours = [sampleApp.appId, sampleOAuthApp.name];
    return [...accessTokens.filter(({ appId }) => ours.includes(appId)), ...refreshTokens].map(
      ({ token }) => token.slice(token.lastIndexOf('.') + 1),
    );
  }
}

export interface ConnectEntries {
  frontDoor: 'Tradovate' | 'NinjaTrader';
  environment: 'Live' | 'Demo';
  appId: string;
  cid: string;
  secret: string;
  keepSecret: boolean;
  password: string;
  label: string;
}

/** What `connect` fills in, by the names of the fields. */
interface Filled {
  chosen: Record<string, string>;
  keepSecret: boolean;
  texts: Record<string, string>;
}

async function labelOf(page: TestPage, selector: string): Promise<string> {
  return page.evaluate((selector: string) => {
    const field = document.querySelector<HTMLInputElement>(selector);
    return (field?.getAttribute('aria-label') ?? field?.labels?.[0]?.textContent ?? '').trim();
  }, selector);
}
