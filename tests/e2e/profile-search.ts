/** Searches every file below a folder for texts, as UTF-8 and as UTF-16, whole and in pieces of 24 characters. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PIECE = 24;

/** The files in which any of `texts` was found, with its first characters; empty when none was. */
export async function findText(folder: string, texts: readonly string[]): Promise<string[]> {
  const needles = [...new Set(texts)].flatMap((text) =>
    pieces(text).flatMap((piece) => [Buffer.from(piece, 'utf8'), Buffer.from(piece, 'utf16le')]),
  );
  const found: string[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // A file that vanishes while it is looked at holds nothing.
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    const needle = needles.find((needle) => content.includes(needle));
    if (needle) found.push(`${path}: ${needle.toString('utf8').slice(0, 8)}...`);
  }
  return found;
}

function pieces(text: string): string[] {
  if (text.length <= PIECE) return [text];
  const cut: string[] = [];
  for (let at = 0; at + PIECE <= text.length; at += PIECE) cut.push(text.slice(at, at + PIECE));
  return cut;
}
