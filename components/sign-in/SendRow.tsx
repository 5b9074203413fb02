import type { Attempt } from './attempt.ts';
import { say } from '../../utils/platform/i18n.ts';
import { Button } from '../parts/Button.tsx';
import { duration } from '../../utils/words/time.ts';

interface Props {
  children: string;
  attempt: Attempt;
  /** Said while it is under way. */
  underWay?: string;
  /** Sends although Holdfast would hold it back. */
  onInsist?: () => void;
  onCancel?: () => void;
}

/** Sends a form that signs in, when it is time, and says how that goes. */
export function SendRow({ children, attempt, underWay = '', onInsist, onCancel }: Props) {
  const { pending, refusal, waitSeconds, waited } = attempt;
  const waits = waitSeconds > 0;
  return (
    <div class="actions">
      <Button type="submit" kind="primary" busy={pending} off={waits}>
        {waits ? say('signIn_tryAgainIn', { duration: duration(waitSeconds * 1_000) }) : children}
      </Button>
      {onInsist !== undefined && waits && refusal?.mayInsist === true && (
        <Button onClick={onInsist}>{say('signIn_tryAnyway')}</Button>
      )}
      {onCancel !== undefined && (
        <Button kind="quiet" onClick={onCancel}>
          {say('signIn_cancel')}
        </Button>
      )}
      <p class="outcome" role="status">
        {pending ? underWay : waited ? say('signIn_waited') : ''}
      </p>
    </div>
  );
}
