/**
 * Everything that must hold: `npm test`. Each check counts as one, each test of a runner as one.
 * Ends with the line `N passed, N failed`.
 *
 *   npm test                  everything
 *   npm test -- quick         types, lint, unit tests and one journey in each browser
 *   npm test -- lint unit     the named checks only
 *
 * First come the builds, which the others look at, then what looks at the source, on two cores; then
 * the unit tests and the browsers, each with all cores to itself: tests that compute beside browsers
 * ran out of their time. What they say is printed in the order of the list, one check after the other.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const reports = join(root, '.artefacts', 'reports');

interface Count {
  passed: number;
  failed: number;
}

/** Checks of one lane follow each other. */
type Lane = 'builds' | 'static' | 'lint' | 'unit' | 'browsers';

interface Check {
  name: string;
  lane: Lane;
  command: string[];
  /** Where a runner leaves its counts; a check without is one test. */
  report?: (from: string) => Count;
  env?: Record<string, string>;
}

interface Run {
  check: Check;
  /** What has not been printed yet. */
  said: string[];
  ended: boolean;
}

const CHECKS: Check[] = [
  { name: 'prepare', lane: 'builds', command: ['wxt', 'prepare'] },
  { name: 'build-chromium', lane: 'builds', command: ['wxt', 'zip'] },
  { name: 'build-firefox', lane: 'builds', command: ['wxt', 'zip', '-b', 'firefox'] },
  { name: 'format', lane: 'static', command: ['prettier', '--check', '.'] },
  { name: 'types', lane: 'static', command: ['tsc', '--noEmit'] },
  {
    name: 'lint',
    lane: 'lint',
    command: ['eslint', '--config', '.config/eslint.config.js', '--max-warnings=0', '.'],
  },
  { name: 'dead-code', lane: 'static', command: ['knip', '--config', '.config/knip.json'] },
  {
    name: 'sizes',
    lane: 'static',
    command: ['size-limit', '--config', '.config/size-limit.js'],
  },
  {
    name: 'unit',
    lane: 'unit',
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
  // Warned before a web login, red with its cause after it, green after Reconnect.
  inBrowsers('journeys', ['--grep=bug class 10: ']),
  inBrowsers('e2e', []),
];

const QUICK = ['prepare', 'build-chromium', 'build-firefox', 'types', 'lint', 'unit', 'journeys'];

const runs = choose(process.argv.slice(2)).map((check): Run => ({ check, said: [], ended: false }));
const total: Count = { passed: 0, failed: 0 };
const broken: string[] = [];

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
await runLane('builds');
await Promise.all((['static', 'lint'] as const).map(runLane));
await runLane('unit');
await runLane('browsers');
if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

function inBrowsers(name: string, choice: string[]): Check {
  return {
    name,
    lane: 'browsers',
    command: ['playwright', 'test', '--config', 'tests/e2e/playwright.config.ts', ...choice],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, `${name}.json`) },
    report: (from) => {
      const { stats } = readReport<{
        stats: { expected: number; unexpected: number; flaky: number };
      }>(from);
      // A flaky test is a bug: it counts as failed.
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
    },
  };
}

function choose(words: string[]): Check[] {
  // The journeys are among the tests of e2e.
  if (words.length === 0) return CHECKS.filter(({ name }) => name !== 'journeys');
  const names = words.flatMap((word) => (word === 'quick' ? QUICK : word));
  const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));
  if (unknown.length > 0) {
    const known = CHECKS.map(({ name }) => name).join(', ');
    console.error(`There is no check called ${unknown.join(', ')}: quick, ${known}.`);
    process.exit(1);
  }
  return CHECKS.filter(({ name }) => names.includes(name));
}

async function runLane(lane: Lane): Promise<void> {
  for (const run of runs.filter(({ check }) => check.lane === lane)) await execute(run);
}

async function execute(run: Run): Promise<void> {
  const { check } = run;
  const started = performance.now();
  say(run, `\n--- ${check.name}: ${check.command.slice(0, 3).join(' ')}\n`);
  const count = counted(check, await succeeds(run));
  total.passed += count.passed;
  total.failed += count.failed;
  if (count.failed > 0) broken.push(check.name);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  run.ended = true;
  say(run, `--- ${check.name}: ${count.failed === 0 ? 'ok' : 'FAILED'} (${seconds} s)\n`);
}

function succeeds(run: Run): Promise<boolean> {
  const { command, env } = run.check;
  const [program = '', ...args] = command;
  const child = spawn(join(root, 'node_modules', '.bin', program), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...env },
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => say(run, text));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      say(run, `${error.message}\n`);
      resolve(false);
    });
    child.once('close', (status) => resolve(status === 0));
  });
}

/** Prints it now if this is the first check of the list that has not ended, or else when it is. */
function say(run: Run, text: string): void {
  run.said.push(text);
  for (const { said, ended } of runs) {
    process.stdout.write(said.splice(0).join(''));
    if (!ended) break;
  }
}

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
