import { useState } from 'preact/hooks';
import type { LoginRecord } from '../../utils/records/login.ts';
import { refusalOf } from '../../utils/keeper/status/refusal.ts';
import { describeRefusal } from '../../utils/words/refusal.ts';
import { ask } from '../../utils/messages/protocol.ts';
import { say } from '../../utils/platform/i18n.ts';
import { AgainForm, type AgainProps } from './AgainForm.tsx';
import { useAttempt } from './attempt.ts';
import { typed } from '../parts/form.ts';
import { Notice, RefusalAtField, RefusalText } from '../parts/Notice.tsx';
import { SessionList } from '../parts/SessionList.tsx';
import { SecretField } from '../parts/TextField.tsx';
import { atTime, nameOf } from '../../utils/words/time.ts';

interface Props extends AgainProps {
  logins: readonly LoginRecord[];
  now: number;
}

/** Signs a login in again on the broker's page. A popup closes over its window: what came of it is on record. */
export function OAuthAgain({ logins, now, onConnected, ...props }: Props) {
  const { login } = props;
  // A secret is kept from the first sign-in on that went through.
  const [asksSecret, setAsksSecret] = useState(
    !login.secretless && (!login.keepsSecret || login.session === null),
  );
  const attempt = useAttempt(asksSecret);
  const { form, pending, refusal, missing, check, run } = attempt;

  async function submit(insist: boolean) {
    const secret = typed(form.current, 'secret');
    const missesSecret = asksSecret && secret === '';
    if (!check({ ...(missesSecret && { secret: say('signIn_missingClientSecret') }) })) return;
    const typedIn = asksSecret ? { secret } : {};
    const answer = await run(
      (again) => ask('reconnectByOAuth', { loginId: login.id, ...typedIn, ...again }),
      insist,
    );
    if (answer === null) return;
    if (answer.ok) return onConnected();
    if (answer.field === 'apiKey') setAsksSecret(true);
  }

  const atSecret = refusal?.field === 'apiKey' && asksSecret;
  const before = pending || refusal !== null ? null : login.signInFailed;
  return (
    <AgainForm
      {...props}
      attempt={attempt}
      asWhole={!atSecret}
      send={say('signIn_atBroker', { broker: nameOf(login.brand) })}
      onSend={(insist) => void submit(insist)}
    >
      {before !== null && (
        <Notice>
          {say('signIn_lastTry', { time: atTime(before.at, now) })}{' '}
          <RefusalText refusal={describeRefusal(refusalOf(before, 'oauth', login))} />
        </Notice>
      )}
      {asksSecret && (
        <SecretField
          name="secret"
          label={say('signIn_clientSecret')}
          maxLength={500}
          error={
            atSecret && refusal !== null ? (
              <RefusalAtField refusal={refusal} />
            ) : (
              missing?.['secret']
            )
          }
        />
      )}
      <p class="help">{say('signIn_opensOneAtBroker')}</p>
      <SessionList login={login} logins={logins} now={now} />
    </AgainForm>
  );
}
