import type { LaunchOptions, TestBrowser } from './browser.ts';
import { launchChromium } from './chromium.ts';
import { launchFirefox } from './firefox.ts';

export type * from './browser.ts';
export { until } from './poll.ts';

/** Starts that browser with the extension in it. */
export function launch(name: TestBrowser['name'], options: LaunchOptions): Promise<TestBrowser> {
  return name === 'chromium' ? launchChromium(options) : launchFirefox(options);
}
