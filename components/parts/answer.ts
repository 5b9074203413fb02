import { refuse, type Refusal } from '../../utils/keeper/status/refusal.ts';
import type { RefusalInWords } from '../../utils/words/refusal.ts';
import type { Answer } from '../../utils/messages/protocol.ts';

/** What a question to the background came to, in words when it was refused. */
export type AnswerInWords = { ok: true } | RefusalInWords;

/** The answer, or a refusal when none came: worker gone, extension reloaded. Its words are loaded with the first. */
export async function answerInWords(question: () => Promise<Answer>): Promise<AnswerInWords> {
  const answer = await question().catch((): Refusal => refuse('silent'));
  if (answer.ok) return answer;
  const { describeRefusal } = await import('../../utils/words/refusal.ts');
  return describeRefusal(answer);
}
