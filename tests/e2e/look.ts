import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { TestPage } from './browsers/browser.ts';

/** Pictures of the page in light and dark, in `.artefacts/looks`, and no axe violation in either (Chromium). */
export async function look(page: TestPage, file: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulate({ colorScheme });
    await page.screenshot(`.artefacts/looks/${file}-${colorScheme}.png`);
    if (!page.playwright) continue;
    const { violations } = await new AxeBuilder({ page: page.playwright }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ).toEqual([]);
  }
}
