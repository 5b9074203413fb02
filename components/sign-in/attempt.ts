/**
 * One question to the background part, from the click to what is shown for the answer.
 */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RefusalInWords } from '../../utils/words/refusal.ts';
import type { Answer } from '../../utils/messages/protocol.ts';
import { systemClock } from '../../utils/platform/clock.ts';
import { focusFirstWrong, useMissing, type Missing } from '../parts/form.ts';
import { useSecondsLeft } from '../parts/live.ts';
import { answerInWords, type AnswerInWords } from '../parts/answer.ts';

interface Again {
  ticket?: string;
  insist?: boolean;
}

export interface Attempt {
  form: RefObject<HTMLFormElement | null>;
  /** What the form found wrong before it asked anybody; `check` tells whether it may be sent. */
  missing: Missing | null;
  check: (found: Missing) => boolean;
  pending: boolean;
  refusal: RefusalInWords | null;
  /** The broker asked to wait: seconds left before the next try. */
  waitSeconds: number;
  /** Says that a wait which was asked for is over. */
  waited: boolean;
  /**
   * Asks; what belongs to a repeated try is handed to `question`. Null when it is not the time to ask,
   * unless the person insists.
   */
  run: (
    question: (again: Again) => Promise<Answer>,
    insist?: boolean,
  ) => Promise<AnswerInWords | null>;
}

/**
 * A form that signs in: one question at a time, waits that the broker asked for, and its ticket. What
 * is wrong gets the focus; `shown`: fields that come and go.
 */
export function useAttempt(shown?: unknown): Attempt {
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<RefusalInWords | null>(null);
  const [waitUntil, setWaitUntil] = useState<number | null>(null);
  const ticket = useRef<string | null>(null);
  const waitSeconds = useSecondsLeft(waitUntil);
  const form = useRef<HTMLFormElement>(null);
  const { missing, check } = useMissing();

  const wrong = refusal ?? missing;
  useLayoutEffect(() => {
    if (wrong !== null) focusFirstWrong(form.current);
  }, [wrong, shown]);

  return {
    form,
    missing,
    check,
    pending,
    refusal,
    waitSeconds,
    waited: waitUntil !== null && waitSeconds === 0 && !pending,
    async run(question, insist = false) {
      if (pending || (waitSeconds > 0 && !insist)) return null;
      setPending(true);
      setRefusal(null);
      setWaitUntil(null);
      const sent = ticket.current;
      const answer = await answerInWords(() =>
        question({ ...(sent !== null && { ticket: sent }), ...(insist && { insist }) }),
      );
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
