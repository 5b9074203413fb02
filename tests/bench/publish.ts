/** Where the benchmarks write what they found: all of it beside them, and one sentence of it into README.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';

const HERE = import.meta.dirname;

export type Benchmark = 'bench' | 'page' | 'popup';

/** Prints `markdown`, and puts it and the `headline` between the markers of that benchmark. */
export async function publish(
  benchmark: Benchmark,
  markdown: string,
  headline: string,
): Promise<void> {
  const text = await formatted(markdown);
  console.log(`${headline}\n\n${text}`);
  replace(join(HERE, 'README.md'), benchmark, `\n\n${text}\n`);
  replace(join(HERE, '../../README.md'), benchmark, headline);
}

export function formatted(markdown: string): Promise<string> {
  return prettier.format(markdown, { parser: 'markdown', printWidth: 100 });
}

function replace(path: string, benchmark: Benchmark, text: string): void {
  const before = readFileSync(path, 'utf8');
  const start = `<!-- ${benchmark} -->`;
  const [from, until] = [before.indexOf(start), before.indexOf(`<!-- /${benchmark} -->`)];
  if (from < 0 || until < from) throw new Error(`${path} has no place for ${benchmark}.`);
  writeFileSync(path, before.slice(0, from) + start + text + before.slice(until));
}
