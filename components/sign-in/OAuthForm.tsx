import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { ask } from '../../utils/messages/protocol.ts';
import { grantedClientId, redirectUri } from '../../utils/platform/identity.ts';
import { requestHosts } from '../../utils/platform/request-host.ts';
import { TWIN_HOSTS } from '../../utils/tradovate/hosts.ts';
import { BRANDS, FRONT_DOORS, type Brand } from '../../utils/tradovate/front-doors.ts';
import { useAttempt } from './attempt.ts';
import { FirstForm } from './FirstForm.tsx';
import { Button } from '../parts/Button.tsx';
import { typed, type Missing } from '../parts/form.ts';
import { Notice, RefusalAtField, RefusalText } from '../parts/Notice.tsx';
import { SendRow } from './SendRow.tsx';
import { SecretField, TextField } from '../parts/TextField.tsx';
import { nameOf } from '../../utils/words/time.ts';
import { CHOOSE_ENVIRONMENT, whereTyped, WhereStep } from './WhereStep.tsx';

const NOT_ALLOWED =
  'Without access to its hosts, live-d and demo-d.tradovateapi.com, nothing can be asked there.';

/** The first sign-in on the broker's own page, with an app that is registered there. */
export function OAuthForm({ onConnected }: { onConnected: () => void }) {
  const granted = grantedClientId();
  const [brand, setBrand] = useState<Brand>(BRANDS[0]);
  const [own, setOwn] = useState(granted === null);
  const attempt = useAttempt();
  const { form, refusal, missing, check, run } = attempt;

  async function submit(insist = false) {
    const { app, userName, environment, ...entries } = read(form.current, own ? null : granted);
    if (!check(whatIsMissing({ app, userName, environment })) || environment === null) return;
    // In the click, before anything else is awaited, or the browser does not ask.
    const allowed = !app.twin || (await requestHosts(...Object.values(TWIN_HOSTS)));
    if (!check(allowed ? {} : { twin: NOT_ALLOWED })) return;
    const label = entries.label || userName.slice(0, 60);
    const input = { ...entries, ...app, environment, userName, label };
    const answer = await run((again) => ask('signInByOAuth', { ...input, ...again }), insist);
    if (answer?.ok !== true) return;
    form.current?.reset();
    setBrand(BRANDS[0]);
    onConnected();
  }

  const at = refusal?.field;
  const text = refusal && <RefusalText refusal={refusal} />;
  const atField = refusal && <RefusalAtField refusal={refusal} />;
  return (
    <FirstForm
      name="Sign in on the broker’s page"
      attempt={attempt}
      asWhole={at === 'form' || (at === 'apiKey' && !own)}
      onSend={() => void submit()}
    >
      <WhereStep onBrand={setBrand} wrong={at === 'environment' ? atField : missing?.environment} />

      {own && <AppStep brand={brand} missing={missing} wrong={at === 'apiKey' ? text : null} />}

      <fieldset class="step">
        <legend>
          <span class="number">{own ? 3 : 2}</span> Sign in
        </legend>
        <div class="pair">
          <TextField
            name="userName"
            label="User name"
            autocomplete="username"
            maxLength={120}
            help="The one you sign in with on the broker’s page"
            error={at === 'userName' ? atField : missing?.userName}
          />
          <TextField
            name="label"
            label="Label"
            optional
            maxLength={60}
            help="What you want to call this login; its user name otherwise"
          />
        </div>
        {granted !== null && (
          <label class="tick">
            <input
              type="checkbox"
              name="own"
              checked={own}
              onChange={(event) => setOwn(event.currentTarget.checked)}
            />
            <span>Sign in with an app of my own</span>
          </label>
        )}
        <p class="before-send">
          The broker’s own page opens in a window of its own; Holdfast never sees your password. It
          opens one session. If this login already holds all the sessions it may, the broker may
          close the oldest of them.
        </p>
        <SendRow
          attempt={attempt}
          underWay="Go on in the broker’s window…"
          onInsist={() => void submit(true)}
        >
          {`Sign in at ${nameOf(brand)}`}
        </SendRow>
      </fieldset>
    </FirstForm>
  );
}

interface AppStepProps {
  brand: Brand;
  missing: Missing | null;
  /** What the broker does not like about the app. */
  wrong: ComponentChildren;
}

/** The person's own registered app. */
function AppStep({ brand, missing, wrong }: AppStepProps) {
  const id = useId();
  const error = wrong === null ? undefined : `${id}-app`;
  return (
    <fieldset class="step" aria-describedby={`${id}-help ${error ?? ''}`.trim()}>
      <legend>
        <span class="number">2</span> Your app
      </legend>
      <p class="help" id={`${id}-help`}>
        You register it once in the{' '}
        <a href={FRONT_DOORS[brand].webTrader} target="_blank" rel="noreferrer">
          {nameOf(brand)} web trader
        </a>{' '}
        under Settings → API Access → OAuth Registration, with the redirect URI below. The broker
        shows the secret only once.
      </p>
      {error !== undefined && (
        <div id={error}>
          <Notice kind="alert">{wrong}</Notice>
        </div>
      )}
      <RedirectUri />
      <div class="pair">
        <TextField
          name="clientId"
          label="Client ID"
          maxLength={200}
          error={missing?.['clientId']}
          groupError={error}
        />
        <SecretField
          name="secret"
          label="Client secret"
          maxLength={500}
          error={missing?.['secret']}
          groupError={error}
        />
      </div>
      <label class="tick">
        <input type="checkbox" name="keepSecret" />
        <span>
          Keep the client secret sealed on this computer, so that Holdfast can bring the login back
          after a long sleep, and reconnecting asks for nothing
        </span>
      </label>
      <label class="tick">
        <input
          type="checkbox"
          name="twin"
          data-wrong={missing?.['twin'] === undefined ? undefined : ''}
          aria-describedby={missing?.['twin'] === undefined ? undefined : `${id}-twin`}
        />
        <span>
          The app is registered on the broker’s development system (-d), not on the real one
        </span>
      </label>
      {missing?.['twin'] !== undefined && (
        <p class="field-error" id={`${id}-twin`}>
          {missing['twin']}
        </p>
      )}
    </fieldset>
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

interface App {
  clientId: string;
  /** None: a public client. */
  secret?: string;
  keepSecret: boolean;
  twin: boolean;
}

/** What was typed; `granted` is the app that is used instead of one of the person's own. */
function read(form: HTMLFormElement | null, granted: string | null) {
  const text = (name: string) => typed(form, name);
  const app: App =
    granted === null
      ? {
          clientId: text('clientId').trim(),
          secret: text('secret'),
          keepSecret: text('keepSecret') !== '',
          twin: text('twin') !== '',
        }
      : { clientId: granted, keepSecret: false, twin: false };
  return {
    ...whereTyped(form),
    app,
    userName: text('userName').trim(),
    label: text('label').trim(),
  };
}

function whatIsMissing({
  app,
  userName,
  environment,
}: Pick<ReturnType<typeof read>, 'app' | 'userName' | 'environment'>): Missing {
  return {
    ...(environment === null && { environment: CHOOSE_ENVIRONMENT }),
    ...(app.clientId === '' && { clientId: 'Type the client ID of your app.' }),
    ...(app.secret === '' && { secret: 'Type the client secret of your app.' }),
    ...(userName === '' && { userName: 'Type the user name of this login.' }),
  };
}
