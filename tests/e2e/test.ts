/**
 * `test` with a scene of its own. However a test ends, nothing of what Holdfast was given may be
 * found as text in the browser's profile, and no error in the extension's consoles.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { until } from './browsers/index.ts';
import { findText } from './profile-search.ts';
import { Scene } from './scene.ts';

export const test = base.extend<{ scene: Scene }>({
  scene: async ({ browserName }, use, { project }) => {
    const name = browserName === 'firefox' ? 'firefox' : 'chromium';
    const profile = await mkdtemp(join(tmpdir(), `holdfast-${name}-`));
    const startupCache = join(project.outputDir, 'firefox-startup-cache');
    const scene = await Scene.open(name, { profile, startupCache });
    try {
      await use(scene);
      expect(scene.browser.consoleErrors()).toEqual([]);
    } finally {
      await scene.close();
    }
    expect(await findText(profile, [...scene.secrets, ...scene.tokens()])).toEqual([]);
    await rm(profile, { recursive: true, force: true });
  },
});

export { expect, until };
