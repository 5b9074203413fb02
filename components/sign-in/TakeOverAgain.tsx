import { ask } from '../../utils/messages/protocol.ts';
import { say } from '../../utils/platform/i18n.ts';
import { AgainForm, type AgainProps } from './AgainForm.tsx';
import { useAttempt } from './attempt.ts';
import { typed } from '../parts/form.ts';
import { RefusalAtField } from '../parts/Notice.tsx';
import { PastedField } from './PastedField.tsx';

/** Reconnects a login that was taken over: with the token its program holds now. */
export function TakeOverAgain({ onConnected, ...props }: AgainProps) {
  const attempt = useAttempt();
  const { form, refusal, missing, check, run } = attempt;

  async function submit() {
    const pasted = typed(form.current, 'pasted');
    if (!check({ ...(pasted.trim() === '' && { pasted: say('signIn_missingToken') }) })) return;
    const answer = await run(() => ask('takeOverAgain', { loginId: props.login.id, pasted }));
    if (answer?.ok === true) onConnected();
  }

  const atField = refusal?.field === 'pasted';
  const text = refusal && <RefusalAtField refusal={refusal} />;
  return (
    <AgainForm
      {...props}
      attempt={attempt}
      asWhole={!atField}
      send={say('signIn_takeOver')}
      onSend={() => void submit()}
    >
      <PastedField error={atField ? text : missing?.['pasted']} />
      <p class="help">{say('signIn_takeOverAgainHelp')}</p>
    </AgainForm>
  );
}
