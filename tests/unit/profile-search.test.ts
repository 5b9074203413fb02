/** The search of a browser's profile for secrets: what it overlooked, every test in a browser would. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findText, searchFor } from '../e2e/profile-search.ts';

test('finds a needle exactly where there is one', () => {
  // Few letters, so that needles overlap and nearly match.
  const bytes = (minLength: number) =>
    fc
      .array(fc.constantFrom(0, 97, 98), { minLength, maxLength: 12 })
      .map((codes) => Buffer.from(codes));
  fc.assert(
    fc.property(fc.array(bytes(2), { minLength: 1 }), bytes(0), bytes(0), (needles, a, b) => {
      const content = Buffer.concat([a, b, a]);
      const found = searchFor(needles)(content);
      expect(found !== undefined).toBe(needles.some((needle) => content.includes(needle)));
      if (found) expect(content.includes(found)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('names the file, whether the text is there as UTF-8, as UTF-16, or in part', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-search-'));
  const secret = 'made-up-secret-that-is-longer-than-a-piece-of-it';
  await writeFile(join(folder, 'nothing'), 'made-up-secret-that-is-not-it');
  await writeFile(join(folder, 'utf-8'), `....${secret}....`);
  await writeFile(join(folder, 'utf-16'), Buffer.from(`...${secret}`, 'utf16le'));
  await writeFile(join(folder, 'part'), `....${secret.slice(24)}`);
  const found = await findText(folder, [secret]);
  await rm(folder, { recursive: true });
  expect(found.map((line) => line.replace(/^.*\//, '')).sort()).toEqual([
    `part: ${secret.slice(24, 32)}...`,
    `utf-16: ${Buffer.from(secret, 'utf16le').toString('utf8').slice(0, 8)}...`,
    `utf-8: ${secret.slice(0, 8)}...`,
  ]);
});
