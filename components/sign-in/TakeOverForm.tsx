import { ask } from '../../utils/messages/protocol.ts';
import { say } from '../../utils/platform/i18n.ts';
import { useAttempt } from './attempt.ts';
import { FirstForm } from './FirstForm.tsx';
import { typed } from '../parts/form.ts';
import { RefusalAtField } from '../parts/Notice.tsx';
import { PastedField } from './PastedField.tsx';
import { HERE, rich } from '../parts/rich.tsx';
import { SendRow } from './SendRow.tsx';
import { TextField } from '../parts/TextField.tsx';
import { whereTyped, WhereStep } from './WhereStep.tsx';

/** Keeps a session that another program opened: its token is pasted, and no session is opened. */
export function TakeOverForm({ onConnected }: { onConnected: () => void }) {
  const attempt = useAttempt();
  const { form, refusal, missing, check, run } = attempt;

  async function submit() {
    const { brand, environment } = whereTyped(form.current);
    const pasted = typed(form.current, 'pasted');
    const fine = check({
      ...(environment === null && { environment: say('signIn_chooseEnvironment') }),
      ...(pasted.trim() === '' && { pasted: say('signIn_missingToken') }),
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
      name={say('signIn_takeOverForm')}
      attempt={attempt}
      asWhole={at === 'form'}
      onSend={() => void submit()}
    >
      <WhereStep wrong={at === 'environment' ? text : missing?.environment} />

      <fieldset class="step">
        <legend>
          <span class="number">2</span> {say('signIn_token')}
        </legend>
        <PastedField error={at === 'pasted' ? text : missing?.pasted} />
        <div class="pair">
          <TextField
            name="userName"
            label={say('signIn_userName')}
            optional
            autocomplete="off"
            maxLength={120}
            help={say('signIn_tokenUserNameHelp')}
            error={at === 'userName' ? text : undefined}
          />
          <TextField
            name="label"
            label={say('signIn_label')}
            optional
            maxLength={60}
            help={say('signIn_labelHelp')}
          />
        </div>
        <p class="before-send">
          {rich(
            say('signIn_beforeTakeOver', { stop: HERE }),
            <strong>{say('signIn_beforeTakeOver_stop')}</strong>,
          )}
        </p>
        <SendRow attempt={attempt} underWay={say('signIn_takingOver')}>
          {say('signIn_takeOver')}
        </SendRow>
      </fieldset>
    </FirstForm>
  );
}
