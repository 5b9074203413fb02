import { useState } from 'preact/hooks';
import type { LoginRecord } from '../../utils/records/login.ts';
import { say, type MessageKey } from '../../utils/platform/i18n.ts';
import { Button } from '../parts/Button.tsx';
import type { Clipboard } from './clipboard.ts';
import type { TokenPart } from '../../utils/records/journal.ts';
import { copyToken } from './copy.ts';
import { Panel } from '../parts/Panel.tsx';
import { atTime } from '../../utils/words/time.ts';

const CHOICES = [
  ['access', 'popup_copyAccess'],
  ['market-data', 'popup_copyMarketData'],
  ['both', 'popup_copyBoth'],
] as const satisfies [TokenPart, MessageKey][];

interface Props {
  login: LoginRecord;
  now: number;
  clipboard: Clipboard;
  onClose: () => void;
}

/** Asks before a token leaves the vault for the clipboard, and which one. */
export function CopyToken({ login, now, clipboard, onClose }: Props) {
  const [part, setPart] = useState<TokenPart>('access');
  const [busy, setBusy] = useState(false);

  async function copy() {
    setBusy(true);
    await copyToken(clipboard, login.id, part);
    onClose();
  }

  return (
    <Panel title={say('popup_copyQuestion')} onClose={onClose}>
      <p class="warning">
        {login.session === null
          ? say('popup_copyWarning')
          : say('popup_copyWarningUntil', { time: atTime(login.session.expiresAt, now) })}
      </p>
      <fieldset class="choices">
        <legend class="hidden">{say('popup_copyWhat')}</legend>
        {CHOICES.map(([value, key]) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name={`copy-${login.id}`}
              checked={part === value}
              onChange={() => setPart(value)}
            />
            {say(key)}
          </label>
        ))}
      </fieldset>
      <p class="help">{say('popup_copyHelp')}</p>
      <div class="actions">
        <Button kind="primary" busy={busy} onClick={() => void copy()}>
          {say('popup_copy')}
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {say('popup_cancel')}
        </Button>
      </div>
    </Panel>
  );
}
