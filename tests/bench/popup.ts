/**
 * `npm run bench:popup`: when the popup paints, in a real Chromium, beside a static page of the same
 * extension, written into README.md beside it. Times are of this machine and differ from run to run; the
 * ratio to the static page is what counts, as both are opened in turn.
 *
 * `npm run bench:popup -- --beside=DIR` measures another build in the same rounds, to print, not to write.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { launch } from '../e2e/browsers/index.ts';
import type { TestBrowser } from '../e2e/browsers/browser.ts';
import { onDiskFrom } from '../e2e/disk.ts';
import { BUILDS, POPUP } from '../e2e/scene.ts';
import { greenLogin } from '../sample-login.ts';
import { startSimulator } from '../simulator/server.ts';
import { formatted, publish } from './publish.ts';
import type { LoginRecord } from '../../utils/records/login.ts';

const root = join(import.meta.dirname, '../..');
/** After the background has stopped, its process may still be on its way out. */
const QUIET_MS = 200;
const STATIC = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Static</title>
  </head>
  <body>
    <p>Static</p>
  </body>
</html>
`;

interface Case {
  name: string;
  file: string;
  logins: number;
  /** What stands where the rows stand; the whole of a static page is its first paint. */
  rows: string | null;
  /** At most that many times the static page. */
  promise: { first: number; rows: number } | null;
}

const popup = (name: string, logins: number, rows: string, most: number): Case => ({
  name,
  file: 'popup.html',
  logins,
  rows,
  promise: { first: 1.25, rows: most },
});
const CASES: Case[] = [
  { name: 'static page', file: 'static.html', logins: 0, rows: null, promise: null },
  popup('no login', 0, '.empty h2', 1.45),
  popup('1 login', 1, '.row-label', 1.45),
  popup('20 logins', 20, '.row-label', 1.7),
];

/** Of one opening, ms after it began. */
interface Paints {
  first: number;
  rows: number;
}

interface Subject {
  browser: TestBrowser;
  found: Map<Case, Paints[]>;
}

const { values: options } = parseArgs({
  options: { beside: { type: 'string' }, rounds: { type: 'string', default: '40' } },
});
const rounds = Number(options.rounds);
process.chdir(root);
const folder = mkdtempSync(join(tmpdir(), 'holdfast-popup-'));
const simulator = await startSimulator();
const subjects: Subject[] = [];
try {
  for (const build of [BUILDS.chromium, ...(options.beside ? [options.beside] : [])])
    subjects.push(await subject(build, join(folder, String(subjects.length))));
  // The first round warms caches up and is not counted.
  for (let round = 0; round <= rounds; round++)
    for (const one of inTurn(CASES, round))
      for (const { browser, found } of inTurn(subjects, round)) {
        const paints = await opened(browser, one);
        if (round > 0 && paints !== null) found.get(one)?.push(paints);
      }
  const [ours, other] = subjects.map(({ found }) => mediansOf(found));
  if (other !== undefined) console.log(`${options.beside}\n\n${await formatted(table(other))}\n`);
  if (ours !== undefined) await publish('popup', table(ours), headline(ours));
} finally {
  for (const { browser } of subjects) await browser.close();
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
}

/** In another order each round: what comes after a popup finds the machine busier than what comes after nothing. */
function inTurn<T>(all: readonly T[], round: number): T[] {
  const from = Math.floor(round / 2) % all.length;
  const turned = [...all.slice(from), ...all.slice(0, from)];
  return round % 2 === 0 ? turned : turned.reverse();
}

/** A browser with a copy of that build, in which a static page stands beside the popup. */
async function subject(build: string, copy: string): Promise<Subject> {
  cpSync(build, copy, { recursive: true });
  writeFileSync(join(copy, 'static.html'), STATIC);
  const browser = await launch('chromium', {
    extensionDir: copy,
    proxyPort: simulator.proxyPort,
  });
  return { browser, found: new Map(CASES.map((one) => [one, []])) };
}

/** Opens that page once; null when the background has run meanwhile, say for an alarm. */
async function opened(browser: TestBrowser, { file, logins, rows }: Case): Promise<Paints | null> {
  const tab = await browser.open(browser.extensionUrl('manifest.json'), POPUP);
  // The last page that closed has started the background: it is to do nothing about these logins.
  await browser.killBackground();
  await onDiskFrom(tab, store, sampleLogins(logins));
  await tab.goto('about:blank');
  const page = tab.playwright;
  if (!page) throw new Error('Only Chromium tells when it painted.');
  if (rows !== null) await page.addInitScript(markRows, rows);
  await browser.killBackground();
  await page.waitForTimeout(QUIET_MS);
  await page.goto(browser.extensionUrl(file));
  const paints = await read(page, rows !== null);
  const disturbed = await browser.backgroundRuns();
  await tab.close();
  return disturbed ? null : paints;
}

/** Logins in good order, the popup's most frequent sight, told apart as those of a prop firm are. */
function sampleLogins(count: number): LoginRecord[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) =>
    greenLogin(now, {
      id: `00000000-0000-4000-8000-0000000000${String(index).padStart(2, '0')}`,
      label: `APEX-${index + 1}`,
      userName: `trader_${index + 1}`,
      userStatus: 'Active',
      organisation: 'Apex Trader Funding',
      accounts: [`PA-APEX-${index + 1}`],
    }),
  );
}

async function store(
  db: IDBDatabase,
  logins: LoginRecord[],
  done: (tx: IDBTransaction) => Promise<void>,
): Promise<void> {
  const tx = db.transaction('logins', 'readwrite');
  tx.objectStore('logins').clear();
  for (const login of logins) tx.objectStore('logins').put(login);
  await done(tx);
}

/** Has the browser tell when the first element of `selector` is painted. Runs in the page, ahead of it. */
function markRows(selector: string): void {
  const watch = new MutationObserver(() => {
    const found = document.querySelector(selector);
    if (found === null) return;
    watch.disconnect();
    found.setAttribute('elementtiming', 'rows');
  });
  watch.observe(document, { childList: true, subtree: true });
}

function read(page: Page, withRows: boolean): Promise<Paints> {
  return page.evaluate(async (withRows) => {
    const seen = (type: string, name: string) =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const entry = list
            .getEntries()
            .find((one) => one.name === name || ('identifier' in one && one.identifier === name));
          if (entry) resolve(entry.startTime);
        }).observe({ type, buffered: true });
      });
    const first = await seen('paint', 'first-contentful-paint');
    return { first, rows: withRows ? await seen('element', 'rows') : first };
  }, withRows);
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

type Medians = readonly (readonly [Case, Paints])[];

function mediansOf(found: Map<Case, Paints[]>): Medians {
  return [...found].map(([one, paints]) => [
    one,
    {
      first: median(paints.map(({ first }) => first)),
      rows: median(paints.map(({ rows }) => rows)),
    },
  ]);
}

/** How long the static page takes, ms. */
function baseOf(medians: Medians): number {
  return medians.find(([{ promise }]) => promise === null)?.[1].first ?? NaN;
}

function headline(medians: Medians): string {
  const { first, rows } = medians.find(([{ logins }]) => logins === 1)?.[1] ?? {};
  const times = (ms = NaN): string => (ms / baseOf(medians)).toFixed(2);
  return `The popup paints after ${times(first)} times what an empty page takes, and a login in it after ${times(rows)} times.`;
}

function table(medians: Medians): string {
  const base = baseOf(medians);
  const cell = (ms: number, most: number | undefined): string => {
    const ratio = ms / base;
    const kept = most === undefined || ratio <= most;
    const promise = most === undefined ? '' : ` (at most ${most.toFixed(2)})`;
    return `${ms.toFixed(0)} ms | ${kept ? '' : '**not kept**: '}${ratio.toFixed(2)}${promise}`;
  };
  return [
    '| opened | first contentful paint | times the static page | paint of the rows | times the static page |',
    '| --- | --- | --- | --- | --- |',
    ...medians.map(
      ([{ name, promise }, { first, rows }]) =>
        `| ${name} | ${cell(first, promise?.first)} | ${promise === null ? ' | ' : cell(rows, promise.rows)} |`,
    ),
    '',
    `Medians of ${rounds} openings each, in turn, in Chromium without a window, with the background stopped.`,
  ].join('\n');
}
