import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { LaunchOptions, TestBrowser, TestPage, Viewport } from './browser.ts';
import { FirefoxPage, type FirefoxWindows } from './firefox-page.ts';
import { userJs } from './firefox-prefs.ts';
import { Gate } from './gate.ts';
import { Marionette } from './marionette.ts';
import { Hopeless, until } from './poll.ts';
import { findProgram, killGroup } from './processes.ts';
import { WaitingBrowser } from './waiting.ts';
import { zipFolder } from './zip.ts';

const errorMark = 'HOLDFAST-ERROR ';
const defaultViewport: Viewport = { width: 1024, height: 768 };

interface Manifest {
  background?: unknown;
  browser_specific_settings?: { gecko?: { id?: string } };
}

/** A uuid that is the same for the same extension on every run. */
function uuidFor(extensionId: string): string {
  const hex = createHash('sha256').update(extensionId).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Firefox with the extension installed in its profile; `start()` resolves when it is running. */
export class FirefoxBrowser extends WaitingBrowser implements TestBrowser, FirefoxWindows {
  readonly name = 'firefox';
  readonly profile: string;
  readonly extensionId: string;
  readonly #uuid: string;
  readonly #options: LaunchOptions;
  readonly #ownsProfile: boolean;
  readonly #manifest: Manifest;
  readonly #gate: Gate;
  readonly #errors: string[] = [];
  readonly #output: string[] = [];
  #gatePort: number | undefined;
  #process: ChildProcess | undefined;
  #marionette: Marionette | undefined;
  // The first, blank tab: chrome scripts run in its window, and it keeps the browser open.
  #home = '';
  #pages = new Map<string, FirefoxPage>();
  readonly #killAtExit = (): void => {
    if (this.#process?.pid !== undefined) process.kill(-this.#process.pid, 'SIGKILL');
  };

  constructor(options: LaunchOptions) {
    super();
    this.#options = { ...options, extensionDir: resolve(options.extensionDir) };
    this.#ownsProfile = options.profile === undefined;
    this.profile = realpathSync(
      options.profile ?? mkdtempSync(join(tmpdir(), 'holdfast-firefox-')),
    );
    this.#manifest = JSON.parse(
      readFileSync(join(this.#options.extensionDir, 'manifest.json'), 'utf8'),
    ) as Manifest;
    const id = options.extensionId ?? this.#manifest.browser_specific_settings?.gecko?.id;
    if (id === undefined) throw new Error('The manifest has no browser_specific_settings.gecko.id');
    this.extensionId = id;
    this.#uuid = uuidFor(id);
    this.#gate = new Gate(options.proxyPort);
  }

  async start(): Promise<void> {
    this.#gate.shut();
    this.#gatePort ??= await this.#gate.listen();
    this.#takeStartupCache();
    this.#writeProfile(this.#gatePort);
    const port = await this.#spawn();
    this.#marionette = await Marionette.connect(port);
    await this.#marionette.send('WebDriver:NewSession', {
      acceptInsecureCerts: true,
      unhandledPromptBehavior: 'dismiss',
      timeouts: { script: 60_000, pageLoad: 30_000, implicit: 0 },
    });
    this.#home = (
      await this.#marionette.send<{ value: string }>('WebDriver:GetWindowHandle')
    ).value;
    this.#pages.clear();
    await this.#listenForErrors();
    this.#gate.open();
    await this.#installed();
  }

  async #installed(): Promise<void> {
    await until(
      () =>
        this.chrome(`return WebExtensionPolicy.getByID(arguments[0])?.active`, this.extensionId),
      { what: 'the extension to be installed', timeoutMs: 20_000 },
    );
    if (this.#manifest.background !== undefined && !(await this.#isRestart())) {
      await until(() => this.backgroundRuns(), {
        what: 'the background of the extension to start',
        timeoutMs: 20_000,
      });
    }
  }

  /** After a restart the event page may rightly sleep, unless it listens to `onStartup`. */
  async #isRestart(): Promise<boolean> {
    const reason = await this.chrome<string>(
      `return WebExtensionPolicy.getByID(arguments[0]).extension.startupReason`,
      this.extensionId,
    );
    return reason === 'APP_STARTUP';
  }

  /** Firefox believes a cache beside which it finds its own build named, and no other. */
  #takeStartupCache(): void {
    const { startupCache } = this.#options;
    if (startupCache === undefined || !existsSync(startupCache)) return;
    if (existsSync(join(this.profile, 'compatibility.ini'))) return;
    cpSync(startupCache, this.profile, { recursive: true });
  }

  /** Keeps the cache for the starts to come, without what it holds of the extension. */
  #keepStartupCache(): void {
    const { startupCache } = this.#options;
    if (startupCache === undefined || existsSync(startupCache)) return;
    mkdirSync(dirname(startupCache), { recursive: true });
    const copy = mkdtempSync(`${startupCache}-`);
    for (const name of ['compatibility.ini', 'startupCache'])
      cpSync(join(this.profile, name), join(copy, name), { recursive: true });
    rmSync(join(copy, 'startupCache', 'webext.sc.lz4'), { force: true });
    try {
      renameSync(copy, startupCache);
    } catch {
      // Another worker was first.
      rmSync(copy, { recursive: true, force: true });
    }
  }

  #writeProfile(proxyPort: number): void {
    const xpi = join(this.profile, 'extensions', `${this.extensionId}.xpi`);
    mkdirSync(join(this.profile, 'extensions'), { recursive: true });
    const bytes = zipFolder(this.#options.extensionDir);
    // Unchanged bytes stay untouched: a new file would count as an update of the extension.
    if (!existsSync(xpi) || !readFileSync(xpi).equals(bytes)) writeFileSync(xpi, bytes);
    writeFileSync(
      join(this.profile, 'user.js'),
      userJs({ proxyPort, extensionId: this.extensionId, uuid: this.#uuid }),
    );
  }

  /** Starts the program and gives the port Marionette listens on. */
  async #spawn(): Promise<number> {
    const program = findProgram('firefox');
    const args = ['--marionette', '--remote-allow-system-access', '--no-remote', '--new-instance'];
    if (this.#options.headless ?? true) args.unshift('--headless');
    const child = spawn(program, [...args, '-profile', this.profile], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: '1', MOZ_REMOTE_SETTINGS_DEVTOOLS: '1' },
    });
    this.#process = child;
    process.once('exit', this.#killAtExit);
    child.once('exit', () => {
      process.off('exit', this.#killAtExit);
      if (this.#process === child) this.#process = undefined;
    });
    let port: number | undefined;
    this.#output.length = 0;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        const found = /Marionette\s+INFO\s+Listening on port (\d+)/.exec(line);
        if (found) port = Number(found[1]);
        this.#hear(line);
      });
    }
    return until(
      () => {
        if (this.#process !== child)
          throw new Hopeless(`Firefox ended while starting:\n${this.#output.join('\n')}`);
        return port;
      },
      { what: 'Marionette to listen', timeoutMs: 60_000, intervalMs: 20 },
    ).then((found) => found ?? 0);
  }

  #hear(line: string): void {
    const at = line.indexOf(errorMark);
    if (at >= 0) {
      const error = JSON.parse(line.slice(at + errorMark.length)) as string;
      // Said by Firefox when a tab is closed over a question that a killed background left open.
      if (!error.startsWith('Promise rejected after context unloaded')) this.#errors.push(error);
      return;
    }
    this.#output.push(line);
    if (this.#output.length > 100) this.#output.shift();
  }

  /** Script errors and console.error of the extension, from every process, to our standard output. */
  async #listenForErrors(): Promise<void> {
    const origin = this.extensionUrl('');
    const shared = `
      const say = (text) => dump('\\n' + ${JSON.stringify(errorMark)} + JSON.stringify(text) + '\\n');
      const origin = ${JSON.stringify(origin)};`;
    const inEveryProcess = `(() => { ${shared}
      const hear = (event) => {
        if (event.level !== 'error' && event.level !== 'assert') return;
        const page = globalThis.WindowGlobalChild?.getByInnerWindowId(event.innerID)?.documentURI?.spec;
        if (![event.filename, page].some((url) => url?.startsWith(origin))) return;
        const words = [...event.arguments].map((a) => {
          try {
            return typeof a === 'string' ? a : a?.stack ? a + '\\n' + a.stack : JSON.stringify(a);
          } catch { return String(a); }
        });
        say(words.join(' ') + ' (' + event.filename + ':' + event.lineNumber + ')');
      };
      const storage = Cc['@mozilla.org/consoleAPI-storage;1'].getService(Ci.nsIConsoleAPIStorage);
      for (const event of storage.getEvents()) hear(event);
      const system = Services.scriptSecurityManager.getSystemPrincipal();
      storage.addLogEventListener((event) => hear(event.wrappedJSObject ?? event), system);
    })()`;
    await this.chrome(
      `${shared}
      Services.ppmm.loadProcessScript('data:,' + encodeURIComponent(arguments[0]), true);
      const hear = (message) => {
        if (!(message instanceof Ci.nsIScriptError) || message.flags & Ci.nsIScriptError.warningFlag)
          return;
        if (!message.sourceName.startsWith(origin)) return;
        say(message.errorMessage + ' (' + message.sourceName + ':' + message.lineNumber + ')');
      };
      for (const message of Services.console.getMessageArray()) hear(message);
      window.holdfastListener = { observe: hear, QueryInterface: ChromeUtils.generateQI(['nsIConsoleListener']) };
      Services.console.registerListener(window.holdfastListener);`,
      inEveryProcess,
    );
  }

  #live(): Marionette {
    if (!this.#marionette) throw new Error('Firefox is not running');
    return this.#marionette;
  }

  /** Runs a script with the browser's own rights. For the driver; specs stay in pages. */
  chrome<T>(script: string, ...args: unknown[]): Promise<T> {
    const marionette = this.#live();
    return marionette.exclusively(async () => {
      await marionette.send('WebDriver:SwitchToWindow', { handle: this.#home, focus: false });
      await marionette.send('Marionette:SetContext', { value: 'chrome' });
      try {
        const { value } = await marionette.send<{ value: T }>('WebDriver:ExecuteScript', {
          script,
          args,
          sandbox: 'system',
        });
        return value;
      } finally {
        await marionette.send('Marionette:SetContext', { value: 'content' });
      }
    });
  }

  /** Runs `work` with that tab as the current one. */
  inTab<T>(
    handle: string,
    focus: boolean,
    work: (marionette: Marionette) => Promise<T>,
  ): Promise<T> {
    const marionette = this.#live();
    return marionette.exclusively(async () => {
      await marionette.send('WebDriver:SwitchToWindow', { handle, focus });
      return work(marionette);
    });
  }

  extensionUrl(path: string): string {
    return `moz-extension://${this.#uuid}/${path.replace(/^\//, '')}`;
  }

  #wrap(handle: string): FirefoxPage {
    let page = this.#pages.get(handle);
    if (!page) {
      page = new FirefoxPage(this, handle);
      this.#pages.set(handle, page);
    }
    return page;
  }

  async open(url: string, viewport?: Viewport): Promise<TestPage> {
    const { handle } = await this.inTab(this.#home, false, (marionette) =>
      marionette.send<{ handle: string }>('WebDriver:NewWindow', { type: 'tab', focus: true }),
    );
    const page = this.#wrap(handle);
    // A person's window has the size they give it.
    const fixed = viewport ?? (this.#options.headless === false ? undefined : defaultViewport);
    if (fixed) await page.viewport(fixed);
    await page.goto(url);
    return page;
  }

  ended(): Promise<void> {
    const child = this.#process;
    return new Promise((resolve) => (child ? child.once('exit', () => resolve()) : resolve()));
  }

  async pages(): Promise<TestPage[]> {
    const handles = await this.#live().send<string[]>('WebDriver:GetWindowHandles');
    return handles.filter((h) => h !== this.#home).map((h) => this.#wrap(h));
  }

  async answerPermission(host: string, allowed: boolean, ask: () => Promise<void>): Promise<void> {
    await ask();
    // Firefox takes no answer in the first half second, lest it was meant for something else.
    await until(
      () =>
        this.chrome<boolean>(
          `const [host, button] = arguments;
          const id = 'addon-webext-permissions-notification';
          const { panel } = PopupNotifications;
          const question = [...panel.children].find((one) => one.id === id);
          if (!question || panel.state !== 'open') return window.holdfastAnswered ?? false;
          if (!question.textContent.includes(host)) throw new Error(question.textContent);
          window.holdfastAnswered = true;
          question[button].click();
          return false;`,
          host,
          allowed ? 'button' : 'secondaryButton',
        ),
      { what: `the question about ${host} to be asked and answered` },
    );
    await this.chrome('delete window.holdfastAnswered');
  }

  async pressInToolbarPopup(name: string): Promise<void> {
    await this.chrome(
      `const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
      const { extension } = WebExtensionPolicy.getByID(arguments[0]);
      ExtensionParent.apiManager.global.browserActionFor(extension).triggerAction(window);`,
      this.extensionId,
    );
    const press = `
      const name = ${JSON.stringify(name)};
      const button = [...content.document.querySelectorAll('button')].find((one) => one.textContent === name);
      if (button) {
        const asPerson = content.windowUtils.setHandlingUserInput(true);
        button.click();
        asPerson.destruct();
      }
      sendAsyncMessage('holdfast:pressed', button !== undefined);`;
    await until(
      () =>
        this.chrome<boolean>(
          `const popup = document.querySelector('browser.webextension-popup-browser');
          if (!popup?.messageManager) return false;
          return new Promise((resolve) => {
            popup.messageManager.addMessageListener('holdfast:pressed', function hear({ data }) {
              popup.messageManager.removeMessageListener('holdfast:pressed', hear);
              if (data) popup.closest('panel').hidePopup();
              resolve(data);
            });
            popup.messageManager.loadFrameScript('data:,' + encodeURIComponent(arguments[0]), false);
          });`,
          press,
        ),
      { what: `${name} in the toolbar’s popup` },
    );
  }

  async takePermission(host: string): Promise<void> {
    await this.chrome(
      `const { ExtensionPermissions } = ChromeUtils.importESModule('resource://gre/modules/ExtensionPermissions.sys.mjs');
      const { extension } = WebExtensionPolicy.getByID(arguments[0]);
      return ExtensionPermissions.remove(arguments[0], { permissions: [], origins: [arguments[1]] }, extension);`,
      this.extensionId,
      `https://${host}/*`,
    );
  }

  #backgroundState(): Promise<string> {
    return this.chrome(
      `return WebExtensionPolicy.getByID(arguments[0])?.extension.backgroundState ?? 'absent'`,
      this.extensionId,
    );
  }

  async killBackground(): Promise<void> {
    await until(
      async () => {
        await this.chrome(
          `const { extension } = WebExtensionPolicy.getByID(arguments[0]);
          if (extension.backgroundState === 'running')
            return extension.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true });`,
          this.extensionId,
        );
        return (await this.#backgroundState()) === 'stopped';
      },
      { what: 'the event page to stop', intervalMs: 20 },
    );
  }

  async backgroundRuns(): Promise<boolean> {
    return (await this.#backgroundState()) === 'running';
  }

  consoleErrors(): string[] {
    return [...this.#errors];
  }

  badge(): Promise<{ text: string; title: string }> {
    return this.chrome(
      `const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
      const { extension } = WebExtensionPolicy.getByID(arguments[0]);
      const { action } = ExtensionParent.apiManager.global.browserActionFor(extension);
      return { text: action.getProperty(null, 'badgeText'), title: action.getProperty(null, 'title') };`,
      this.extensionId,
    );
  }

  async crash(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined) throw new Error('Firefox is not running');
    await killGroup(child.pid, this.profile);
    await this.#ended(child);
  }

  async #ended(child: ChildProcess): Promise<void> {
    await until(() => child.exitCode !== null || child.signalCode !== null, {
      what: 'Firefox to end',
      timeoutMs: 20_000,
      intervalMs: 20,
    });
    this.#marionette?.disconnect();
    this.#marionette = undefined;
    this.#process = undefined;
  }

  async relaunch(): Promise<void> {
    await this.#stop();
    await this.start();
  }

  async renew(proxyPort: number): Promise<void> {
    for (const page of await this.pages()) await page.close();
    this.#pages.clear();
    this.#gate.turnTo(proxyPort);
    const xpi = join(this.profile, 'again.xpi');
    writeFileSync(xpi, zipFolder(this.#options.extensionDir));
    await this.chrome(
      `const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs');
      return (async () => {
        await (await AddonManager.getAddonByID(arguments[0])).uninstall();
        const { CLEAR_ALL } = Ci.nsIClearDataService;
        await new Promise((resolve) => Services.clearData.deleteData(CLEAR_ALL, resolve));
      })();`,
      this.extensionId,
    );
    this.#errors.length = 0;
    // As after a start somebody is at the computer: else the new background is woken to hear that nobody is.
    await this.chrome(
      `const idle = Cc['@mozilla.org/widget/useridleservice;1'].getService(Ci.nsIUserIdleService);
      idle.QueryInterface(Ci.nsIUserIdleServiceInternal).resetIdleTimeOut(0);
      const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs');
      const { FileUtils } = ChromeUtils.importESModule('resource://gre/modules/FileUtils.sys.mjs');
      return (async () => {
        const install = await AddonManager.getInstallForFile(new FileUtils.File(arguments[0]));
        await install.install();
      })();`,
      xpi,
    );
    await this.#installed();
  }

  async close(): Promise<void> {
    await this.#stop();
    this.#gate.close();
    if (this.#ownsProfile)
      rmSync(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #stop(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined) return;
    // The connection may close before the answer comes.
    await this.#marionette
      ?.send('Marionette:Quit', { flags: ['eForceQuit'] })
      .catch(() => undefined);
    await this.#ended(child).catch(() => undefined);
    await killGroup(child.pid, this.profile);
    if (child.exitCode === 0) this.#keepStartupCache();
  }
}
