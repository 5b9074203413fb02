/**
 * Chaos in real browsers: `npm run chaos`. Kills the worker, the event page and the whole browser at
 * moments that a seed decides, and looks after each death whether a token, a session or the store
 * was lost. The seed comes first, and again with a failure: with it the same things are tried in the
 * same order.
 *
 *   npm run chaos                       300 kills and 14 crashes in Chromium, 60 and 6 in Firefox
 *   npm run chaos -- --firefox          one browser only (or --chromium)
 *   npm run chaos -- --seed=WORD        what was tried then
 *   npm run chaos -- --kills=N          so many kills in each browser (--crashes=N likewise)
 *   npm run chaos -- --verbose          every step
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TestBrowser } from './browsers/browser.ts';
import { diceOf } from './chaos/dice.ts';
import { sail, type Tally } from './chaos/voyage.ts';
import { findText } from './profile-search.ts';
import { Scene } from './scene.ts';

const root = join(import.meta.dirname, '..', '..');

type BrowserName = TestBrowser['name'];

interface Amount {
  kills: number;
  crashes: number;
}

const FULL: Record<BrowserName, Amount> = {
  chromium: { kills: 300, crashes: 14 },
  firefox: { kills: 60, crashes: 6 },
};
/** Kills of one voyage; then a new profile and new logins. */
const VOYAGE: Record<BrowserName, number> = { chromium: 30, firefox: 15 };

/** One voyage in that scene; a failure names the seed. */
export async function runVoyage(
  scene: Scene,
  seed: string,
  amount: Amount,
  tell?: (line: string) => void,
): Promise<Tally> {
  const dice = diceOf(seed);
  try {
    return await sail(scene, { dice, ...amount, logins: dice.between(3, 4), tell });
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    throw new Error(`Seed ${seed}, ${scene.browser.name}: ${told}`, { cause: error });
  }
}

/** A voyage with everything around it: a profile of its own, consoles without errors, no secret on disk. */
async function wholeVoyage(
  name: BrowserName,
  seed: string,
  amount: Amount,
  tell?: (line: string) => void,
): Promise<Tally> {
  const profile = await mkdtemp(join(tmpdir(), `holdfast-${name}-`));
  const scene = await Scene.open(name, { profile });
  try {
    const tally = await runVoyage(scene, seed, amount, tell);
    const errors = scene.browser.consoleErrors();
    if (errors.length > 0) throw new Error(`Seed ${seed}: in the consoles: ${errors.join('\n')}`);
    await scene.close();
    const found = await findText(profile, [...scene.secrets, ...scene.tokens()]);
    if (found.length > 0) throw new Error(`Seed ${seed}: on disk: ${found.join('\n')}`);
    return tally;
  } finally {
    await scene.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** All voyages in one browser, one line for each; gives what happened in sum. */
async function runChaos(
  name: BrowserName,
  seed: string,
  { kills, crashes }: Amount,
  tell?: (line: string) => void,
) {
  const voyages = Math.ceil(kills / VOYAGE[name]);
  const sum: Tally = {};
  const started = performance.now();
  for (let index = 0; index < voyages; index++) {
    const share = (all: number) =>
      Math.floor((all * (index + 1)) / voyages) - Math.floor((all * index) / voyages);
    const amount = { kills: share(kills), crashes: share(crashes) };
    const own = await wholeVoyage(name, `${seed}/${name}/${index}`, amount, tell);
    for (const [what, count] of Object.entries(own)) sum[what] = (sum[what] ?? 0) + count;
    const seconds = Math.round((performance.now() - started) / 1_000);
    console.log(
      `${name}: ${sum['kills'] ?? 0} of ${kills} kills, ${sum['crashes'] ?? 0} of ${crashes} crashes, ${sum['renewals'] ?? 0} renewals, nothing lost (${seconds} s)`,
    );
  }
  const minutes = (performance.now() - started) / 60_000;
  console.log(
    `${name}: ${((sum['kills'] ?? 0) / minutes).toFixed(1)} kills a minute. ${Object.entries(sum)
      .map(([what, count]) => `${what}: ${count}`)
      .join(', ')}`,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now()) },
      kills: { type: 'string' },
      crashes: { type: 'string' },
      chromium: { type: 'boolean', default: false },
      firefox: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  });
  process.chdir(root);
  console.log(`Seed ${values.seed}`);
  const both = values.chromium === values.firefox;
  const names = (['chromium', 'firefox'] as const).filter((name) => both || values[name]);
  try {
    for (const name of names) {
      build(name);
      const full = FULL[name];
      const kills = values.kills === undefined ? full.kills : Number(values.kills);
      const share = Math.round((full.crashes * kills) / full.kills);
      const crashes = values.crashes === undefined ? share : Number(values.crashes);
      const tell = values.verbose ? (line: string) => console.log(line) : undefined;
      await runChaos(name, values.seed, { kills, crashes }, tell);
    }
    console.log('0 tokens lost, 0 sign-ins, 0 overlapping renewals.');
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(`Again with: npm run chaos -- --seed=${values.seed}`);
    process.exitCode = 1;
  }
}

function build(name: BrowserName): void {
  const args = name === 'firefox' ? ['build', '-b', 'firefox'] : ['build'];
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/wxt'), args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The build failed: ${stdout}`);
}

if (import.meta.main) await main();
