import type { LaunchOptions, TestBrowser } from './browser.ts';
import { ChromiumBrowser } from './chromium.ts';
import { FirefoxBrowser } from './firefox.ts';

export type * from './browser.ts';
export { until } from './poll.ts';

/** Starts that browser with the extension in it; resolves when both are running. */
export async function launch(
  name: TestBrowser['name'],
  options: LaunchOptions,
): Promise<TestBrowser> {
  const browser = name === 'chromium' ? new ChromiumBrowser(options) : new FirefoxBrowser(options);
  try {
    await browser.start();
  } catch (error) {
    await browser.close();
    throw error;
  }
  return browser;
}
