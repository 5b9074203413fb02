/** The message files: what the browsers and utils/platform/i18n.ts ask of them. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Message {
  message: string;
  description?: string;
  placeholders?: Record<string, { content: string; example?: string }>;
}

const LOCALES = 'public/_locales';

function read(language: string): Record<string, Message> {
  const text = readFileSync(`${LOCALES}/${language}/messages.json`, 'utf8');
  return JSON.parse(text) as Record<string, Message>;
}

describe.each(readdirSync(LOCALES))('the messages in %s', (language) => {
  const messages = Object.entries(read(language));

  test('have a key that both browsers take', () => {
    expect(messages.filter(([key]) => !/^[a-z][A-Za-z0-9_]*$/.test(key))).toEqual([]);
  });

  test('each tell a translator where they are shown', () => {
    const without = messages.filter(([, { description = '' }]) => description.length < 20);
    expect(without.map(([key]) => key)).toEqual([]);
  });

  test('number their placeholders in the order of their names, nine at most', () => {
    const wrong = messages.filter(([, { placeholders = {} }]) => {
      const names = Object.keys(placeholders);
      const inOrder = names.toSorted().map((name, index) => [name, `$${index + 1}`]);
      return (
        names.length > 9 ||
        inOrder.some(([name = '', content]) => placeholders[name]?.content !== content)
      );
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  test('use just the placeholders that they name', () => {
    const wrong = messages.filter(([, { message, placeholders = {} }]) => {
      const used = [...message.matchAll(/\$(\w+)\$/g)].map(([, name = '']) => name.toLowerCase());
      const known = Object.keys(placeholders);
      return used.some((name) => !known.includes(name)) || known.some((n) => !used.includes(n));
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  test('have every plural category of their language', () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    const keys = messages.map(([key]) => key);
    const bases = keys.filter((key) => key.endsWith('_other')).map((key) => key.slice(0, -6));
    const missing = bases.flatMap((base) =>
      pluralCategories.map((one) => `${base}_${one}`).filter((key) => !keys.includes(key)),
    );
    expect(missing).toEqual([]);
  });
});

test('no message is unused', () => {
  const files = ['utils', 'components', 'entrypoints', 'wxt.config.ts'];
  const sources = execFileSync('git', ['grep', '-hI', '--untracked', '', '--', ...files], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  // Quoted as they are, or begun in a template: `state_${state}`.
  const quoted = new Set([...sources.matchAll(/['"]([a-z]\w*)['"]/g)].map(([, key]) => key));
  const begun = [...sources.matchAll(/`([a-z]\w*_)\$\{/g)].map(([, start = '']) => start);
  const unused = Object.keys(read('en')).filter((key) => {
    const base = key.replace(/_(?:zero|one|two|few|many|other)$/, '');
    const named = quoted.has(key) || quoted.has(base) || sources.includes(`__MSG_${key}__`);
    return !named && !begun.some((start) => key.startsWith(start));
  });
  expect(unused).toEqual([]);
});
