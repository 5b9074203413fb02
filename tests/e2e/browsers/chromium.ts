import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  type BrowserContext,
  type CDPSession,
  chromium,
  type ConsoleMessage,
  type Locator,
  type Page,
} from '@playwright/test';
import type {
  LaunchOptions,
  Media,
  Name,
  Rect,
  ShadowView,
  TestBrowser,
  TestPage,
  Viewport,
} from './browser.ts';
import { Gate } from './gate.ts';
import { defaultTimeoutMs, matches, messageOf, until } from './poll.ts';
import { findProgram, killGroup } from './processes.ts';
import { containerRoles, fieldRoles, fieldSelector, pressableSelector } from './roles.ts';
import { describeShadow, expressionOf, visibleText } from './script.ts';
import { WaitingBrowser, WaitingPage } from './waiting.ts';

/**
 * Chromium takes the last list of features only, so this one repeats of Playwright's what matters
 * here. The drop-down of the address bar is a page of its own, drawn ahead by every start at the
 * cost of a third of it; no test types an address.
 */
const unusedFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  ...['AimEnabled', 'HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades', 'MediaRouter'],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'AvoidUnnecessaryBeforeUnloadCheckSync'],
  ...['DestroyProfileOnBrowserClose', 'LensOverlay', 'NetworkTimeServiceQuerying'],
  ...['OptimizationHints', 'PaintHolding', 'PreconnectToSearch', 'ThirdPartyStoragePartitioning'],
];

// Everything a fresh Chromium would ask of the network by itself.
const quietFlags = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--no-default-browser-check',
  '--no-pings',
  '--hide-crash-restore-bubble',
  // These two ask even so: the updater goes nowhere, and what asks for a Google sign-in shows up at
  // the proxy under a name that can only be refused.
  '--component-updater=url-source=data:,',
  '--gaia-url=https://quiet.invalid/',
];

type Role = Parameters<Page['getByRole']>[0];

/** The id Chromium gives an unpacked extension: by the manifest's `key`, else by its path. */
export function unpackedExtensionId(extensionDir: string): string {
  const manifest = JSON.parse(readFileSync(join(extensionDir, 'manifest.json'), 'utf8')) as {
    key?: string;
  };
  const source =
    manifest.key === undefined ? realpathSync(extensionDir) : Buffer.from(manifest.key, 'base64');
  const digest = createHash('sha256').update(source).digest('hex').slice(0, 32);
  return [...digest].map((c) => String.fromCharCode(97 + Number.parseInt(c, 16))).join('');
}

interface WorkerVersion {
  versionId: string;
  registrationId: string;
  scriptURL: string;
  runningStatus: string;
  status: string;
}

/** What Chromium's page of extensions works with, as far as it is used here. */
interface DeveloperPrivate {
  addHostPermission(extensionId: string, pattern: string): Promise<void>;
  getExtensionInfo(extensionId: string): Promise<{
    permissions: { runtimeHostPermissions: { hosts: { host: string; granted: boolean }[] } };
  }>;
  updateExtensionConfiguration(change: { extensionId: string; hostAccess: string }): Promise<void>;
}

/** Chromium with the extension; `start()` resolves when its service worker is installed. */
export class ChromiumBrowser extends WaitingBrowser implements TestBrowser {
  readonly name = 'chromium';
  readonly profile: string;
  readonly extensionId: string;
  readonly #options: LaunchOptions;
  readonly #ownsProfile: boolean;
  readonly #errors: string[] = [];
  readonly #gate: Gate;
  #gatePort: number | undefined;
  #context: BrowserContext | undefined;
  // A blank tab that only carries the debugging session and keeps the window open.
  #control: Page | undefined;
  #controlSession: CDPSession | undefined;
  #versions = new Map<string, WorkerVersion>();
  #pages = new WeakMap<Page, ChromiumPage>();
  /** Origins of the web pages there have been. */
  readonly #visited = new Set<string>();

  constructor(options: LaunchOptions) {
    super();
    this.#options = { ...options, extensionDir: resolve(options.extensionDir) };
    this.#ownsProfile = options.profile === undefined;
    this.profile = realpathSync(
      options.profile ?? mkdtempSync(join(tmpdir(), 'holdfast-chromium-')),
    );
    this.extensionId = options.extensionId ?? unpackedExtensionId(this.#options.extensionDir);
    this.#gate = new Gate(options.proxyPort);
  }

  async start(): Promise<void> {
    const { extensionDir, headless = true } = this.#options;
    this.#gatePort ??= await this.#gate.listen();
    this.#gate.open();
    const context = await chromium.launchPersistentContext(this.profile, {
      executablePath: findProgram('chromium'),
      headless,
      chromiumSandbox: process.getuid?.() !== 0,
      ignoreHTTPSErrors: true,
      proxy: { server: `http://127.0.0.1:${this.#gatePort}` },
      // A person's window has the size they give it.
      viewport: headless ? { width: 1024, height: 768 } : null,
      args: [
        ...quietFlags,
        `--disable-features=${unusedFeatures.join(',')}`,
        '--ignore-certificate-errors',
        `--disable-extensions-except=${extensionDir}`,
        `--load-extension=${extensionDir}`,
        // For `renew`: to take an extension out and put it in again.
        '--enable-unsafe-extension-debugging',
      ],
    });
    this.#context = context;
    context.setDefaultTimeout(defaultTimeoutMs);
    context.on('console', (message) => this.#hear(message));
    context.on('weberror', (error) => {
      const { stack, message } = error.error();
      this.#note(stack ?? message, `${stack ?? ''} ${error.page()?.url() ?? ''}`);
    });

    context.on('page', (page) => {
      page.on('domcontentloaded', () => {
        const { origin, protocol } = new URL(page.url());
        if (protocol === 'https:') this.#visited.add(origin);
      });
    });
    this.#control = context.pages()[0] ?? (await context.newPage());
    this.#versions.clear();
    this.#controlSession = await context.newCDPSession(this.#control);
    this.#controlSession.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      for (const version of versions) this.#versions.set(version.versionId, version);
    });
    this.#controlSession.on('ServiceWorker.workerErrorReported', ({ errorMessage }) => {
      // console.error arrives as a console event already, and some errors are reported twice.
      if (!errorMessage.errorMessage.startsWith('Uncaught')) return;
      const text = `${errorMessage.errorMessage} (${errorMessage.sourceURL})`;
      if (text !== this.#errors.at(-1)) this.#note(text, errorMessage.sourceURL);
    });
    await this.#controlSession.send('ServiceWorker.enable');
    await this.#installed();
  }

  async #installed(): Promise<void> {
    if (this.#hasWorker())
      await until(() => this.#ownVersions().some((v) => v.status === 'activated'), {
        what: 'the service worker of the extension to be installed',
        timeoutMs: 20_000,
        describe: () => Promise.resolve(this.#errors.join('\n')),
      });
  }

  #hasWorker(): boolean {
    const manifest = JSON.parse(
      readFileSync(join(this.#options.extensionDir, 'manifest.json'), 'utf8'),
    ) as { background?: unknown };
    return manifest.background !== undefined;
  }

  #live(): BrowserContext {
    if (this.#context === undefined) throw new Error('Chromium is not running');
    return this.#context;
  }

  #hear(message: ConsoleMessage): void {
    if (message.type() !== 'error') return;
    // The network log of the browser, not a word of the extension.
    if (/^(Failed to load resource:|WebSocket connection to )/.test(message.text())) return;
    const { url, lineNumber } = message.location();
    const page = message.page();
    this.#note(`${message.text()} (${url}:${lineNumber})`, `${url} ${page?.url() ?? ''}`);
  }

  #note(text: string, origin: string): void {
    if (origin.includes(this.extensionUrl(''))) this.#errors.push(text);
  }

  #ownVersions(): WorkerVersion[] {
    const origin = this.extensionUrl('');
    return [...this.#versions.values()].filter((v) => v.scriptURL.startsWith(origin));
  }

  extensionUrl(path: string): string {
    return `chrome-extension://${this.extensionId}/${path.replace(/^\//, '')}`;
  }

  #wrap(page: Page): ChromiumPage {
    const known = this.#pages.get(page);
    if (known) return known;
    const fresh = new ChromiumPage(page);
    this.#pages.set(page, fresh);
    return fresh;
  }

  async open(url: string, viewport?: Viewport): Promise<TestPage> {
    const page = await this.#live().newPage();
    if (viewport) await page.setViewportSize(viewport);
    await page.goto(url, { waitUntil: 'load' });
    return this.#wrap(page);
  }

  ended(): Promise<void> {
    const context = this.#live();
    return new Promise((resolve) => context.once('close', () => resolve()));
  }

  pages(): Promise<TestPage[]> {
    const pages = this.#live()
      .pages()
      .filter((page) => page !== this.#control);
    return Promise.resolve(pages.map((page) => this.#wrap(page)));
  }

  async answerPermission(host: string, allowed: boolean, ask: () => Promise<void>): Promise<void> {
    if (!allowed) throw new Error('The question of Chromium can only be answered with yes');
    // A host that the person has added by hand is granted without a question.
    await this.#manage((manage, id, pattern) => manage.addHostPermission(id, pattern), host);
    await ask();
  }

  async takePermission(host: string): Promise<void> {
    await this.#manage(async (manage, extensionId, pattern) => {
      const { permissions } = await manage.getExtensionInfo(extensionId);
      const { hosts } = permissions.runtimeHostPermissions;
      await manage.updateExtensionConfiguration({ extensionId, hostAccess: 'ON_SPECIFIC_SITES' });
      for (const { host, granted } of hosts) {
        if (granted && host !== pattern) await manage.addHostPermission(extensionId, host);
      }
    }, host);
  }

  /** Runs `work` in the browser's own page of extensions. It sees nothing of the driver's scope. */
  async #manage(
    work: (manage: DeveloperPrivate, extensionId: string, pattern: string) => Promise<void>,
    host: string,
  ): Promise<void> {
    const page = await this.#live().newPage();
    try {
      await page.goto('chrome://extensions');
      const args = JSON.stringify([this.extensionId, `https://${host}/*`]);
      await page.evaluate(`(${String(work)})(chrome.developerPrivate, ...${args})`);
    } finally {
      await page.close();
    }
  }

  async killBackground(): Promise<void> {
    await until(
      async () => {
        const running = this.#ownVersions().filter((v) => v.runningStatus !== 'stopped');
        for (const { versionId } of running)
          await this.#controlSession?.send('ServiceWorker.stopWorker', { versionId });
        return this.#ownVersions().every((v) => v.runningStatus === 'stopped');
      },
      { what: 'the service worker to stop', intervalMs: 20 },
    );
  }

  backgroundRuns(): Promise<boolean> {
    return Promise.resolve(this.#ownVersions().some((v) => v.runningStatus === 'running'));
  }

  consoleErrors(): string[] {
    return [...this.#errors];
  }

  async badge(): Promise<{ text: string; title: string }> {
    const read = `(async () => ({
      text: await chrome.action.getBadgeText({}),
      title: await chrome.action.getTitle({}),
    }))()`;
    const worker = this.#live()
      .serviceWorkers()
      .find((w) => w.url().startsWith(this.extensionUrl('')));
    if (worker && (await this.backgroundRuns())) {
      try {
        return await worker.evaluate(read);
      } catch {
        // It stopped in between.
      }
    }
    // The manifest as a page has the extension's APIs and none of its code, so nothing wakes.
    const page = await this.#live().newPage();
    try {
      await page.goto(this.extensionUrl('manifest.json'));
      return await page.evaluate(read);
    } finally {
      await page.close();
    }
  }

  async crash(): Promise<void> {
    const context = this.#live();
    // Chromium's lock on the profile is a link to "<host>-<pid>".
    const pid = Number(/-(\d+)$/.exec(readlinkSync(join(this.profile, 'SingletonLock')))?.[1]);
    if (!(pid > 1)) throw new Error('The profile does not name the process of Chromium');
    const closed = new Promise<void>((done) => context.once('close', () => done()));
    await killGroup(pid, this.profile);
    await closed;
    this.#context = undefined;
  }

  async relaunch(): Promise<void> {
    await this.#stop();
    await this.start();
  }

  async renew(proxyPort: number): Promise<void> {
    const context = this.#live();
    for (const page of await this.pages()) await page.close();
    for (const origin of this.#visited)
      await this.#controlSession?.send('Storage.clearDataForOrigin', {
        origin,
        storageTypes: 'all',
      });
    this.#visited.clear();
    this.#gate.turnTo(proxyPort);
    const browser = await context.browser()?.newBrowserCDPSession();
    if (!browser) throw new Error('Chromium gives no session of its own');
    // One that came with the command line cannot be taken out before it has been put in like this.
    await browser.send('Extensions.loadUnpacked', { path: this.#options.extensionDir });
    await browser.send('Extensions.uninstall', { id: this.extensionId });
    // What it stored is deleted later, and must not take what is stored next with it.
    await until(() => this.#stored().every((folder) => !existsSync(folder)), {
      what: 'everything that the extension stored to be gone',
    });
    this.#versions.clear();
    this.#errors.length = 0;
    await browser.send('Extensions.loadUnpacked', { path: this.#options.extensionDir });
    await browser.detach();
    await this.#installed();
  }

  /** Where Chromium keeps what the extension stores. */
  #stored(): string[] {
    return [
      join('IndexedDB', `chrome-extension_${this.extensionId}_0.indexeddb.leveldb`),
      join('Local Extension Settings', this.extensionId),
    ].map((folder) => join(this.profile, 'Default', folder));
  }

  async close(): Promise<void> {
    await this.#stop();
    this.#gate.close();
    if (this.#ownsProfile)
      rmSync(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #stop(): Promise<void> {
    const context = this.#context;
    this.#context = undefined;
    await context?.close();
  }
}

function nameOption(name: Name): { name: Name; exact: boolean } {
  return { name, exact: true };
}

class ChromiumPage extends WaitingPage implements TestPage {
  readonly playwright: Page;
  #session: CDPSession | undefined;

  constructor(page: Page) {
    super();
    this.playwright = page;
  }

  async #cdp(): Promise<CDPSession> {
    this.#session ??= await this.playwright.context().newCDPSession(this.playwright);
    return this.#session;
  }

  #scope(within: Name | undefined): Page | Locator {
    if (within === undefined) return this.playwright;
    return this.#anyRole(this.playwright, containerRoles, within);
  }

  #anyRole(base: Page | Locator, roles: readonly Role[], name: Name): Locator {
    const [first, ...rest] = roles.map((role) => base.getByRole(role, nameOption(name)));
    if (!first) throw new Error('no roles');
    return rest.reduce((all, one) => all.or(one), first);
  }

  #field(label: Name, within: Name | undefined): Locator {
    const base = this.#scope(within);
    return base
      .getByLabel(label, { exact: true })
      .or(this.#anyRole(base, fieldRoles, label))
      .and(this.playwright.locator(fieldSelector))
      .filter({ visible: true });
  }

  /** Adds to a failure what was wanted and what could be read then. */
  async #doing<T>(what: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const text = await this.text().catch(() => '(the page does not answer)');
      const reason = stripVTControlCharacters(messageOf(error));
      throw new Error(`Could not ${what}: ${reason}\nVisible then: ${text}`, {
        cause: error,
      });
    }
  }

  url(): Promise<string> {
    return Promise.resolve(this.playwright.url());
  }

  async goto(url: string): Promise<void> {
    await this.playwright.goto(url, { waitUntil: 'load' });
  }

  async reload(): Promise<void> {
    await this.playwright.reload({ waitUntil: 'load' });
  }

  evaluate<T, A>(body: string | ((arg: A) => T | Promise<T>), arg?: A): Promise<T> {
    return this.playwright.evaluate(expressionOf(body, arg));
  }

  async has(role: string, name: Name, within?: Name): Promise<boolean> {
    const found = this.#scope(within).getByRole(role as Role, nameOption(name));
    return (await found.filter({ visible: true }).count()) > 0;
  }

  click(role: string, name: Name, within?: Name): Promise<void> {
    const target = this.#scope(within).getByRole(role as Role, nameOption(name));
    return this.#doing(`click ${role} ${String(name)}`, () =>
      target.filter({ visible: true }).click(),
    );
  }

  fill(label: Name, value: string, within?: Name): Promise<void> {
    return this.#doing(`fill ${String(label)}`, () => this.#field(label, within).fill(value));
  }

  async select(label: Name, option: string, within?: Name): Promise<void> {
    await this.#doing(`select ${option} in ${String(label)}`, () =>
      this.#field(label, within).selectOption(option),
    );
  }

  check(label: Name, checked: boolean, within?: Name): Promise<void> {
    return this.#doing(`set ${String(label)}`, () =>
      this.#field(label, within).setChecked(checked),
    );
  }

  press(key: string): Promise<void> {
    return this.playwright.keyboard.press(key);
  }

  async focused(): Promise<{ role: string; name: string } | null> {
    const cdp = await this.#cdp();
    const { result } = await cdp.send('Runtime.evaluate', {
      expression: 'document.activeElement',
    });
    if (result.objectId === undefined || result.className === 'HTMLBodyElement') return null;
    const node = await accessible(cdp, result.objectId);
    return { role: node.role, name: node.name };
  }

  text(): Promise<string> {
    return this.playwright.evaluate(visibleText);
  }

  async closedShadow(hostSelector: string): Promise<ShadowView | null> {
    const cdp = await this.#cdp();
    const root = await this.#shadowRoot(cdp, hostSelector);
    if (root === undefined) return null;
    const { result } = await cdp.send('Runtime.callFunctionOn', {
      objectId: root,
      functionDeclaration: describeShadow,
      returnByValue: true,
    });
    const seen = result.value as { text: string; html: string; rect: Rect };
    return {
      ...seen,
      click: (name) =>
        this.#doing(`click ${String(name)} in ${hostSelector}`, () =>
          this.#clickInShadow(cdp, hostSelector, name),
        ),
    };
  }

  async #shadowRoot(cdp: CDPSession, hostSelector: string): Promise<string | undefined> {
    const { root } = await cdp.send('DOM.getDocument', { depth: 0 });
    const { nodeId } = await cdp.send('DOM.querySelector', {
      nodeId: root.nodeId,
      selector: hostSelector,
    });
    if (nodeId === 0) return undefined;
    const { node } = await cdp.send('DOM.describeNode', { nodeId, depth: 0, pierce: true });
    const shadow = node.shadowRoots?.find((r) => r.shadowRootType !== 'user-agent');
    if (!shadow) return undefined;
    const { object } = await cdp.send('DOM.resolveNode', { backendNodeId: shadow.backendNodeId });
    return object.objectId;
  }

  async #clickInShadow(cdp: CDPSession, hostSelector: string, name: Name): Promise<void> {
    const point = await until(
      async () => {
        const root = await this.#shadowRoot(cdp, hostSelector);
        if (root === undefined) return undefined;
        const { result } = await cdp.send('Runtime.callFunctionOn', {
          objectId: root,
          functionDeclaration: `function () {
            return [...this.querySelectorAll(${JSON.stringify(pressableSelector)})]
              .filter((e) => e.getClientRects().length > 0 && !e.disabled);
          }`,
        });
        const { result: list } = await cdp.send('Runtime.getProperties', {
          objectId: result.objectId ?? '',
          ownProperties: true,
        });
        for (const { name: index, value } of list) {
          if (!/^\d+$/.test(index) || value?.objectId === undefined) continue;
          const node = await accessible(cdp, value.objectId);
          if (!matches(node.name, name)) continue;
          const { result: at } = await cdp.send('Runtime.callFunctionOn', {
            objectId: value.objectId,
            functionDeclaration: `function () {
              this.scrollIntoView({ block: 'nearest', behavior: 'instant' });
              const r = this.getBoundingClientRect();
              return { x: r.x + r.width / 2, y: r.y + r.height / 2 };
            }`,
            returnByValue: true,
          });
          return at.value as { x: number; y: number };
        }
        return undefined;
      },
      { what: `${String(name)} in the shadow root` },
    );
    if (point) await this.playwright.mouse.click(point.x, point.y);
  }

  async emulate(media: Media): Promise<void> {
    await this.playwright.emulateMedia({
      ...(media.colorScheme === undefined ? {} : { colorScheme: media.colorScheme }),
      ...(media.forcedColors === undefined
        ? {}
        : { forcedColors: media.forcedColors ? 'active' : 'none' }),
      ...(media.reducedMotion === undefined
        ? {}
        : { reducedMotion: media.reducedMotion ? 'reduce' : 'no-preference' }),
    });
  }

  async viewport(size: Viewport): Promise<void> {
    await this.playwright.setViewportSize(size);
  }

  async screenshot(path: string): Promise<void> {
    await this.playwright.screenshot({ path });
  }

  close(): Promise<void> {
    return this.playwright.close();
  }
}

/** Role and name as Chromium's accessibility tree has them. */
async function accessible(
  cdp: CDPSession,
  objectId: string,
): Promise<{ role: string; name: string }> {
  const { nodes } = await cdp.send('Accessibility.getPartialAXTree', {
    objectId,
    fetchRelatives: false,
  });
  const value = (v: { value?: unknown } | undefined): string =>
    typeof v?.value === 'string' ? v.value : '';
  return { role: value(nodes[0]?.role), name: value(nodes[0]?.name) };
}
