/**
 * `npm run bench`: every policy through the same months, in virtual time. Prints the table and the
 * targets, and writes them into README.md and bench.svg beside it. Two runs give the same bytes.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { chart } from './chart.ts';
import { CONTENDERS, DAYS, SEEDS, SIZES } from './contenders.ts';
import { added, nothing, type Tally } from './meter.ts';
import { month } from './month.ts';
import { publish } from './publish.ts';
import { headline, inReadme, type Results } from './report.ts';
import { run } from './run.ts';

interface Job {
  contender: number;
  size: number;
  seed: number;
}

if (isMainThread) await main();
else parentPort?.on('message', (job: Job) => void work(job));

async function work({ contender, size, seed }: Job): Promise<void> {
  const policy = CONTENDERS[contender];
  if (!policy) throw new Error(`No contender ${contender}.`);
  parentPort?.postMessage(await run(policy.make, month(seed, size, seed % 2 === 0, DAYS)));
}

async function main(): Promise<void> {
  // The long ones first, so that the last worker does not work alone.
  const jobs: Job[] = [...SIZES]
    .reverse()
    .flatMap((size) =>
      CONTENDERS.flatMap((_, contender) => SEEDS.map((seed) => ({ contender, size, seed }))),
    );
  const found = await inWorkers(jobs);
  const results: Results = SIZES.map((size) => ({
    size,
    rows: CONTENDERS.map(({ name }, contender) => ({
      name,
      tally: jobs.reduce(
        (sum, job, index) =>
          job.size === size && job.contender === contender
            ? added(sum, found[index] ?? nothing())
            : sum,
        nothing(),
      ),
    })),
  }));
  await publish('bench', inReadme(results), headline(results));
  writeFileSync(join(import.meta.dirname, 'bench.svg'), chart(results));
}

/** The answers, in the order of the jobs. */
async function inWorkers(jobs: readonly Job[]): Promise<Tally[]> {
  const found: Tally[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    const worker = new Worker(new URL(import.meta.url));
    for (let index = next++; index < jobs.length; index = next++) {
      found[index] = await new Promise<Tally>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.postMessage(jobs[index]);
      });
      worker.removeAllListeners('error');
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, one));
  return found;
}
