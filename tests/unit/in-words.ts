import { describeRefusal, type RefusalInWords } from '../../utils/words/refusal.ts';
import type { Answer } from '../../utils/messages/protocol.ts';

/** An answer of the keeper with the words that a page shows for it. */
export const inWords = (answer: Answer): { ok: true } | RefusalInWords =>
  answer.ok ? answer : describeRefusal(answer);
