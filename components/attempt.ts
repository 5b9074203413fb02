/**
 * One question to the background part, from the click to what is shown for the answer.
 */
import { useRef, useState } from 'preact/hooks';
import type { Answer, Refusal } from '../utils/messages.ts';
import { systemClock } from '../utils/platform/clock.ts';
import { useSecondsLeft } from './live.ts';

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

interface Attempt {
  pending: boolean;
  refusal: Refusal | null;
  /** The broker asked to wait: seconds left before the next try. */
  waitSeconds: number;
  /** Says that a wait which was asked for is over. */
  waited: boolean;
  /** Asks; the ticket of the answer before is handed to `question`. Null when it is not the time to ask. */
  run: (question: (ticket: { ticket?: string }) => Promise<Answer>) => Promise<Answer | null>;
}

/** A form that signs in: one question at a time, waits that the broker asked for, and its ticket. */
export function useAttempt(): Attempt {
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [waitUntil, setWaitUntil] = useState<number | null>(null);
  const ticket = useRef<string | null>(null);
  const waitSeconds = useSecondsLeft(waitUntil);

  return {
    pending,
    refusal,
    waitSeconds,
    waited: waitUntil !== null && waitSeconds === 0 && !pending,
    async run(question) {
      if (pending || waitSeconds > 0) return null;
      setPending(true);
      setRefusal(null);
      setWaitUntil(null);
      const sent = ticket.current;
      const answer = await settled(() => question(sent === null ? {} : { ticket: sent }));
      setPending(false);
      ticket.current = answer.ok ? null : answer.ticket;
      if (!answer.ok) {
        setRefusal(answer);
        setWaitUntil(answer.waitMs === null ? null : systemClock.now() + answer.waitMs);
      }
      return answer;
    },
  };
}
