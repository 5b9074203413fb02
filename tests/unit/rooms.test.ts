/** The rooms of the house, as the imports are. What each may import is in .config/eslint.config.js. */
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

const FILES = globSync('{utils,components,entrypoints}/**/*.{ts,tsx}');
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g;

/** What each file imports of these, types too. */
const IMPORTS = new Map(
  FILES.map((file) => {
    const found = [...readFileSync(file, 'utf8').matchAll(IMPORT)];
    const paths = found.map(([, path = '']) => posix.join(posix.dirname(file), path));
    return [file, paths.filter((path) => FILES.includes(path))];
  }),
);

/** The first way that leads from a file back to it; null: there is none. */
function cycle(): string[] | null {
  const done = new Set<string>();
  const visit = (file: string, way: string[]): string[] | null => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of IMPORTS.get(file) ?? []) {
      const found = visit(next, [...way, file]);
      if (found !== null) return found;
    }
    done.add(file);
    return null;
  };
  return FILES.reduce<string[] | null>((found, file) => found ?? visit(file, []), null);
}

const arrows = (from: RegExp, to: RegExp): string[] =>
  [...IMPORTS].flatMap(([file, paths]) =>
    from.test(file) ? paths.filter((path) => to.test(path)).map((path) => `${file} > ${path}`) : [],
  );

test('the imports are found at all', () => {
  expect(IMPORTS.get('entrypoints/background.ts')).toContain('utils/keeper/run/keeper.ts');
});

test('no file imports itself by way of others', () => {
  expect(cycle()).toBeNull();
});

test('vault and platform import nothing from the keeper', () => {
  expect(arrows(/^utils\/(vault|platform)\//, /^utils\/keeper\//)).toEqual([]);
});

test('only the background runs the keeper', () => {
  const others = arrows(/^(?!entrypoints\/background|utils\/keeper\/run)/, /^utils\/keeper\/run\//);
  expect(others).toEqual([]);
});
