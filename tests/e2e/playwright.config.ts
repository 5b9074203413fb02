import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';

/** Tests of these files mostly wait: for alarms, for the end of a session, for silence. */
const WAITING = /(chaos|keeping|link|moved)\.spec\.ts$/;

// Two for each core: more keep it no busier, and tests that have seconds for something run out of them.
const workers = Math.min(2 * availableParallelism(), 12);

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../.artefacts/e2e',
  fullyParallel: true,
  workers,
  // A flaky test is a bug: it is not tried again.
  retries: 0,
  forbidOnly: true,
  // The longest takes a minute and a half, and a busy machine three times that.
  timeout: 300_000,
  // all.ts counts from the JSON report.
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : 'list',
  // Those that wait come first, and leave room for those that compute beside them.
  projects: [
    ...(['chromium', 'firefox'] as const).map((browserName) => ({
      name: `${browserName}-waiting`,
      testMatch: WAITING,
      workers: Math.ceil(workers / 2),
      use: { browserName },
    })),
    ...(['chromium', 'firefox'] as const).map((browserName) => ({
      name: browserName,
      testIgnore: WAITING,
      use: { browserName },
    })),
  ],
});
