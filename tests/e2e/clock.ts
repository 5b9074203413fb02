/** Times on pages: a browser under test writes them by the clock of this computer, 12 hours or 24. */
import type { MessageKey } from '../../utils/platform/i18n.ts';
import { sentence } from '../sentence.ts';

/** "14:32", "2:32:10 PM", "21:40 yesterday". */
const TIME = String.raw`\d{1,2}:\d\d(:\d\d)?(\s[AP]M)?( yesterday| tomorrow)?`;

/** The sentence of that key with any times in the place of these placeholders. */
export function withTimes(
  key: MessageKey,
  times: readonly string[],
  values: Readonly<Record<string, string>> = {},
): RegExp {
  const marks = Object.fromEntries(times.map((name) => [name, '\uE000']));
  const parts = sentence(key, { ...values, ...marks }).split('\uE000');
  return new RegExp(parts.map((part) => RegExp.escape(part)).join(TIME));
}
