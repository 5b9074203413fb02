import { MINUTE } from '../../utils/durations.ts';
import { useEffect, useId, useState } from 'preact/hooks';
import { CHECK_EVERY_MS } from '../../utils/keeper/when/link.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import { say, sayCount } from '../../utils/platform/i18n.ts';
import { LINK_BY } from '../../utils/platform/socket.ts';
import { LinkWords } from '../parts/LinkWords.tsx';

interface Props {
  login: LoginRecord;
  now: number;
  /** Gives whether it was done. */
  onSwitch: (on: boolean) => Promise<boolean>;
}

/** Switches the live link of a login, and says before what it costs. */
export function LinkSwitch({ login, now, onSwitch }: Props) {
  const id = useId();
  const on = login.link !== null;
  /** What was asked for and is not stored yet. */
  const [asked, setAsked] = useState<boolean | null>(null);
  useEffect(() => setAsked(null), [on]);

  async function change() {
    const wanted = !(asked ?? on);
    setAsked(wanted);
    if (!(await onSwitch(wanted))) setAsked(null);
  }

  return (
    <div class="live-link">
      <label class="tick">
        <input
          type="checkbox"
          checked={asked ?? on}
          aria-describedby={id}
          onChange={() => void change()}
        />
        <span>{say('options_liveLink')}</span>
      </label>
      <p class="help" id={id}>
        {LINK_BY === 'socket'
          ? say('options_liveLinkSocket')
          : sayCount('options_liveLinkChecks', CHECK_EVERY_MS / MINUTE)}
      </p>
      {on && (
        <p class="soft">
          {say('options_liveLinkNow')} <LinkWords login={login} now={now} />
        </p>
      )}
    </div>
  );
}
