import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { LoginRecord } from '../utils/keeper/login.ts';
import { refusalOf } from '../utils/keeper/refusal.ts';
import { describeRefusal } from '../utils/keeper/refusal-words.ts';
import { ask } from '../utils/messages.ts';
import { useAttempt } from './attempt.ts';
import { Button } from './Button.tsx';
import { focusFirstWrong, typed, useMissing } from './form.ts';
import { Notice, RefusalText } from './Notice.tsx';
import { Panel } from './Panel.tsx';
import { SessionList } from './SessionList.tsx';
import { SubmitButton } from './SubmitButton.tsx';
import { SecretField } from './TextField.tsx';
import { atTime, BRANDS } from './words.ts';

interface Props {
  login: LoginRecord;
  logins: readonly LoginRecord[];
  now: number;
  /** The session lives again by itself: one more sign-in would only close another. */
  needless: boolean;
  onClose: () => void;
  onConnected: () => void;
}

/** Signs a login in again on the broker's page. A popup closes over its window: what came of it is on record. */
export function OAuthAgain({ login, logins, now, needless, onClose, onConnected }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const { pending, refusal, waitSeconds, waited, run } = useAttempt();
  const { missing, check } = useMissing();
  // A secret is kept from the first sign-in on that went through.
  const [asksSecret, setAsksSecret] = useState(
    !login.secretless && (!login.keepsSecret || login.session === null),
  );

  useEffect(() => {
    if (needless && !pending) onClose();
  }, [needless, pending]);

  const wrong = refusal ?? missing;
  useLayoutEffect(() => {
    if (wrong !== null) focusFirstWrong(form.current);
  }, [wrong, asksSecret]);

  async function submit(insist = false) {
    const secret = typed(form.current, 'secret');
    const missesSecret = asksSecret && secret === '';
    if (!check({ ...(missesSecret && { secret: 'Type the client secret of your app.' }) })) return;
    const typedIn = asksSecret ? { secret } : {};
    const answer = await run(
      (again) => ask('reconnectByOAuth', { loginId: login.id, ...typedIn, ...again }),
      insist,
    );
    if (answer === null) return;
    if (answer.ok) return onConnected();
    if (answer.field === 'apiKey') setAsksSecret(true);
  }

  const text = refusal && <RefusalText refusal={refusal} />;
  const atSecret = refusal?.field === 'apiKey' && asksSecret;
  const before = pending || refusal !== null ? null : login.signInFailed;
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
        {text !== null && !atSecret && <Notice kind="alert">{text}</Notice>}
        {before !== null && (
          <Notice>
            The last try, at {atTime(before.at, now)}:{' '}
            <RefusalText refusal={describeRefusal(refusalOf(before, 'oauth', login))} />
          </Notice>
        )}
        {asksSecret && (
          <SecretField
            name="secret"
            label="Client secret"
            maxLength={500}
            error={atSecret ? <span role="alert">{text}</span> : missing?.secret}
          />
        )}
        <p class="help">
          This opens one new session: without a question if the broker still knows you, else in a
          window with its own page. Known now:
        </p>
        <SessionList login={login} logins={logins} now={now} />
        <div class="actions">
          <SubmitButton
            pending={pending}
            waitSeconds={waitSeconds}
            onInsist={refusal?.mayInsist === true ? () => void submit(true) : undefined}
          >
            {`Sign in at ${BRANDS[login.brand]}`}
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
