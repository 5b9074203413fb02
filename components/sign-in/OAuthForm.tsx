import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { ask } from '../../utils/messages/protocol.ts';
import { grantedClientId, redirectUri } from '../../utils/platform/identity.ts';
import { say } from '../../utils/platform/i18n.ts';
import { requestHosts } from '../../utils/platform/request-host.ts';
import { TWIN_HOSTS } from '../../utils/tradovate/hosts.ts';
import { BRANDS, FRONT_DOORS, type Brand } from '../../utils/tradovate/front-doors.ts';
import { useAttempt } from './attempt.ts';
import { FirstForm } from './FirstForm.tsx';
import { Button } from '../parts/Button.tsx';
import { typed, type Missing } from '../parts/form.ts';
import { Notice, RefusalAtField, RefusalText } from '../parts/Notice.tsx';
import { HERE, rich } from '../parts/rich.tsx';
import { SendRow } from './SendRow.tsx';
import { SecretField, TextField } from '../parts/TextField.tsx';
import { nameOf } from '../../utils/words/time.ts';
import { whereTyped, WhereStep } from './WhereStep.tsx';

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
    if (!check(allowed ? {} : { twin: say('signIn_twinNotAllowed') })) return;
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
      name={say('signIn_oauthForm')}
      attempt={attempt}
      asWhole={at === 'form' || (at === 'apiKey' && !own)}
      onSend={() => void submit()}
    >
      <WhereStep onBrand={setBrand} wrong={at === 'environment' ? atField : missing?.environment} />

      {own && <AppStep brand={brand} missing={missing} wrong={at === 'apiKey' ? text : null} />}

      <fieldset class="step">
        <legend>
          <span class="number">{own ? 3 : 2}</span> {say('signIn_signIn')}
        </legend>
        <div class="pair">
          <TextField
            name="userName"
            label={say('signIn_userName')}
            autocomplete="username"
            maxLength={120}
            help={say('signIn_oauthUserNameHelp')}
            error={at === 'userName' ? atField : missing?.userName}
          />
          <TextField
            name="label"
            label={say('signIn_label')}
            optional
            maxLength={60}
            help={say('signIn_labelHelp')}
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
            <span>{say('signIn_ownApp')}</span>
          </label>
        )}
        <p class="before-send">{say('signIn_beforeOAuth')}</p>
        <SendRow
          attempt={attempt}
          underWay={say('signIn_atBrokerUnderWay')}
          onInsist={() => void submit(true)}
        >
          {say('signIn_atBroker', { broker: nameOf(brand) })}
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
        <span class="number">2</span> {say('signIn_app')}
      </legend>
      <p class="help" id={`${id}-help`}>
        {rich(
          say('signIn_appHelp', { link: HERE }),
          <a href={FRONT_DOORS[brand].webTrader} target="_blank" rel="noreferrer">
            {say('signIn_webTrader', { broker: nameOf(brand) })}
          </a>,
        )}
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
          label={say('signIn_clientId')}
          maxLength={200}
          error={missing?.['clientId']}
          groupError={error}
        />
        <SecretField
          name="secret"
          label={say('signIn_clientSecret')}
          maxLength={500}
          error={missing?.['secret']}
          groupError={error}
        />
      </div>
      <label class="tick">
        <input type="checkbox" name="keepSecret" />
        <span>{say('signIn_keepClientSecret')}</span>
      </label>
      <label class="tick">
        <input
          type="checkbox"
          name="twin"
          data-wrong={missing?.['twin'] === undefined ? undefined : ''}
          aria-describedby={missing?.['twin'] === undefined ? undefined : `${id}-twin`}
        />
        <span>{say('signIn_twin')}</span>
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
      setSaid(say('signIn_copied'));
    } catch {
      setSaid(say('signIn_notCopied'));
    }
  }
  return (
    <div class="field">
      <span class="label">{say('signIn_redirectUri')}</span>
      <div class="actions">
        <code class="uri">{uri}</code>
        <Button onClick={() => void copy()}>{say('signIn_copyRedirectUri')}</Button>
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
    ...(environment === null && { environment: say('signIn_chooseEnvironment') }),
    ...(app.clientId === '' && { clientId: say('signIn_missingClientId') }),
    ...(app.secret === '' && { secret: say('signIn_missingClientSecret') }),
    ...(userName === '' && { userName: say('signIn_missingUserName') }),
  };
}
