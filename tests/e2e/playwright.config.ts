import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../.artefacts/e2e',
  fullyParallel: true,
  workers: 2,
  // A flaky test is a bug: it is not tried again.
  retries: 0,
  forbidOnly: true,
  timeout: 150_000,
  // all.ts counts from the JSON report.
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : 'list',
  projects: [{ name: 'chromium' }, { name: 'firefox' }],
});
