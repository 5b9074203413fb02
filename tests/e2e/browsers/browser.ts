// One interface over two browsers, so that every spec is written once.
import type { Page } from '@playwright/test';

/** A string matches the whole name (white space folded); a RegExp matches anywhere in it. */
export type Name = string | RegExp;

export interface LaunchOptions {
  /** Unpacked build, for example `.output/chrome-mv3` or `.output/firefox-mv3`. */
  extensionDir: string;
  /** Port on 127.0.0.1 of the HTTP proxy that all traffic goes through. */
  proxyPort: number;
  /** Profile directory to use and keep; without it a temporary one that `close()` removes. */
  profile?: string;
  /** Folder for what Firefox compiles of itself: later starts take half the processor's time. */
  startupCache?: string;
  /** Default true. */
  headless?: boolean;
  /** Overrides the id that is read from the manifest or computed from the path. */
  extensionId?: string;
}

export interface Viewport {
  width: number;
  height: number;
}

export interface Rect extends Viewport {
  x: number;
  y: number;
}

export interface WaitOptions {
  /** Default 20 000. */
  timeoutMs?: number | undefined;
  /** What is waited for, in words: the error message says it. */
  what?: string;
}

export interface Media {
  colorScheme?: 'light' | 'dark';
  forcedColors?: boolean;
  reducedMotion?: boolean;
}

/** What is inside a shadow root, closed or open. */
export interface ShadowView {
  text: string;
  html: string;
  /** The box around everything visible in it, in CSS pixels of the viewport. */
  rect: Rect;
  /** A real click on the button, link or field of that accessible name. */
  click(name: Name): Promise<void>;
}

export interface TestPage {
  url(): Promise<string>;
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /**
   * Runs in the page: an expression, or a function that gets `arg`. Promises are awaited.
   * Argument and result travel as JSON, and the function sees nothing of the test's scope.
   */
  evaluate<T, A = undefined>(body: string | ((arg: A) => T | Promise<T>), arg?: A): Promise<T>;
  /** Repeats `evaluate` until the result is truthy, and gives it. */
  waitFor<T, A = undefined>(
    body: string | ((arg: A) => T | Promise<T>),
    arg?: A,
    options?: WaitOptions,
  ): Promise<T>;
  /** Waits for visible text anywhere in the body. */
  waitForText(text: Name, options?: WaitOptions): Promise<void>;
  /** Is there a visible element of that role and accessible name now? */
  has(role: string, name: Name, within?: Name): Promise<boolean>;
  /** Waits until exactly one visible enabled element matches, then really clicks it. */
  click(role: string, name: Name, within?: Name): Promise<void>;
  /** Replaces the content of a field by input that the page sees as typed. */
  fill(label: Name, value: string, within?: Name): Promise<void>;
  /** Chooses an option of a `<select>` by its value or its text. */
  select(label: Name, option: string, within?: Name): Promise<void>;
  /** Sets a checkbox, a switch or a radio button. */
  check(label: Name, checked: boolean, within?: Name): Promise<void>;
  /** A key or a chord: 'Tab', 'Shift+Tab', 'Enter', 'Escape', 'ArrowDown', 'a'. */
  press(key: string): Promise<void>;
  /** Role and accessible name of the element that has the focus; null when it is the body. */
  focused(): Promise<{ role: string; name: string } | null>;
  /** Visible text of the body. */
  text(): Promise<string>;
  /** Looks into the shadow root, closed or open, of the first element of that CSS selector. */
  closedShadow(hostSelector: string): Promise<ShadowView | null>;
  emulate(media: Media): Promise<void>;
  viewport(size: Viewport): Promise<void>;
  /** Writes a PNG of the viewport. */
  screenshot(path: string): Promise<void>;
  close(): Promise<void>;
  /** Chromium only, for axe. */
  readonly playwright?: Page;
}

export interface TestBrowser {
  readonly name: 'chromium' | 'firefox';
  /** Kept over `crash()` and `relaunch()`. */
  readonly profile: string;
  readonly extensionId: string;
  /** 'popup.html' becomes the address of that page of the extension. */
  extensionUrl(path: string): string;
  /** Opens a new tab, loaded; extension pages and pages behind the proxy alike. */
  open(url: string, viewport?: Viewport): Promise<TestPage>;
  /** Resolves when the browser has ended, for example because a person closed its window. */
  ended(): Promise<void>;
  /** Every tab and window there is, those the extension or a page opened too. */
  pages(): Promise<TestPage[]>;
  /** Waits for a tab or window at that address, for example a sign-in window. */
  waitForPage(url: Name, options?: WaitOptions): Promise<TestPage>;
  /**
   * Does what makes the extension ask for a host, and answers the browser's question as a person would.
   * Chromium's bubble cannot be reached without a screen: there only yes is possible, given beforehand.
   */
  answerPermission(host: string, allowed: boolean, ask: () => Promise<void>): Promise<void>;
  /** Firefox only: presses a button in the toolbar's own popup, which then closes, unlike one opened in a tab. */
  pressInToolbarPopup?(name: string): Promise<void>;
  /** Takes a host away from the extension, as a person does in the browser's settings. */
  takePermission(host: string): Promise<void>;
  /** Kills the service worker or event page; resolves when it has really stopped. */
  killBackground(): Promise<void>;
  /** Asks without waking it. */
  backgroundRuns(): Promise<boolean>;
  /** Errors that the extension's pages, worker and content scripts logged or threw since launch. */
  consoleErrors(): string[];
  /** The toolbar button's badge and tooltip, read without waking the background. */
  badge(): Promise<{ text: string; title: string }>;
  /** SIGKILL for the whole browser, as a power cut would do it. */
  crash(): Promise<void>;
  /** Starts again on the same profile, after `crash()` or instead of a restart by hand. */
  relaunch(): Promise<void>;
  /**
   * Takes a tenth of the time of a start: closes every page, forgets every site, and installs the
   * extension anew, with nothing left of what it stored.
   */
  renew(proxyPort: number): Promise<void>;
  close(): Promise<void>;
}
