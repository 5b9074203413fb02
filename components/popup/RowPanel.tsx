import type { LoginRecord } from '../../utils/records/login.ts';
import type { Standing } from '../../utils/keeper/status/standing.ts';
import { say } from '../../utils/platform/i18n.ts';
import { Button } from '../parts/Button.tsx';
import type { Clipboard } from './clipboard.ts';
import { CopyToken } from './CopyToken.tsx';
import { OAuthAgain } from '../sign-in/OAuthAgain.tsx';
import { Panel } from '../parts/Panel.tsx';
import { ReconnectForm } from '../sign-in/ReconnectForm.tsx';
import { SessionList } from '../parts/SessionList.tsx';
import { TakeOverAgain } from '../sign-in/TakeOverAgain.tsx';
import { UnknownWay } from '../sign-in/UnknownWay.tsx';
import { atTime } from '../../utils/words/time.ts';

export type PanelName = 'reconnect' | 'pause' | 'copy' | 'sessions';

interface RowPanelProps {
  name: PanelName;
  login: LoginRecord;
  logins: readonly LoginRecord[];
  stand: Standing;
  now: number;
  clipboard: Clipboard;
  onClose: () => void;
  onConnected: () => void;
  onPause: () => void;
}

/** What a button of a row opens. */
export function RowPanel(props: RowPanelProps) {
  const { name, login, logins, now, clipboard, onClose } = props;
  switch (name) {
    case 'reconnect':
      return <Reconnect {...props} />;
    case 'sessions':
      return (
        <Panel title={say('popup_sessionsOf', { label: login.label })} onClose={onClose}>
          <SessionList login={login} logins={logins} now={now} />
        </Panel>
      );
    case 'pause':
      return <PauseKeeping {...props} />;
    case 'copy':
      return <CopyToken login={login} now={now} clipboard={clipboard} onClose={onClose} />;
  }
}

/** Each login comes back by the way it came. */
function Reconnect({ login, logins, stand, now, onClose, onConnected }: RowPanelProps) {
  const needless = stand.state === 'connected';
  const common = { login, needless, onClose, onConnected };
  switch (login.way) {
    case 'api-key':
      return <ReconnectForm {...common} logins={logins} now={now} />;
    case 'oauth':
      return <OAuthAgain {...common} logins={logins} now={now} />;
    case 'token':
      return <TakeOverAgain {...common} />;
    case 'unknown':
      return <UnknownWay {...common} />;
  }
}

function PauseKeeping({ login, stand, now, onClose, onPause }: RowPanelProps) {
  const time = atTime(stand.expiresAt ?? now, now);
  return (
    <Panel
      title={say('popup_pauseQuestion')}
      about={say(login.refresh === null ? 'popup_pauseAbout' : 'popup_pauseAboutRefresh', { time })}
      onClose={onClose}
    >
      <div class="actions">
        <Button kind="primary" onClick={onPause}>
          {say('popup_pause')}
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {say('popup_cancel')}
        </Button>
      </div>
    </Panel>
  );
}
