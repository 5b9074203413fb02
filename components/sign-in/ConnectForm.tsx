import { useId, useState } from 'preact/hooks';
import { ask, type SignInInput } from '../../utils/messages/protocol.ts';
import { BRANDS, FRONT_DOORS, type Brand } from '../../utils/tradovate/front-doors.ts';
import { useAttempt } from './attempt.ts';
import { FirstForm } from './FirstForm.tsx';
import { clear, typed, type Missing } from '../parts/form.ts';
import { Notice, RefusalAtField, RefusalText } from '../parts/Notice.tsx';
import { SendRow } from './SendRow.tsx';
import { SecretField, TextField } from '../parts/TextField.tsx';
import { CHOOSE_ENVIRONMENT, whereTyped, WhereStep, type Where } from './WhereStep.tsx';
import { nameOf } from '../../utils/words/time.ts';

/** The first sign-in with an API key, asked in the order in which a person has the answers. */
export function ConnectForm({ onConnected }: { onConnected: () => void }) {
  const id = useId();
  const [brand, setBrand] = useState<Brand>(BRANDS[0]);
  const attempt = useAttempt();
  const { form, refusal, missing, check, run } = attempt;

  async function submit(insist = false) {
    const entries = read(form.current);
    if (!check(whatIsMissing(entries))) return;
    const { environment } = entries;
    if (environment === null) return;
    const input = {
      ...entries,
      environment,
      label: entries.label || entries.userName.slice(0, 60),
    };
    const answer = await run((again) => ask('signIn', { ...input, ...again }), insist);
    if (answer === null) return;
    if (answer.ok) {
      form.current?.reset();
      setBrand(BRANDS[0]);
      onConnected();
    } else if (answer.field === 'password' && answer.ticket === null) {
      clear(form.current, 'password');
    }
  }

  const at = refusal?.field;
  const text = refusal && <RefusalText refusal={refusal} />;
  const atField = refusal && <RefusalAtField refusal={refusal} />;
  const keyError = at === 'apiKey' ? `${id}-key` : undefined;
  return (
    <FirstForm
      name="Connect a login"
      attempt={attempt}
      asWhole={at === 'form'}
      onSend={() => void submit()}
    >
      <WhereStep onBrand={setBrand} wrong={at === 'environment' ? atField : missing?.environment} />

      <fieldset class="step" aria-describedby={`${id}-key-help ${keyError ?? ''}`.trim()}>
        <legend>
          <span class="number">2</span> Your API key
        </legend>
        <p class="help" id={`${id}-key-help`}>
          You make it in the{' '}
          <a href={FRONT_DOORS[brand].webTrader} target="_blank" rel="noreferrer">
            {nameOf(brand)} web trader
          </a>{' '}
          under Settings → API Access. The broker shows the secret only once.
        </p>
        {keyError !== undefined && (
          <div id={keyError}>
            <Notice kind="alert">{text}</Notice>
          </div>
        )}
        <div class="pair">
          <TextField
            name="appId"
            label="App ID"
            maxLength={120}
            help="The name of the app the key was made for"
            error={missing?.appId}
            groupError={keyError}
          />
          <TextField
            name="appVersion"
            label="App version"
            maxLength={40}
            defaultValue="1.0"
            help="Leave it unless you registered another"
            error={missing?.appVersion}
          />
        </div>
        <div class="pair">
          <TextField
            name="cid"
            label="cid"
            inputMode="numeric"
            maxLength={12}
            help="The client ID of the key, a number"
            error={missing?.cid}
            groupError={keyError}
          />
          <SecretField
            name="secret"
            label="API secret"
            maxLength={500}
            error={missing?.secret}
            groupError={keyError}
          />
        </div>
        <label class="tick">
          <input type="checkbox" name="keepSecret" />
          <span>
            Keep the API secret sealed on this computer, so that reconnecting needs only the
            password
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
            error={at === 'userName' ? atField : missing?.userName}
          />
          <SecretField
            name="password"
            label="Password"
            autocomplete="current-password"
            maxLength={500}
            help="Used for this one sign-in, never stored"
            error={at === 'password' ? atField : missing?.password}
          />
        </div>
        <TextField
          name="label"
          label="Label"
          optional
          maxLength={60}
          help="What you want to call this login; its user name otherwise"
        />
        <p class="before-send">
          Signing in opens one session. If this login already holds all the sessions it may, the
          broker may close the oldest of them.
        </p>
        <SendRow attempt={attempt} underWay="Signing in…" onInsist={() => void submit(true)}>
          Connect
        </SendRow>
      </fieldset>
    </FirstForm>
  );
}

type Entries = Omit<SignInInput, 'brand' | 'environment' | 'ticket'> & Where;

function read(form: HTMLFormElement | null): Entries {
  const text = (name: string) => typed(form, name);
  return {
    ...whereTyped(form),
    label: text('label').trim(),
    userName: text('userName').trim(),
    password: text('password'),
    appId: text('appId').trim(),
    appVersion: text('appVersion').trim(),
    cid: text('cid').trim(),
    secret: text('secret'),
    keepSecret: text('keepSecret') !== '',
  };
}

function whatIsMissing(entries: Entries): Missing {
  return {
    ...(entries.environment === null && { environment: CHOOSE_ENVIRONMENT }),
    ...(entries.appId === '' && { appId: 'Type the app ID of your API key.' }),
    ...(entries.appVersion === '' && { appVersion: 'Type a version, such as 1.0.' }),
    ...(!/^\d{1,12}$/.test(entries.cid) && { cid: 'The cid is a number of up to 12 digits.' }),
    ...(entries.secret === '' && { secret: 'Type the secret of your API key.' }),
    ...(entries.userName === '' && { userName: 'Type the user name of this login.' }),
    ...(entries.password === '' && { password: 'Type the password of this login.' }),
  };
}
