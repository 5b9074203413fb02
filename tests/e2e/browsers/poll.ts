import { setTimeout as pause } from 'node:timers/promises';

/** Long enough for a machine that is busy with something else; what has to be quick says so. */
export const defaultTimeoutMs = 20_000;

/** Folds white space, as accessible names do. */
export function folded(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Is this in a longer text? */
export function contains(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? folded(text).includes(folded(wanted)) : wanted.test(text);
}

/** Does `text` match: the whole of it for a string, any part of it for a RegExp? */
export function matches(text: string, name: string | RegExp): boolean {
  return typeof name === 'string' ? folded(text) === folded(name) : name.test(folded(text));
}

/**
 * Repeats `probe` until it gives a truthy value. An error of the probe counts as "not yet" and is
 * told when time is up, so that a page that is just navigating does not fail a test.
 */
export async function until<T>(
  probe: () => T | Promise<T>,
  options: {
    what: string;
    timeoutMs?: number | undefined;
    intervalMs?: number;
    describe?: () => Promise<string>;
  },
): Promise<Exclude<T, null | undefined | false>> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const started = performance.now();
  const deadline = started + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      last = undefined;
      const value = await probe();
      if (value) return value as Exclude<T, null | undefined | false>;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = error;
    }
    if (performance.now() >= deadline) break;
    await pause(options.intervalMs ?? patience(performance.now() - started));
  }
  const state = await options.describe?.().catch(() => '(the page does not answer)');
  const parts = [`Waited ${timeoutMs} ms for ${options.what}.`];
  if (last !== undefined) parts.push(`Last error: ${messageOf(last)}`);
  if (state) parts.push(`Seen then: ${state}`);
  throw new Error(parts.join('\n'));
}

/** What is not there at once is asked for less often: the asking keeps the browser from its work. */
function patience(waitedMs: number): number {
  return Math.min(Math.max(40, waitedMs / 10), 250);
}

/** Waiting on is useless: the browser has ended, or a name fits several elements. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
