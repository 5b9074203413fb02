import { useEffect, useId, useState } from 'preact/hooks';
import { CHECK_EVERY_MS } from '../../utils/keeper/when/link.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
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
        <span>Live link</span>
      </label>
      <p class="help" id={id}>
        {LINK_BY === 'socket' ? SOCKET : CHECKS}
      </p>
      {on && (
        <p class="soft">
          Now: <LinkWords login={login} now={now} />
        </p>
      )}
    </div>
  );
}

const SOCKET =
  'Keeps a connection to the broker open, so that a closed session or maintenance is noticed within ' +
  'seconds, and counts open positions and working orders. It may count against the connections ' +
  'that the broker allows this login, and so close another one: your trader, or your copier.';

const CHECKS =
  'Firefox stops extensions after 30 seconds, so no connection can be kept here. Instead the session is ' +
  `checked every ${CHECK_EVERY_MS / 60_000} minutes: a closed session is noticed within that time, not within seconds.`;
