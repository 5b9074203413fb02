/**
 * Comments say why by pointing at what is known (utils/tradovate/FACTS.md, utils/platform/FACTS.md)
 * and at the rules (utils/keeper/RULES.md). What they point at has to be there, for every reader.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['utils', 'components', 'entrypoints', 'tests', '.config', 'public'];
const HERE = join('tests', 'unit', 'references.test.ts');
const TEXT = /\.(?:tsx?|m?js|css|html|json|md)$/;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Every source and test, and the documents themselves: they refer to each other. */
const FILES = [
  'wxt.config.ts',
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  ),
].filter((path) => TEXT.test(path) && path !== HERE);

/** What a document can be asked for: "§3", "row 21", "2", "states". */
function placesIn(path: string): string[] {
  return read(path)
    .split('\n')
    .flatMap((line) => {
      const section = /^## (§\w+)/.exec(line)?.[1];
      const row = /^\| (\d+) \|/.exec(line)?.[1];
      const rule = /^(\d+)\. /.exec(line)?.[1];
      const title = /^## (\w[\w ]*)$/.exec(line)?.[1]?.toLowerCase();
      return [section, row && `row ${row}`, rule, title].filter((place) => place !== undefined);
    });
}

const DOCUMENTS: Record<string, string> = {
  'FACTS.md': 'utils/tradovate/FACTS.md',
  'platform FACTS.md': 'utils/platform/FACTS.md',
  'RULES.md': 'utils/keeper/RULES.md',
};
const PLACES: Record<string, string[]> = Object.fromEntries(
  Object.entries(DOCUMENTS).map(([name, path]) => [name, placesIn(path)]),
);

/** A reference: "FACTS.md §2, row 27", "platform FACTS.md §1, §2", "RULES.md live link". */
const REFERENCE =
  /((?:platform )?FACTS\.md|RULES\.md) ((?:§\w+|rows? \d+)(?:, (?:§\w+|rows? \d+|\d+\b))*|\d+|states|live link)/g;

/** The same on one line: comments break where the line is full. */
const unbroken = (text: string): string => text.replaceAll(/\s*\n\s*(?:\*(?!\/)|\/\/)?\s*/g, ' ');

function placesNamed(document: string, list: string): string[] {
  if (document === 'RULES.md') return [list];
  return [...list.matchAll(/§\w+|\d+/g)].map(([place]) =>
    place.startsWith('§') ? place : `row ${place}`,
  );
}

test('the documents have their sections, the open points without a gap, and the rules', () => {
  const rows = Array.from({ length: 28 }, (_, index) => `row ${index + 1}`);
  const sections = Array.from({ length: 9 }, (_, index) => `§${index}`);
  expect(PLACES['FACTS.md']).toEqual(expect.arrayContaining([...sections, ...rows]));
  expect(PLACES['platform FACTS.md']).toEqual(expect.arrayContaining(['§0', '§0b', '§1', '§12']));
  const rules = Array.from({ length: 13 }, (_, index) => `${index + 1}`);
  expect(PLACES['RULES.md']).toEqual(expect.arrayContaining([...rules, 'states', 'live link']));
});

test('every reference leads somewhere', () => {
  let found = 0;
  const lost: string[] = [];
  for (const path of FILES) {
    for (const [reference, document = '', list = ''] of unbroken(read(path)).matchAll(REFERENCE)) {
      found++;
      const all = placesNamed(document, list);
      if (!all.every((place) => PLACES[document]?.includes(place))) {
        lost.push(`${path}: ${reference}`);
      }
    }
  }
  expect(lost).toEqual([]);
  expect(found).toBeGreaterThan(50);
});

test.each(Object.entries(DOCUMENTS))('%s leads somewhere within itself', (name, path) => {
  const own = unbroken(read(path)).replaceAll(REFERENCE, '');
  const named = own.match(/§\w+|\brow \d+/g) ?? [];
  expect(PLACES[name]).toEqual(expect.arrayContaining(named));
});

/** Words for documents that no reader of this repository has, and for sources that cannot be looked up. */
const ELSEWHERE = [
  /\bfacts,? (?:§|rows? \d|table \d)/i,
  /\bfacts\.md\b/,
  /\b(?:extension|tradovate)-facts\b/,
  /\bmission [A-Z]\d/i,
  /\bdesign[,:] (?:one way|rule)/i,
  /[(,] ?(?:PT|PN|DN|TJS|TFAQ|TOA|TDOC|RFL|MTC|TDI|DLX|FIN|SLG|MOT|TVO)(?:,|\)|'s)/,
];

test.each(ELSEWHERE)('nothing refers to what is not in the repository: %s', (word) => {
  const found = FILES.flatMap((path) => {
    const hit = word.exec(unbroken(read(path)));
    return hit ? [`${path}: ${hit[0]}`] : [];
  });
  expect(found).toEqual([]);
});
