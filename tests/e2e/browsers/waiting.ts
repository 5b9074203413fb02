// What is waited for in the same way in both browsers.

import type { Name, TestBrowser, TestPage, WaitOptions } from './browser.ts';
import { contains, matches, until } from './poll.ts';
import { expressionOf } from './script.ts';

export abstract class WaitingPage implements Pick<
  TestPage,
  'evaluate' | 'text' | 'waitFor' | 'waitForText'
> {
  abstract evaluate<T, A = undefined>(
    body: string | ((arg: A) => T | Promise<T>),
    arg?: A,
  ): Promise<T>;
  abstract text(): Promise<string>;

  waitFor<T, A = undefined>(
    body: string | ((arg: A) => T | Promise<T>),
    arg?: A,
    options: WaitOptions = {},
  ): Promise<T> {
    return until(() => this.evaluate(body, arg), {
      what: options.what ?? expressionOf(body, arg),
      timeoutMs: options.timeoutMs,
      describe: () => this.text(),
    });
  }

  async waitForText(text: Name, options: WaitOptions = {}): Promise<void> {
    await until(async () => contains(await this.text(), text), {
      what: options.what ?? `the text ${String(text)}`,
      timeoutMs: options.timeoutMs,
      describe: () => this.text(),
    });
  }
}

export abstract class WaitingBrowser implements Pick<TestBrowser, 'pages' | 'waitForPage'> {
  abstract pages(): Promise<TestPage[]>;

  waitForPage(url: Name, options: WaitOptions = {}): Promise<TestPage> {
    return until(
      async () => {
        for (const page of await this.pages()) if (matches(await page.url(), url)) return page;
        return undefined;
      },
      { what: options.what ?? `a page at ${String(url)}`, timeoutMs: options.timeoutMs },
    );
  }
}
