import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { LoginRecord } from '../utils/keeper/login.ts';
import { ask } from '../utils/messages.ts';
import { useAttempt } from './attempt.ts';
import { Button } from './Button.tsx';
import { clear, focusFirstWrong, typed, useMissing } from './form.ts';
import { Notice, RefusalText } from './Notice.tsx';
import { Panel } from './Panel.tsx';
import { SessionList } from './SessionList.tsx';
import { SubmitButton } from './SubmitButton.tsx';
import { SecretField } from './TextField.tsx';

interface Props {
  login: LoginRecord;
  logins: readonly LoginRecord[];
  now: number;
  /** The session lives again by itself: one more sign-in would only close another. */
  needless: boolean;
  onClose: () => void;
  onConnected: () => void;
}

/** Signs one login in again. The password lives in this form and in one message, nowhere else. */
export function ReconnectForm({ login, logins, now, needless, onClose, onConnected }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const { pending, refusal, waitSeconds, waited, run } = useAttempt();
  const { missing, check } = useMissing();
  // A kept secret can turn out lost or wrong: then it is asked for after all.
  const [asksSecret, setAsksSecret] = useState(!login.keepsSecret);

  useEffect(() => {
    if (needless && !pending) onClose();
  }, [needless, pending]);

  const wrong = refusal ?? missing;
  useLayoutEffect(() => {
    if (wrong !== null) focusFirstWrong(form.current);
  }, [wrong, asksSecret]);

  async function submit(insist = false) {
    const password = typed(form.current, 'password');
    const secret = typed(form.current, 'secret');
    const found = {
      ...(password === '' && { password: 'Type the password of this login.' }),
      ...(asksSecret && secret === '' && { secret: 'Type the secret of the API key.' }),
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
  const text = refusal && <RefusalText refusal={refusal} />;
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
        {refusal !== null && at !== 'password' && at !== 'apiKey' && (
          <Notice kind="alert">{text}</Notice>
        )}
        {/* Not shown and not sent: it tells a password manager which password is meant. */}
        <input type="hidden" name="username" autocomplete="username" value={login.userName} />
        <SecretField
          name="password"
          label={`Password of ${login.userName}`}
          autocomplete="current-password"
          maxLength={500}
          error={at === 'password' ? <span role="alert">{text}</span> : missing?.password}
        />
        {asksSecret && (
          <SecretField
            name="secret"
            label="API secret"
            maxLength={500}
            error={at === 'apiKey' ? <span role="alert">{text}</span> : missing?.secret}
          />
        )}
        <p class="help">This opens one new session. Known now:</p>
        <SessionList login={login} logins={logins} now={now} />
        <div class="actions">
          <SubmitButton
            pending={pending}
            waitSeconds={waitSeconds}
            onInsist={refusal?.mayInsist === true ? () => void submit(true) : undefined}
          >
            Sign in
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
