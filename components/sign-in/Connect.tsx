import { useState } from 'preact/hooks';
import { Choice } from '../parts/Choice.tsx';
import { ConnectForm } from './ConnectForm.tsx';
import { OAuthForm } from './OAuthForm.tsx';
import { TakeOverForm } from './TakeOverForm.tsx';

/** The ways in, one form at a time. `onConnected` is told what to say of the new login. */
export function Connect({ onConnected }: { onConnected: (words: string) => void }) {
  const [way, setWay] = useState('api-key');
  return (
    <>
      <div class="ways">
        <Choice
          name="way"
          label="How"
          options={[
            ['api-key', 'API key', 'You sign in here with the key, user name and password'],
            ['oauth', 'Broker’s page', 'You sign in on it, by OAuth, with an app you registered'],
            ['token', 'Existing token', 'Another program is signed in; you paste its token'],
          ]}
          chosen="api-key"
          onChoose={setWay}
        />
      </div>
      {way === 'oauth' && <OAuthForm onConnected={() => onConnected('Signed in')} />}
      {way === 'token' && (
        <TakeOverForm
          onConnected={() =>
            onConnected('Taken over. Now stop the renewing in the program it came from')
          }
        />
      )}
      {way === 'api-key' && <ConnectForm onConnected={() => onConnected('Signed in')} />}
    </>
  );
}
