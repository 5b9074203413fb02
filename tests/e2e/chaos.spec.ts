/** A short slice of the chaos (chaos.ts), the same on every run; `npm run chaos` is the whole of it. */
import { runVoyage } from './chaos.ts';
import { expect, test } from './test.ts';

const SLICE = { chromium: { kills: 14, crashes: 1 }, firefox: { kills: 8, crashes: 0 } } as const;

test('bug class 6: nothing is lost when the background dies at random moments of random flows', async ({
  scene,
}) => {
  const amount = SLICE[scene.browser.name];
  const tally = await runVoyage(scene, 'slice', amount);
  expect(tally['kills']).toBe(amount.kills);
});
