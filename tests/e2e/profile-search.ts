/** Searches every file below a folder for texts, as UTF-8 and as UTF-16, whole and in pieces of 24 characters. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PIECE = 24;

/** The files in which any of `texts` was found, with its first characters; empty when none was. */
export async function findText(folder: string, texts: readonly string[]): Promise<string[]> {
  const search = searchFor(
    [...new Set(texts)].flatMap((text) =>
      pieces(text).flatMap((piece) => [Buffer.from(piece, 'utf8'), Buffer.from(piece, 'utf16le')]),
    ),
  );
  const found: string[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // A file that vanishes while it is looked at holds nothing.
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    const needle = search(content);
    if (needle) found.push(`${path}: ${needle.toString('utf8').slice(0, 8)}...`);
  }
  return found;
}

/**
 * A search for all of `needles` at once, after Wu and Manber: two bytes tell how far it is at least
 * to the end of the beginning of a needle. A profile is 30 MB, and there are fifty needles.
 */
export function searchFor(needles: readonly Buffer[]): (content: Buffer) => Buffer | undefined {
  const length = Math.min(...needles.map((needle) => needle.length));
  if (length < 2) throw new Error('A needle needs two bytes.');
  const pairAt = (bytes: Buffer, end: number) => ((bytes[end - 1] ?? 0) << 8) | (bytes[end] ?? 0);
  const steps = new Uint16Array(65_536).fill(Math.min(length - 1, 65_535));
  const ending = new Map<number, Buffer[]>();
  for (const needle of needles) {
    for (let end = 1; end < length; end++) {
      const pair = pairAt(needle, end);
      steps[pair] = Math.min(steps[pair] ?? 0, length - 1 - end);
    }
    const last = pairAt(needle, length - 1);
    ending.set(last, [...(ending.get(last) ?? []), needle]);
  }
  return (content) => {
    for (let end = length - 1; end < content.length;) {
      const pair = pairAt(content, end);
      const step = steps[pair] ?? 0;
      const start = end - length + 1;
      const needle =
        step > 0
          ? undefined
          : ending
              .get(pair)
              ?.find((one) => one.equals(content.subarray(start, start + one.length)));
      if (needle) return needle;
      end += Math.max(step, 1);
    }
    return undefined;
  };
}

function pieces(text: string): string[] {
  if (text.length <= PIECE) return [text];
  const cut: string[] = [];
  for (let at = 0; at + PIECE <= text.length; at += PIECE) cut.push(text.slice(at, at + PIECE));
  return cut;
}
