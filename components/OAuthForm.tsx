import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../utils/messages.ts';
import { redirectUri } from '../utils/platform/identity.ts';
import { WEB_TRADER, type Brand } from '../utils/tradovate/hosts.ts';
import { useAttempt } from './attempt.ts';
import { Button } from './Button.tsx';
import { focusFirstWrong, typed, useMissing } from './form.ts';
import { Notice, RefusalText } from './Notice.tsx';
import { SubmitButton } from './SubmitButton.tsx';
import { SecretField, TextField } from './TextField.tsx';
import { BRANDS } from './words.ts';
import { CHOOSE_ENVIRONMENT, whereTyped, WhereStep } from './WhereStep.tsx';

/** The first sign-in on the broker's own page, with the person's own registered app. */
export function OAuthForm({ onConnected }: { onConnected: () => void }) {
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [brand, setBrand] = useState<Brand>('tradovate');
  const { pending, refusal, waitSeconds, waited, run } = useAttempt();
  const { missing, check } = useMissing();

  const wrong = refusal ?? missing;
  useLayoutEffect(() => {
    if (wrong !== null) focusFirstWrong(form.current);
  }, [wrong]);

  async function submit(insist = false) {
    const text = (name: string) => typed(form.current, name);
    const { environment, ...where } = whereTyped(form.current);
    const userName = text('userName').trim();
    const app = { clientId: text('clientId').trim(), secret: text('secret') };
    const fine = check({
      ...(environment === null && { environment: CHOOSE_ENVIRONMENT }),
      ...(app.clientId === '' && { clientId: 'Type the client ID of your app.' }),
      ...(app.secret === '' && { secret: 'Type the client secret of your app.' }),
      ...(userName === '' && { userName: 'Type the user name of this login.' }),
    });
    if (!fine || environment === null) return;
    const label = text('label').trim() || userName.slice(0, 60);
    const keepSecret = text('keepSecret') !== '';
    const input = { ...where, environment, ...app, keepSecret, userName, label };
    const answer = await run((again) => ask('signInByOAuth', { ...input, ...again }), insist);
    if (answer?.ok !== true) return;
    form.current?.reset();
    setBrand('tradovate');
    onConnected();
  }

  const at = refusal?.field;
  const text = refusal && <RefusalText refusal={refusal} />;
  const appError = at === 'apiKey' ? `${id}-app` : undefined;
  return (
    <form
      ref={form}
      class="connect"
      noValidate
      aria-label="Sign in on the broker’s page"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {at === 'form' && (
        <div tabIndex={-1} data-wrong="">
          <Notice kind="alert">{text}</Notice>
        </div>
      )}

      <WhereStep
        onBrand={setBrand}
        wrong={at === 'environment' ? <span role="alert">{text}</span> : missing?.environment}
      />

      <fieldset class="step" aria-describedby={`${id}-help ${appError ?? ''}`.trim()}>
        <legend>
          <span class="number">2</span> Your app
        </legend>
        <p class="help" id={`${id}-help`}>
          You register it once in the{' '}
          <a href={WEB_TRADER[brand]} target="_blank" rel="noreferrer">
            {BRANDS[brand]} web trader
          </a>{' '}
          under Settings → API Access → OAuth Registration, with the redirect URI below. The broker
          shows the secret only once.
        </p>
        {appError !== undefined && (
          <div id={appError}>
            <Notice kind="alert">{text}</Notice>
          </div>
        )}
        <RedirectUri />
        <div class="pair">
          <TextField
            name="clientId"
            label="Client ID"
            maxLength={200}
            error={missing?.clientId}
            groupError={appError}
          />
          <SecretField
            name="secret"
            label="Client secret"
            maxLength={500}
            error={missing?.secret}
            groupError={appError}
          />
        </div>
        <label class="tick">
          <input type="checkbox" name="keepSecret" />
          <span>
            Keep the client secret sealed on this computer, so that Holdfast can bring the login
            back after a long sleep, and reconnecting asks for nothing
          </span>
        </label>
      </fieldset>

      <fieldset class="step">
        <legend>
          <span class="number">3</span> Sign in
        </legend>
        <div class="pair">
          <TextField
            name="userName"
            label="User name"
            autocomplete="username"
            maxLength={120}
            help="The one you sign in with on the broker’s page"
            error={at === 'userName' ? <span role="alert">{text}</span> : missing?.userName}
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
          The broker’s own page opens in a window of its own; Holdfast never sees your password. It
          opens one session. If this login already holds all the sessions it may, the broker may
          close the oldest of them.
        </p>
        <div class="actions">
          <SubmitButton
            pending={pending}
            waitSeconds={waitSeconds}
            onInsist={refusal?.mayInsist === true ? () => void submit(true) : undefined}
          >
            {`Sign in at ${BRANDS[brand]}`}
          </SubmitButton>
          <p class="outcome" role="status">
            {pending
              ? 'Go on in the broker’s window…'
              : waited
                ? 'The wait is over: you can try again.'
                : ''}
          </p>
        </div>
      </fieldset>
    </form>
  );
}

/** What has to be registered to the letter; it differs from browser to browser. */
function RedirectUri() {
  const uri = redirectUri();
  const [said, setSaid] = useState('');
  async function copy() {
    try {
      await navigator.clipboard.writeText(uri);
      setSaid('Copied.');
    } catch {
      setSaid('The browser did not allow copying. Select it and copy it by hand.');
    }
  }
  return (
    <div class="field">
      <span class="label">Redirect URI of this browser</span>
      <div class="actions">
        <code class="uri">{uri}</code>
        <Button onClick={() => void copy()}>Copy redirect URI</Button>
        <p class="outcome" role="status">
          {said}
        </p>
      </div>
    </div>
  );
}
