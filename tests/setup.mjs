/**
 * Makes a fresh clone ready, with nothing but Node 20 and npm: packages, then the browsers named as
 * arguments (`chromium`, `firefox`). Plain JavaScript without imports of packages: it runs before
 * there are any. Prints only what it has to do.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname ?? process.cwd(), '..');

/** The same list the tests start them by. */
const BROWSERS = JSON.parse(readFileSync(join(root, 'tests/browser-programs.json'), 'utf8'));

installPackages();
installBrowsers(process.argv.slice(2).filter((word) => word in BROWSERS));

/** `npm ci`, unless the packages are those of this lockfile already. */
function installPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const mark = join(root, 'node_modules', '.holdfast-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  console.log('Installing packages (npm ci) ...');
  run('npm', ['ci', '--no-audit', '--loglevel=error'], 'npm ci failed: see its words above.');
  writeFileSync(mark, wanted);
}

/** Debian's packages when root; a sentence that says what to install otherwise. */
function installBrowsers(wanted) {
  let missing = wanted.filter((key) => !isThere(BROWSERS[key]));
  if (missing.length > 0 && process.getuid?.() === 0 && onPath('apt-get')) {
    const packages = missing.map((key) => BROWSERS[key].debian);
    console.log(`Installing ${packages.join(' and ')} (apt-get) ...`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    spawnSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', ...packages, 'fonts-liberation'],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        env,
      },
    );
    missing = wanted.filter((key) => !isThere(BROWSERS[key]));
  }
  for (const key of missing) {
    const { name, debian, setting } = BROWSERS[key];
    console.error(
      `${name} was not found. Install it (on Debian: sudo apt-get install ${debian}), or name its program in ${setting}, and run this again.`,
    );
  }
  if (missing.length > 0) process.exit(1);
}

function isThere({ setting, commands }) {
  const named = process.env[setting];
  return named ? isProgram(named) : commands.some(onPath);
}

function onPath(command) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => isProgram(join(folder, command)));
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run(command, args, failed) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status === 0) return;
  console.error(failed);
  process.exit(1);
}
