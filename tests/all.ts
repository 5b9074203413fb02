/**
 * Everything that must hold, in the order in which it fails fastest: `npm test`. Each check counts
 * as one, each test of a runner as one. Ends with the line `N passed, N failed`.
 *
 * `npm test -- lint unit` runs the named checks only.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const reports = join(root, '.artefacts', 'reports');

interface Count {
  passed: number;
  failed: number;
}

interface Check {
  name: string;
  command: string[];
  /** Where a runner leaves its counts; a check without is one test. */
  report?: (from: string) => Count;
  env?: Record<string, string>;
}

const CHECKS: Check[] = [
  { name: 'prepare', command: ['wxt', 'prepare'] },
  { name: 'format', command: ['prettier', '--check', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  {
    name: 'lint',
    command: ['eslint', '--config', '.config/eslint.config.js', '--max-warnings=0', '.'],
  },
  { name: 'dead-code', command: ['knip', '--config', '.config/knip.json'] },
  { name: 'build-chromium', command: ['wxt', 'zip'] },
  { name: 'build-firefox', command: ['wxt', 'zip', '-b', 'firefox'] },
  { name: 'sizes', command: ['size-limit', '--config', '.config/size-limit.js'] },
  {
    name: 'unit',
    command: [
      'vitest',
      'run',
      '--config',
      '.config/vitest.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${join(reports, 'unit.json')}`,
    ],
    report: (from) => {
      const { numPassedTests, numFailedTests } = readReport<{
        numPassedTests: number;
        numFailedTests: number;
      }>(from);
      return { passed: numPassedTests, failed: numFailedTests };
    },
  },
  {
    name: 'e2e',
    command: ['playwright', 'test', '--config', 'tests/e2e/playwright.config.ts'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'e2e.json') },
    report: (from) => {
      const { stats } = readReport<{
        stats: { expected: number; unexpected: number; flaky: number };
      }>(from);
      // A flaky test is a bug: it counts as failed.
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
    },
  },
];

const only = process.argv.slice(2);
const chosen = only.length === 0 ? CHECKS : CHECKS.filter(({ name }) => only.includes(name));
const total: Count = { passed: 0, failed: 0 };
const broken: string[] = [];

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
for (const check of chosen) {
  const started = performance.now();
  console.log(`\n--- ${check.name}: ${check.command.slice(0, 3).join(' ')}`);
  const [command = '', ...args] = check.command;
  const { status } = spawnSync(join(root, 'node_modules', '.bin', command), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...check.env },
  });
  const count = counted(check, status === 0);
  total.passed += count.passed;
  total.failed += count.failed;
  if (count.failed > 0) broken.push(check.name);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  console.log(`--- ${check.name}: ${count.failed === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
}
if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

function counted({ name, report }: Check, ok: boolean): Count {
  if (!report) return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
  try {
    const { passed, failed } = report(join(reports, `${name}.json`));
    // A runner that fails outside its tests has failed all the same.
    return { passed, failed: ok ? failed : Math.max(failed, 1) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function readReport<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
