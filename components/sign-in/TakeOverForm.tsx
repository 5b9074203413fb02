import { ask } from '../../utils/messages/protocol.ts';
import { useAttempt } from './attempt.ts';
import { FirstForm } from './FirstForm.tsx';
import { typed } from '../parts/form.ts';
import { RefusalAtField } from '../parts/Notice.tsx';
import { PASTE_TOKEN, PastedField } from './PastedField.tsx';
import { SendRow } from './SendRow.tsx';
import { TextField } from '../parts/TextField.tsx';
import { CHOOSE_ENVIRONMENT, whereTyped, WhereStep } from './WhereStep.tsx';

/** Keeps a session that another program opened: its token is pasted, and no session is opened. */
export function TakeOverForm({ onConnected }: { onConnected: () => void }) {
  const attempt = useAttempt();
  const { form, refusal, missing, check, run } = attempt;

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
  const text = refusal && <RefusalAtField refusal={refusal} />;
  return (
    <FirstForm
      name="Take over a token"
      attempt={attempt}
      asWhole={at === 'form'}
      onSend={() => void submit()}
    >
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
        <SendRow attempt={attempt} underWay="Asking the broker…">
          Take over
        </SendRow>
      </fieldset>
    </FirstForm>
  );
}
