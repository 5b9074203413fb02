/**
 * The words for people, from the message files in public/_locales: `say('key', { name: value })`.
 *
 * By the browser's own `i18n`, which holds the messages of the person's language and falls back to
 * English; nothing is bundled. A library would add its own file format between the two and nothing
 * that this file lacks. What a key and its placeholders are called is checked by the compiler.
 *
 * The browser hands values over by position, so placeholders are numbered in the alphabetical order
 * of their names; a test holds every message file to that (tests/unit/messages.test.ts). Plurals are
 * keys with the plural category at their end, `logins_one` and `logins_other`: the browser has none.
 */
import { browser } from 'wxt/browser';
import type messages from '../../public/_locales/en/messages.json';

type Messages = typeof messages;
export type MessageKey = keyof Messages;

/** The names of a message's placeholders. */
type Names<K extends MessageKey> = Messages[K] extends { placeholders: infer P }
  ? keyof P & string
  : never;

/** What a message is to be filled with; nothing where it has no placeholders. */
export type Values<K extends MessageKey> = [Names<K>] extends [never]
  ? []
  : [values: Readonly<Record<Names<K>, string>>];

/** Messages without placeholders. */
export type PlainKey = { [K in MessageKey]: Values<K> extends [] ? K : never }[MessageKey];

/** Messages that come in plural categories, without the category. */
export type CountedKey = MessageKey extends infer K
  ? K extends `${infer Base}_other`
    ? Base
    : never
  : never;

/** What such a message is to be filled with besides the number `n`. */
type CountedValues<B extends CountedKey> = [
  Exclude<Names<`${B}_other` & MessageKey>, 'n'>,
] extends [never]
  ? []
  : [values: Readonly<Record<Exclude<Names<`${B}_other` & MessageKey>, 'n'>, string>>];

/** A message in the person's language. */
export function say<K extends MessageKey>(key: K, ...values: Values<K>): string {
  return fill(key, values[0] ?? {});
}

/** The message for `n` things; its placeholder `n` is the number as the person writes it. */
export function sayCount<B extends CountedKey>(
  base: B,
  n: number,
  ...values: CountedValues<B>
): string {
  const filled = { ...values[0], n: number(n) };
  const category = plurals().select(n);
  // A language file without that category has `other`, as every language does.
  return fill(`${base}_${category}`, filled) || fill(`${base}_other`, filled);
}

function fill(key: string, values: Readonly<Record<string, string>>): string {
  const inOrder = Object.keys(values)
    .sort()
    .map((name) => values[name] ?? '');
  return browser.i18n.getMessage(key as '@@ui_locale', inOrder);
}

/**
 * The language that the messages are in, with the person's region where it is one of that language:
 * dates and numbers must not be in another language than the sentence around them.
 */
export function language(): string {
  const messages = browser.i18n.getMessage('language' as '@@ui_locale') || 'en';
  const person = browser.i18n.getUILanguage();
  return person.split('-')[0] === messages.split('-')[0] ? person : messages;
}

/** Whether the person's clock has 12 or 24 hours, whatever the language. */
export function hourCycle(): 'h11' | 'h12' | 'h23' | 'h24' {
  const { hourCycle: cycle = 'h23' } = new Intl.DateTimeFormat(undefined, {
    hour: 'numeric',
  }).resolvedOptions();
  return cycle;
}

/**
 * Made at first use and kept, as rows are worded anew every second: before it nobody knows the
 * language, and after it the language stays until the browser starts again.
 */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const numbers = once(() => new Intl.NumberFormat(language()));
const plurals = once(() => new Intl.PluralRules(language()));

/** A number as the language writes it. */
export function number(n: number): string {
  return numbers().format(n);
}

/** "Apex, Paper and Main" as the language writes lists; `unit`: "1 h, 5 min". */
export function list(parts: readonly string[], type: Intl.ListFormatType): string {
  return new Intl.ListFormat(language(), { style: 'long', type }).format(parts);
}
