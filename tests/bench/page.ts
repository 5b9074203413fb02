/**
 * `npm run bench:page`: what the content script costs on the broker's pages, in a real Chromium,
 * written into README.md beside it. Times are of this machine and differ from run to run; they are no test.
 */
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { Scene, WELCOME } from '../e2e/scene.ts';
import { publish } from './publish.ts';

const LOADS = 15;
const BUSY_SECONDS = 10;
const MUTATIONS_A_SECOND = 1_000;
const SAMPLE_US = 100;
const SCRIPT = '/content-scripts/trader.js';
const TRADING = 'https://trader.tradovate.com/trader?noform=1';

interface ProfileNode {
  id: number;
  callFrame: { url: string };
  children?: number[];
}

process.chdir(join(import.meta.dirname, '../..'));
const scene = await Scene.open('chromium');
try {
  scene.addUser('sam');
  await scene.connect('sam');
  await write(await measure(TRADING), await measure(WELCOME));
} finally {
  await scene.close();
}

interface Cost {
  loadMs: number[];
  busyMsEachSecond: number;
  nodesAdded: number;
}

async function measure(url: string): Promise<Cost> {
  const opened = await scene.browser.open('about:blank', { width: 1280, height: 800 });
  const page = opened.playwright;
  if (!page) throw new Error('Only Chromium can be profiled.');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Profiler.enable');
  await cdp.send('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  const loadMs: number[] = [];
  for (let load = 0; load < LOADS; load++) {
    loadMs.push(
      await scriptMs(cdp, async () => {
        await page.goto(url);
        await page.waitForTimeout(500);
      }),
    );
  }
  const before = await rootChildren(page);
  const busyMs = await scriptMs(cdp, () =>
    page.evaluate(mutate, { seconds: BUSY_SECONDS, eachSecond: MUTATIONS_A_SECOND }),
  );
  const cost = {
    loadMs: loadMs.sort((one, other) => one - other),
    busyMsEachSecond: busyMs / BUSY_SECONDS,
    nodesAdded: (await rootChildren(page)) - before,
  };
  await opened.close();
  return cost;
}

function rootChildren(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.childElementCount);
}

/** Time in which the content script was on the stack while `work` ran, ms. */
async function scriptMs(cdp: CDPSession, work: () => Promise<unknown>): Promise<number> {
  await cdp.send('Profiler.start');
  await work();
  const { profile } = await cdp.send('Profiler.stop');
  const nodes = new Map(profile.nodes.map((node: ProfileNode) => [node.id, node]));
  const ours = new Set<number>();
  const mark = (id: number, inside: boolean): void => {
    const node = nodes.get(id);
    const here = inside || node?.callFrame.url.endsWith(SCRIPT) === true;
    if (here) ours.add(id);
    for (const child of node?.children ?? []) mark(child, here);
  };
  mark(profile.nodes[0]?.id ?? 0, false);
  const deltas = profile.timeDeltas ?? [];
  return (
    (profile.samples ?? []).reduce(
      (sum, id, index) => sum + (ours.has(id) ? (deltas[index + 1] ?? 0) : 0),
      0,
    ) / 1_000
  );
}

/** Adds, changes and removes nodes like a trading page in a fast market. Runs in the page. */
async function mutate({ seconds, eachSecond }: { seconds: number; eachSecond: number }) {
  const box = document.createElement('div');
  document.body.append(box);
  const start = performance.now();
  for (let done = 0; done < seconds * eachSecond;) {
    const owed = Math.min(((performance.now() - start) / 1_000) * eachSecond, seconds * eachSecond);
    for (; done < owed; done++) {
      if (box.childElementCount > 200) box.firstElementChild?.remove();
      box.append(Object.assign(document.createElement('span'), { textContent: String(done) }));
    }
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  box.remove();
}

async function write(trading: Cost, form: Cost): Promise<void> {
  const median = ({ loadMs }: Cost) => (loadMs[Math.floor(loadMs.length / 2)] ?? 0).toFixed(2);
  const row = (name: string, cost: Cost): string => {
    const { loadMs, busyMsEachSecond, nodesAdded } = cost;
    const worst = loadMs.at(-1) ?? 0;
    return `| ${name} | ${median(cost)} ms | ${worst.toFixed(2)} ms | ${busyMsEachSecond.toFixed(2)} ms | ${nodesAdded} |`;
  };
  await publish(
    'page',
    [
      '| page of the broker | script time at load, median | the longest | script time each second while 1,000 nodes change | elements added |',
      '| --- | --- | --- | --- | --- |',
      row('trading, no form', trading),
      row('sign-in, nothing at risk', form),
      '',
      `Of ${LOADS} loads in Chromium by CPU profile, every ${SAMPLE_US} µs; ${BUSY_SECONDS} busy seconds. At most 2 ms at load are promised.`,
    ].join('\n'),
    `On a busy trading page its script takes ${median(trading)} ms at load and ${trading.busyMsEachSecond.toFixed(2)} ms a second.`,
  );
}
