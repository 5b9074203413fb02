import { useId, useState } from 'preact/hooks';
import { ask, type SignInInput } from '../../utils/messages/protocol.ts';
import { say } from '../../utils/platform/i18n.ts';
import { BRANDS, FRONT_DOORS, type Brand } from '../../utils/tradovate/front-doors.ts';
import { useAttempt } from './attempt.ts';
import { FirstForm } from './FirstForm.tsx';
import { clear, typed, type Missing } from '../parts/form.ts';
import { Notice, RefusalAtField, RefusalText } from '../parts/Notice.tsx';
import { HERE, rich } from '../parts/rich.tsx';
import { SendRow } from './SendRow.tsx';
import { SecretField, TextField } from '../parts/TextField.tsx';
import { whereTyped, WhereStep, type Where } from './WhereStep.tsx';
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
      name={say('signIn_connectForm')}
      attempt={attempt}
      asWhole={at === 'form'}
      onSend={() => void submit()}
    >
      <WhereStep onBrand={setBrand} wrong={at === 'environment' ? atField : missing?.environment} />

      <fieldset class="step" aria-describedby={`${id}-key-help ${keyError ?? ''}`.trim()}>
        <legend>
          <span class="number">2</span> {say('signIn_apiKey')}
        </legend>
        <p class="help" id={`${id}-key-help`}>
          {rich(
            say('signIn_apiKeyHelp', { link: HERE }),
            <a href={FRONT_DOORS[brand].webTrader} target="_blank" rel="noreferrer">
              {say('signIn_webTrader', { broker: nameOf(brand) })}
            </a>,
          )}
        </p>
        {keyError !== undefined && (
          <div id={keyError}>
            <Notice kind="alert">{text}</Notice>
          </div>
        )}
        <div class="pair">
          <TextField
            name="appId"
            label={say('signIn_appId')}
            maxLength={120}
            help={say('signIn_appIdHelp')}
            error={missing?.appId}
            groupError={keyError}
          />
          <TextField
            name="appVersion"
            label={say('signIn_appVersion')}
            maxLength={40}
            defaultValue="1.0"
            help={say('signIn_appVersionHelp')}
            error={missing?.appVersion}
          />
        </div>
        <div class="pair">
          <TextField
            name="cid"
            label={say('signIn_cid')}
            inputMode="numeric"
            maxLength={12}
            help={say('signIn_cidHelp')}
            error={missing?.cid}
            groupError={keyError}
          />
          <SecretField
            name="secret"
            label={say('signIn_apiSecret')}
            maxLength={500}
            error={missing?.secret}
            groupError={keyError}
          />
        </div>
        <label class="tick">
          <input type="checkbox" name="keepSecret" />
          <span>{say('signIn_keepApiSecret')}</span>
        </label>
      </fieldset>

      <fieldset class="step">
        <legend>
          <span class="number">3</span> {say('signIn_signIn')}
        </legend>
        <div class="pair">
          <TextField
            name="userName"
            label={say('signIn_userName')}
            autocomplete="username"
            maxLength={120}
            error={at === 'userName' ? atField : missing?.userName}
          />
          <SecretField
            name="password"
            label={say('signIn_password')}
            autocomplete="current-password"
            maxLength={500}
            help={say('signIn_passwordHelp')}
            error={at === 'password' ? atField : missing?.password}
          />
        </div>
        <TextField
          name="label"
          label={say('signIn_label')}
          optional
          maxLength={60}
          help={say('signIn_labelHelp')}
        />
        <p class="before-send">{say('signIn_beforeConnect')}</p>
        <SendRow
          attempt={attempt}
          underWay={say('signIn_connecting')}
          onInsist={() => void submit(true)}
        >
          {say('signIn_connect')}
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
    ...(entries.environment === null && { environment: say('signIn_chooseEnvironment') }),
    ...(entries.appId === '' && { appId: say('signIn_missingAppId') }),
    ...(entries.appVersion === '' && { appVersion: say('signIn_missingAppVersion') }),
    ...(!/^\d{1,12}$/.test(entries.cid) && { cid: say('signIn_wrongCid') }),
    ...(entries.secret === '' && { secret: say('signIn_missingApiSecret') }),
    ...(entries.userName === '' && { userName: say('signIn_missingUserName') }),
    ...(entries.password === '' && { password: say('signIn_missingPassword') }),
  };
}
