import { useState } from 'preact/hooks';
import type { LoginRecord } from '../../utils/records/login.ts';
import { Button } from '../parts/Button.tsx';
import type { Clipboard } from './clipboard.ts';
import type { TokenPart } from '../../utils/records/journal.ts';
import { copyToken } from './copy.ts';
import { Panel } from '../parts/Panel.tsx';
import { atTime } from '../../utils/words/time.ts';

const CHOICES: [TokenPart, string][] = [
  ['access', 'Access token'],
  ['market-data', 'Market-data token'],
  ['both', 'Both, as JSON'],
];

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
  const until = login.session === null ? '' : ` until ${atTime(login.session.expiresAt, now)}`;

  async function copy() {
    setBusy(true);
    await copyToken(clipboard, login.id, part);
    onClose();
  }

  return (
    <Panel title="Copy the token?" onClose={onClose}>
      <p class="warning">Anyone who has this token can trade with this login{until}.</p>
      <fieldset class="choices">
        <legend class="hidden">What to copy</legend>
        {CHOICES.map(([value, words]) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name={`copy-${login.id}`}
              checked={part === value}
              onChange={() => setPart(value)}
            />
            {words}
          </label>
        ))}
      </fieldset>
      <p class="help">
        Holdfast empties the clipboard after 60 s, but only while this window stays open.
      </p>
      <div class="actions">
        <Button kind="primary" busy={busy} onClick={() => void copy()}>
          Copy to clipboard
        </Button>
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Panel>
  );
}
