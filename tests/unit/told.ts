import { describeRefusal, type Told } from '../../utils/words/refusal.ts';
import type { Answer } from '../../utils/messages/protocol.ts';

/** An answer of the keeper with the words that a page shows for it. */
export const told = (answer: Answer): { ok: true } | Told =>
  answer.ok ? answer : describeRefusal(answer);
