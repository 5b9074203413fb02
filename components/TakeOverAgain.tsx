import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { LoginRecord } from '../utils/keeper/login.ts';
import { ask } from '../utils/messages.ts';
import { useAttempt } from './attempt.ts';
import { Button } from './Button.tsx';
import { focusFirstWrong, typed, useMissing } from './form.ts';
import { Notice, RefusalText } from './Notice.tsx';
import { Panel } from './Panel.tsx';
import { PASTE_TOKEN, PastedField } from './PastedField.tsx';
import { SubmitButton } from './SubmitButton.tsx';

interface Props {
  login: LoginRecord;
  /** The session lives again by itself. */
  needless: boolean;
  onClose: () => void;
  onConnected: () => void;
}

/** Reconnects a login that was taken over: with the token its program holds now. */
export function TakeOverAgain({ login, needless, onClose, onConnected }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const { pending, refusal, waitSeconds, waited, run } = useAttempt();
  const { missing, check } = useMissing();

  useEffect(() => {
    if (needless && !pending) onClose();
  }, [needless, pending]);

  const wrong = refusal ?? missing;
  useLayoutEffect(() => {
    if (wrong !== null) focusFirstWrong(form.current);
  }, [wrong]);

  async function submit() {
    const pasted = typed(form.current, 'pasted');
    if (!check({ ...(pasted.trim() === '' && { pasted: PASTE_TOKEN }) })) return;
    const answer = await run(() => ask('takeOverAgain', { loginId: login.id, pasted }));
    if (answer?.ok === true) onConnected();
  }

  const text = refusal && <RefusalText refusal={refusal} />;
  const atField = refusal?.field === 'pasted';
  return (
    <Panel title={`Reconnect ${login.label}`} onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {text !== null && !atField && <Notice kind="alert">{text}</Notice>}
        <PastedField error={atField ? <span role="alert">{text}</span> : missing?.pasted} />
        <p class="help">
          Opens no session. Sign in with the program this login came from, paste its token here, and
          stop the renewing there.
        </p>
        <div class="actions">
          <SubmitButton pending={pending} waitSeconds={waitSeconds}>
            Take over
          </SubmitButton>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
        <p class="outcome" role="status">
          {waited ? 'The wait is over: you can try again.' : ''}
        </p>
      </form>
    </Panel>
  );
}
