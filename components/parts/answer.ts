import { refuse, type Refusal } from '../../utils/keeper/status/refusal.ts';
import { describeRefusal, type RefusalInWords } from '../../utils/words/refusal.ts';
import type { Answer } from '../../utils/messages/protocol.ts';

/** What a question to the background came to, in words when it was refused. */
export type AnswerInWords = { ok: true } | RefusalInWords;

/** The answer, or a refusal when none came: worker gone, extension reloaded. */
export async function answerInWords(question: () => Promise<Answer>): Promise<AnswerInWords> {
  const answer = await question().catch((): Refusal => refuse('silent'));
  return answer.ok ? answer : describeRefusal(answer);
}
