import { refuse, type Refusal } from '../../utils/keeper/status/refusal.ts';
import { describeRefusal, type Told } from '../../utils/words/refusal.ts';
import type { Answer } from '../../utils/messages/protocol.ts';

/** What a question to the background came to, in words when it was refused. */
export type Settled = { ok: true } | Told;

/** The answer, or a refusal when none came: worker gone, extension reloaded. */
export async function settled(question: () => Promise<Answer>): Promise<Settled> {
  const answer = await question().catch((): Refusal => refuse('silent'));
  return answer.ok ? answer : describeRefusal(answer);
}
