import { useState } from 'preact/hooks';
import type { LoginRecord } from '../../utils/records/login.ts';
import { ask } from '../../utils/messages/protocol.ts';
import { say } from '../../utils/platform/i18n.ts';
import { AgainForm, type AgainProps } from './AgainForm.tsx';
import { useAttempt } from './attempt.ts';
import { clear, typed } from '../parts/form.ts';
import { RefusalAtField } from '../parts/Notice.tsx';
import { SessionList } from '../parts/SessionList.tsx';
import { SecretField } from '../parts/TextField.tsx';

interface Props extends AgainProps {
  logins: readonly LoginRecord[];
  now: number;
}

/** Signs one login in again. The password lives in this form and in one message, nowhere else. */
export function ReconnectForm({ logins, now, onConnected, ...props }: Props) {
  const { login } = props;
  // A kept secret can turn out lost or wrong: then it is asked for after all.
  const [asksSecret, setAsksSecret] = useState(!login.keepsSecret);
  const attempt = useAttempt(asksSecret);
  const { form, refusal, missing, check, run } = attempt;

  async function submit(insist: boolean) {
    const password = typed(form.current, 'password');
    const secret = typed(form.current, 'secret');
    const found = {
      ...(password === '' && { password: say('signIn_missingPassword') }),
      ...(asksSecret && secret === '' && { secret: say('signIn_missingKeptSecret') }),
    };
    if (!check(found)) return;
    const answer = await run(
      (again) =>
        ask('reconnect', {
          loginId: login.id,
          password,
          ...(asksSecret ? { secret } : {}),
          ...again,
        }),
      insist,
    );
    if (answer === null) return;
    if (answer.ok) return onConnected();
    if (answer.field === 'apiKey') setAsksSecret(true);
    if (answer.field === 'password' && answer.ticket === null) clear(form.current, 'password');
  }

  const at = refusal?.field;
  const text = refusal && <RefusalAtField refusal={refusal} />;
  return (
    <AgainForm
      {...props}
      attempt={attempt}
      asWhole={at !== 'password' && at !== 'apiKey'}
      send={say('signIn_signIn')}
      onSend={(insist) => void submit(insist)}
    >
      {/* Not shown and not sent: it tells a password manager which password is meant. */}
      <input type="hidden" name="username" autocomplete="username" value={login.userName} />
      <SecretField
        name="password"
        label={say('signIn_passwordOf', { user: login.userName })}
        autocomplete="current-password"
        maxLength={500}
        error={at === 'password' ? text : missing?.['password']}
      />
      {asksSecret && (
        <SecretField
          name="secret"
          label={say('signIn_apiSecret')}
          maxLength={500}
          error={at === 'apiKey' ? text : missing?.['secret']}
        />
      )}
      <p class="help">{say('signIn_opensOne')}</p>
      <SessionList login={login} logins={logins} now={now} />
    </AgainForm>
  );
}
