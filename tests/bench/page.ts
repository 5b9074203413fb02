/**
 * `npm run bench:page`: what the content script costs on the broker's pages, in a real Chromium,
 * written into README.md beside it. Times are of this machine and differ from run to run; they are no test.
 */
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import type { CDPSession } from '@playwright/test';
import { Scene, WELCOME } from '../e2e/scene.ts';
import { publish } from './publish.ts';

const LOADS = 15;
const BUSY_SECONDS = 10;
const MUTATIONS_A_SECOND = 1_000;
const SAMPLE_US = 100;
/** A longer gap between two samples is another program's turn at the processor. */
const LONGEST_SAMPLE_US = 4 * SAMPLE_US;
const SCRIPT = '/content-scripts/trader.js';
const TRADING = 'https://trader.tradovate.com/trader?noform=1';
/** Between the start of a page and its form, ms: spread, as a look may be just over or just due. */
const LATE_MS = Array.from({ length: LOADS }, (_, load) => load * 130);

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
  const trading = await measure(TRADING);
  const form = await measure(WELCOME);
  await putAtRisk();
  await write(trading, form, await measure(WELCOME), await waits());
} finally {
  await scene.close();
}

interface Cost {
  loadMs: number[];
  busyMsEachSecond: number;
  nodesAdded: number;
}

/** From now on a sign-in of sam closes the session that is held. */
async function putAtRisk(): Promise<void> {
  const options = await scene.openOptions();
  await options.click('button', 'Edit');
  await options.fill(/^Sessions this login may hold/, '1');
  await options.click('button', 'Save');
  await options.waitForText('Saved.');
  await options.close();
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
  const busyMs = await scriptMs(cdp, () =>
    page.evaluate(mutate, { seconds: BUSY_SECONDS, eachSecond: MUTATIONS_A_SECOND }),
  );
  const cost = {
    loadMs: inOrder(loadMs),
    busyMsEachSecond: busyMs / BUSY_SECONDS,
    // Beside its head and its body.
    nodesAdded: (await page.evaluate(() => document.documentElement.childElementCount)) - 2,
  };
  await opened.close();
  return cost;
}

/** How long the forms of `LATE_MS` were there before the card was, ms. */
async function waits(): Promise<number[]> {
  const opened = await scene.browser.open('about:blank', { width: 1280, height: 800 });
  const page = opened.playwright;
  if (!page) throw new Error('Only Chromium is measured.');
  await page.addInitScript(noteArrivals);
  const waited: number[] = [];
  for (const late of LATE_MS) {
    await page.goto(`${WELCOME}?late=${late}`);
    const arrivals = await page.waitForFunction(() => {
      const { formAt, cardAt } = window as Partial<Arrivals>;
      return formAt !== undefined && cardAt !== undefined && cardAt - formAt;
    });
    waited.push(Number(await arrivals.jsonValue()));
  }
  await opened.close();
  return inOrder(waited);
}

interface Arrivals {
  formAt: number;
  cardAt: number;
}

/** Runs in the page, before anything of it does. */
function noteArrivals(): void {
  const arrivals = window as Partial<Arrivals>;
  new MutationObserver(() => {
    if (document.querySelector('#password-input')) arrivals.formAt ??= performance.now();
    if (document.querySelector('[data-holdfast-card]')) arrivals.cardAt ??= performance.now();
  }).observe(document, { childList: true, subtree: true });
}

function inOrder(figures: number[]): number[] {
  return figures.sort((one, other) => one - other);
}
function median(ordered: number[]): number {
  return ordered[Math.floor(ordered.length / 2)] ?? 0;
}
function longest(ordered: number[]): number {
  return ordered.at(-1) ?? 0;
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
      (sum, id, index) =>
        sum + (ours.has(id) ? Math.min(deltas[index + 1] ?? 0, LONGEST_SAMPLE_US) : 0),
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

async function write(trading: Cost, form: Cost, card: Cost, waited: number[]): Promise<void> {
  const row = (name: string, { loadMs, busyMsEachSecond, nodesAdded }: Cost): string =>
    `| ${name} | ${median(loadMs).toFixed(2)} ms | ${longest(loadMs).toFixed(2)} ms | ${busyMsEachSecond.toFixed(2)} ms | ${nodesAdded} |`;
  const load = (loadavg()[0] ?? 0).toFixed(0);
  const processors = availableParallelism();
  await publish(
    'page',
    [
      '| page of the broker | script time at load, median | the longest | script time each second while 1,000 nodes change | elements added |',
      '| --- | --- | --- | --- | --- |',
      row('trading, no form', trading),
      row('sign-in, nothing at risk', form),
      row('sign-in, card on screen', card),
      '',
      `Of ${LOADS} loads in Chromium by CPU profile, every ${SAMPLE_US} µs; ${BUSY_SECONDS} busy seconds. Without a card at most 2 ms at load and 0.2 ms each second are promised, on a machine with nothing else to do; this one had ${load} processes to run on ${processors} processors.`,
      `A form was there ${median(waited).toFixed(0)} ms before its card (median of ${waited.length}; the longest ${longest(waited).toFixed(0)} ms). At most a second is promised.`,
    ].join('\n'),
    `On a busy trading page its script takes ${median(trading.loadMs).toFixed(2)} ms at load and ${trading.busyMsEachSecond.toFixed(2)} ms a second.`,
  );
}
