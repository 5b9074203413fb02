/**
 * The English sentences that a person is shown, for tests: from the message file and by the browsers'
 * rules, so that a sentence is written down once. For unit tests and for those in real browsers.
 */
import messages from '../public/_locales/en/messages.json' with { type: 'json' };
import type { CountedKey, MessageKey } from '../utils/platform/i18n.ts';

interface Message {
  message: string;
  placeholders?: Record<string, { content: string }>;
}

const all: Partial<Record<string, Message>> = messages;

/** What the browser's `i18n.getMessage` gives: empty for an unknown key. */
export function message(key: string, substitutions: readonly string[] = []): string {
  const { message = '', placeholders = {} } = all[key] ?? {};
  return message.replaceAll(/\$(?:(\w+)\$|\$)/g, (found, name?: string) => {
    if (name === undefined) return '$';
    const { content = found } = placeholders[name.toLowerCase()] ?? {};
    return content.replaceAll(/\$(\d)/g, (_, at: string) => substitutions[Number(at) - 1] ?? '');
  });
}

/** The sentence of that key, filled with these values. */
export function sentence(key: MessageKey, values: Readonly<Record<string, string>> = {}): string {
  const inOrder = Object.keys(values)
    .sort()
    .map((name) => values[name] ?? '');
  return message(key, inOrder);
}

/** The same for `n` things. */
export function sentenceFor(
  base: CountedKey,
  n: number,
  values: Readonly<Record<string, string>> = {},
): string {
  const category = n === 1 ? 'one' : 'other';
  return sentence(`${base}_${category}` as MessageKey, { ...values, n: String(n) });
}

/** What comes before the first placeholder: for a look at the beginning of a sentence. */
export function opening(key: MessageKey): string {
  return (all[key]?.message.split('$')[0] ?? '').trim();
}

/** For a field or box by how its name begins: its help, or that it is optional, may follow. */
export function beginning(key: MessageKey): RegExp {
  return new RegExp(`^${opening(key).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}

/** The longest piece without a placeholder: for a look at a sentence whose values are not known. */
export function fixedPart(key: MessageKey): string {
  const pieces = (all[key]?.message ?? '').split(/\$\w+\$/);
  return pieces.reduce((longest, one) => (one.length > longest.length ? one : longest), '').trim();
}
