import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// A person whose clock has 24 hours, wherever the tests run; the workers inherit it.
process.env['LC_ALL'] = 'en_GB.UTF-8';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('..'),
  // The polyfill refuses to load outside an extension.
  resolve: { alias: { 'wxt/browser': here('../tests/unit/fake-browser.ts') } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['tests/unit/**/*.test.{ts,tsx}', 'tests/{simulator,bench}/**/*.test.ts'],
    // Virtual months take as long as the machine is busy: how long is for the benchmark to say.
    testTimeout: 120_000,
    // Vitest leaves one core alone, which is half of a small machine.
    maxWorkers: '100%',
    setupFiles: [here('../tests/unit/setup.ts')],
  },
});
