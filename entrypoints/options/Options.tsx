import { useRef, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { Connect } from '../../components/sign-in/Connect.tsx';
import { useNow, useStored } from '../../components/parts/live.ts';
import type { Stored } from '../../components/parts/stored.ts';
import { LoginEntry } from '../../components/options/LoginEntry.tsx';
import { SettingsForm } from '../../components/options/SettingsForm.tsx';
import { useSettings } from '../../components/parts/settings.ts';
import { Shortage } from '../../components/parts/Shortage.tsx';
import { summary } from '../../components/parts/summary.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import type { Records } from '../../utils/vault/database.ts';

/** The options page: connect a login, edit or remove logins, and what Holdfast keeps and does not keep. */
export function Options({ records, stored: first }: { records: Records; stored: Stored }) {
  const [{ logins }, read] = useStored(records, first);
  const settings = useSettings(records);
  const now = useNow();
  const heading = useRef<HTMLHeadingElement>(null);
  const [fresh, setFresh] = useState<string | null>(null);
  const [said, setSaid] = useState('');

  async function connected(words: string) {
    // Another may have been added since, and still be in the broker's window.
    const opened = ({ session }: LoginRecord) => session?.openedAt ?? 0;
    const [added] = (await read()).logins.toSorted((one, other) => opened(other) - opened(one));
    if (added === undefined) return;
    setSaid(`${words}: ${added.label}`);
    setFresh(added.id);
  }

  function removed(label: string) {
    setSaid(`Removed: ${label}`);
    heading.current?.focus();
    void read();
  }

  return (
    <div class="page">
      <header class="masthead">
        <span class="brand" aria-hidden="true" />
        <div>
          <h1>Holdfast</h1>
          <p class="soft">Session keeper for Tradovate and NinjaTrader API users (unofficial)</p>
        </div>
      </header>
      <nav class="sections" aria-label="Sections">
        <a href="#connect">Connect a login</a>
        <a href="#logins">Logins</a>
        <a href="#notifications">Notifications</a>
        <a href="#privacy">Privacy</a>
      </nav>
      <main>
        <section id="connect" aria-labelledby="connect-heading">
          <h2 id="connect-heading">Connect a login</h2>
          <p class="lead">
            Connect it here once. After that Holdfast renews the session before it ends, for as long
            as this browser runs, and never signs in by itself.
          </p>
          <Connect onConnected={(words) => void connected(words)} />
        </section>

        <section id="logins" aria-labelledby="logins-heading">
          <h2 id="logins-heading" ref={heading} tabIndex={-1}>
            Logins
          </h2>
          <p class="lead">
            {logins.length === 0
              ? 'None yet. The first one you connect appears here.'
              : summary(logins, now)}
          </p>
          <p class="outcome good" role="status">
            {said}
          </p>
          <Shortage logins={logins} now={now} />
          {logins.length > 0 && (
            <ul class="entries">
              {logins.map((login) => (
                <LoginEntry
                  key={login.id}
                  login={login}
                  logins={logins}
                  now={now}
                  fresh={login.id === fresh}
                  onRemoved={removed}
                />
              ))}
            </ul>
          )}
        </section>

        <section id="notifications" aria-labelledby="notifications-heading">
          <h2 id="notifications-heading">Notifications and trading times</h2>
          <p class="lead">
            Holdfast speaks up only when there is something you can do, and once for each event.
          </p>
          {settings !== null && <SettingsForm settings={settings} now={now} />}
        </section>

        <section id="privacy" aria-labelledby="privacy-heading">
          <h2 id="privacy-heading">Privacy</h2>
          <ul class="plain">
            <li>
              <strong>Everything stays on this computer.</strong> Holdfast has no server and sends
              no telemetry. It talks to the broker and to nobody else.
            </li>
            <li>
              <strong>Your password is used for one call</strong> and never stored.
            </li>
            <li>
              <strong>Tokens are stored sealed</strong> (AES-GCM) under a key that this browser uses
              but never gives out.
            </li>
            <li>
              <strong>The secret of your API key or app is kept only if you ask for it,</strong>{' '}
              sealed the same way.
            </li>
            <li>
              <strong>What this does not protect against:</strong> a program that runs on this
              computer with access to your browser profile can do what Holdfast can do. So can
              anyone who sits at your unlocked computer.
            </li>
          </ul>
        </section>
      </main>
      <footer class="soft">
        Holdfast {browser.runtime.getManifest().version} · not affiliated with Tradovate or
        NinjaTrader
      </footer>
    </div>
  );
}
