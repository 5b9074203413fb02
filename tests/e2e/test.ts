/**
 * `test` with a scene of its own. However a test ends, nothing of what Holdfast was given may be
 * found as text in the browser's profile, and no error in the extension's consoles.
 *
 * The tests of one worker share a browser that is made as new for each. Its profile is searched
 * after each test as it stands, and for the secrets of all of them once it has ended.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { until } from './browsers/index.ts';
import type { TestBrowser } from './browsers/browser.ts';
import { findText } from './profile-search.ts';
import { Scene } from './scene.ts';

/** A browser between two tests, and what must not be in its profile. */
class Shelf {
  browser: TestBrowser | undefined;
  readonly secrets: string[] = [];

  async clear(): Promise<void> {
    const { browser, secrets } = this;
    if (!browser) return;
    this.browser = undefined;
    await browser.close();
    expect(await findText(browser.profile, secrets)).toEqual([]);
    await rm(browser.profile, { recursive: true, force: true });
    secrets.length = 0;
  }
}

export const test = base.extend<{ scene: Scene }, { shelf: Shelf }>({
  shelf: [
    // Playwright reads from the first parameter what a fixture needs: here, nothing.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const shelf = new Shelf();
      await use(shelf);
      await shelf.clear();
    },
    { scope: 'worker' },
  ],

  scene: async ({ browserName, shelf }, use, info) => {
    const scene = shelf.browser
      ? await Scene.renew(shelf.browser)
      : await openScene(browserName === 'firefox' ? 'firefox' : 'chromium', info.project.outputDir);
    const { browser } = scene;
    shelf.browser = browser;
    try {
      await use(scene);
      expect(browser.consoleErrors()).toEqual([]);
    } finally {
      shelf.secrets.push(...scene.secrets, ...scene.tokens());
      if (info.status === 'passed') {
        await scene.simulator.close();
        expect(await findText(browser.profile, shelf.secrets)).toEqual([]);
      } else {
        await shelf.clear();
        await scene.simulator.close();
      }
    }
  },
});

async function openScene(name: TestBrowser['name'], outputDir: string): Promise<Scene> {
  const profile = await mkdtemp(join(tmpdir(), `holdfast-${name}-`));
  return Scene.open(name, { profile, startupCache: join(outputDir, 'firefox-startup-cache') });
}

export { expect, until };
