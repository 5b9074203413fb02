import { useEffect, useMemo, useState } from 'preact/hooks';
import { useClipboard } from '../../components/popup/clipboard.ts';
import { useNow, useStored } from '../../components/parts/live.ts';
import type { Stored } from '../../components/parts/stored.ts';
import { LoginRow } from '../../components/popup/LoginRow.tsx';
import { Notes } from '../../components/popup/Notes.tsx';
import { Shortage } from '../../components/parts/Shortage.tsx';
import { Slept } from '../../components/popup/Slept.tsx';
import { summary } from '../../components/parts/summary.ts';
import { say } from '../../utils/platform/i18n.ts';
import { bySeverity } from '../../components/popup/order.ts';
import type { Records } from '../../utils/vault/database.ts';
import { openVault } from '../../utils/vault/vault.ts';

/** So many rows fill the tallest popup that a browser opens. The others come when these are painted. */
const FIRST_ROWS = 10;

/** The popup: every login, the worst first, as stored. */
export function Popup({ records, stored: first }: { records: Records; stored: Stored }) {
  const [{ logins, awake }] = useStored(records, first);
  const now = useNow();
  const clipboard = useClipboard(openVault);
  // Worst first as the popup opens; after that rows keep their places under the pointer.
  const order = useMemo(() => bySeverity(first.logins, now), [first]);
  const rows = [...logins].sort((one, other) => place(order, one.id) - place(order, other.id));

  const [painted, setPainted] = useState(false);
  useEffect(() => setPainted(true), []);

  return (
    <>
      <header class="top">
        <span class="brand" aria-hidden="true" />
        <h1>Holdfast</h1>
        <p class="summary" role="status">
          {summary(logins, now)}
        </p>
      </header>
      <main>
        <Slept awake={awake} logins={logins} now={now} />
        <Shortage logins={logins} now={now} />
        {rows.length === 0 ? (
          <div class="empty">
            <span class="brand" aria-hidden="true" />
            <h2>{say('popup_noLogins')}</h2>
            <p>{say('popup_noLoginsHelp')}</p>
            <OptionsLink section="#connect" kind="primary">
              {say('popup_connect')}
            </OptionsLink>
          </div>
        ) : (
          <ul class="rows">
            {rows.slice(0, painted ? rows.length : FIRST_ROWS).map((login) => (
              <LoginRow
                key={login.id}
                login={login}
                logins={logins}
                now={now}
                clipboard={clipboard}
                alone={rows.length === 1}
                reconnecting={location.hash === `#reconnect=${login.id}`}
              />
            ))}
          </ul>
        )}
        {rows.length > 0 && <Notes records={records} logins={logins} now={now} />}
      </main>
      <footer class="bottom">
        {rows.length > 0 && (
          <OptionsLink section="#connect" kind="quiet">
            {say('popup_connect')}
          </OptionsLink>
        )}
        <OptionsLink section="" kind="quiet">
          {say('popup_options')}
        </OptionsLink>
      </footer>
    </>
  );
}

function place(order: readonly string[], id: string): number {
  const at = order.indexOf(id);
  return at === -1 ? order.length : at;
}

interface LinkProps {
  section: '' | '#connect';
  kind: 'primary' | 'quiet';
  children: string;
}

/** A plain link, which needs no browser API. */
function OptionsLink({ section, kind, children }: LinkProps) {
  return (
    <a
      class={`button ${kind}`}
      href={`/options.html${section}`}
      target="_blank"
      // Firefox keeps a popup open over the new tab.
      onClick={() => setTimeout(() => window.close())}
    >
      {children}
    </a>
  );
}
