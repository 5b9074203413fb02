import type { Answer, Refusal } from '../utils/messages.ts';

/** Shown when the question itself failed: the call may or may not have been made. */
const SILENCE: Refusal = {
  ok: false,
  field: 'form',
  sentence: 'Holdfast’s background part did not answer.',
  nextStep:
    'Reload this page, see how the login stands, then try again. If it stays silent, switch the extension off and on.',
  said: null,
  waitMs: null,
  ticket: null,
};

/** The answer, or a refusal in words when none came: worker gone, extension reloaded. */
export async function settled(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch {
    return SILENCE;
  }
}
