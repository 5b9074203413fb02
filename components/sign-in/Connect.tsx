import { useState } from 'preact/hooks';
import { say } from '../../utils/platform/i18n.ts';
import { Choice } from '../parts/Choice.tsx';
import { ConnectForm } from './ConnectForm.tsx';
import { OAuthForm } from './OAuthForm.tsx';
import { TakeOverForm } from './TakeOverForm.tsx';

/** What is to be said of a new login. */
export type Connected = 'options_signedIn' | 'options_takenOver';

/** The ways in, one form at a time. */
export function Connect({ onConnected }: { onConnected: (said: Connected) => void }) {
  const [way, setWay] = useState('api-key');
  return (
    <>
      <div class="ways">
        <Choice
          name="way"
          label={say('signIn_how')}
          options={[
            ['api-key', say('signIn_byApiKey'), say('signIn_byApiKeyHelp')],
            ['oauth', say('signIn_byOAuth'), say('signIn_byOAuthHelp')],
            ['token', say('signIn_byToken'), say('signIn_byTokenHelp')],
          ]}
          chosen="api-key"
          onChoose={setWay}
        />
      </div>
      {way === 'oauth' && <OAuthForm onConnected={() => onConnected('options_signedIn')} />}
      {way === 'token' && <TakeOverForm onConnected={() => onConnected('options_takenOver')} />}
      {way === 'api-key' && <ConnectForm onConnected={() => onConnected('options_signedIn')} />}
    </>
  );
}
