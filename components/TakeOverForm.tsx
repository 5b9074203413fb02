import { useLayoutEffect, useRef } from 'preact/hooks';
import { ask } from '../utils/messages.ts';
import { useAttempt } from './attempt.ts';
import { focusFirstWrong, typed, useMissing } from './form.ts';
import { Notice, RefusalText } from './Notice.tsx';
import { PASTE_TOKEN, PastedField } from './PastedField.tsx';
import { SubmitButton } from './SubmitButton.tsx';
import { TextField } from './TextField.tsx';
import { CHOOSE_ENVIRONMENT, whereTyped, WhereStep } from './WhereStep.tsx';

/** Keeps a session that another program opened: its token is pasted, and no session is opened. */
export function TakeOverForm({ onConnected }: { onConnected: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const { pending, refusal, waitSeconds, waited, run } = useAttempt();
  const { missing, check } = useMissing();

  const wrong = refusal ?? missing;
  useLayoutEffect(() => {
    if (wrong !== null) focusFirstWrong(form.current);
  }, [wrong]);

  async function submit() {
    const { brand, environment } = whereTyped(form.current);
    const pasted = typed(form.current, 'pasted');
    const fine = check({
      ...(environment === null && { environment: CHOOSE_ENVIRONMENT }),
      ...(pasted.trim() === '' && { pasted: PASTE_TOKEN }),
    });
    if (!fine || environment === null) return;
    const input = {
      brand,
      environment,
      pasted,
      userName: typed(form.current, 'userName').trim(),
      label: typed(form.current, 'label').trim(),
    };
    const answer = await run(() => ask('takeOver', input));
    if (answer?.ok !== true) return;
    form.current?.reset();
    onConnected();
  }

  const at = refusal?.field;
  const text = refusal && <span role="alert">{<RefusalText refusal={refusal} />}</span>;
  return (
    <form
      ref={form}
      class="connect"
      noValidate
      aria-label="Take over a token"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {refusal !== null && at === 'form' && (
        <div tabIndex={-1} data-wrong="">
          <Notice kind="alert">
            <RefusalText refusal={refusal} />
          </Notice>
        </div>
      )}

      <WhereStep wrong={at === 'environment' ? text : missing?.environment} />

      <fieldset class="step">
        <legend>
          <span class="number">2</span> The token
        </legend>
        <PastedField error={at === 'pasted' ? text : missing?.pasted} />
        <div class="pair">
          <TextField
            name="userName"
            label="User name"
            optional
            autocomplete="off"
            maxLength={120}
            help="Not needed when what you paste says it"
            error={at === 'userName' ? text : undefined}
          />
          <TextField
            name="label"
            label="Label"
            optional
            maxLength={60}
            help="What you want to call this login; its user name otherwise"
          />
        </div>
        <p class="before-send">
          No session is opened. From then on Holdfast renews this one:{' '}
          <strong>stop the renewing in the other program</strong>, as two who renew the same session
          take the token from each other. Give it the token from Holdfast instead.
        </p>
        <div class="actions">
          <SubmitButton pending={pending} waitSeconds={waitSeconds}>
            Take over
          </SubmitButton>
          <p class="outcome" role="status">
            {pending ? 'Asking the broker…' : waited ? 'The wait is over: you can try again.' : ''}
          </p>
        </div>
      </fieldset>
    </form>
  );
}
