/** README.md and CONTRIBUTING.md say what is there: files, folders, links and commands. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'tests/bench/README.md'];

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Every file in those folders, by its path from the root. */
const filesIn = (...folders: string[]): string[] =>
  folders
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(ROOT, join(parentPath, name)));

/** What the rows of "Where is what" name in their last column; folders end with a slash. */
const [, section = ''] = /^## Where is what\n([^]*?)^## /m.exec(read('CONTRIBUTING.md')) ?? [];
const ROWS = section.split('\n').filter((line) => line.startsWith('| ') && !/^\| -/.test(line));
const NAMED = ROWS.slice(1).flatMap((row) =>
  [...(row.split(' | ')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, path = '']) => path),
);

test('no row of "Where is what" names a file or folder that is gone', () => {
  expect(NAMED.length).toBeGreaterThan(20);
  const gone = NAMED.filter((path) => {
    const stat = statSync(join(ROOT, path), { throwIfNoEntry: false });
    return stat?.isDirectory() !== path.endsWith('/');
  });
  expect(gone).toEqual([]);
});

test('every file of the extension is found under a row, by its name or that of its folder', () => {
  const files = filesIn('utils', 'components', 'entrypoints');
  expect(files.length).toBeGreaterThan(100);
  const lost = files.filter(
    (path) => !NAMED.includes(path) && !NAMED.includes(`${dirname(path)}/`),
  );
  expect(lost).toEqual([]);
});

test.each(DOCUMENTS)('every link of %s leads somewhere', (document) => {
  const links = [...read(document).matchAll(/\]\(([^)]+)\)/g)].map(([, to = '']) => to);
  const lost = links.filter(
    (to) => !/^https?:/.test(to) && !existsSync(join(ROOT, dirname(document), to)),
  );
  expect(lost).toEqual([]);
});

test.each(DOCUMENTS)('every command of %s is one', (document) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read(document).matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
