import { useRef, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { Connect, type Connected } from '../../components/sign-in/Connect.tsx';
import { useNow, useStored } from '../../components/parts/live.ts';
import type { Stored } from '../../components/parts/stored.ts';
import { LoginEntry } from '../../components/options/LoginEntry.tsx';
import { SettingsForm } from '../../components/options/SettingsForm.tsx';
import { HERE, rich } from '../../components/parts/rich.tsx';
import { useSettings } from '../../components/parts/settings.ts';
import { Shortage } from '../../components/parts/Shortage.tsx';
import { summary } from '../../components/parts/summary.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import { say } from '../../utils/platform/i18n.ts';
import type { Records } from '../../utils/vault/database.ts';

const PRIVACY = ['local', 'password', 'tokens', 'secret', 'limits'] as const;

/** The options page: connect a login, edit or remove logins, and what Holdfast keeps and does not keep. */
export function Options({ records, stored: first }: { records: Records; stored: Stored }) {
  const [{ logins }, read] = useStored(records, first);
  const settings = useSettings(records);
  const now = useNow();
  const heading = useRef<HTMLHeadingElement>(null);
  const [fresh, setFresh] = useState<string | null>(null);
  const [said, setSaid] = useState('');

  async function connected(words: Connected) {
    // Another may have been added since, and still be in the broker's window.
    const opened = ({ session }: LoginRecord) => session?.openedAt ?? 0;
    const [added] = (await read()).logins.toSorted((one, other) => opened(other) - opened(one));
    if (added === undefined) return;
    setSaid(say(words, { label: added.label }));
    setFresh(added.id);
  }

  function removed(label: string) {
    setSaid(say('options_removed', { label }));
    heading.current?.focus();
    void read();
  }

  return (
    <div class="page">
      <header class="masthead">
        <span class="brand" aria-hidden="true" />
        <div>
          <h1>Holdfast</h1>
          <p class="soft">{say('options_subtitle')}</p>
        </div>
      </header>
      <nav class="sections" aria-label={say('options_sections')}>
        <a href="#connect">{say('options_connect')}</a>
        <a href="#logins">{say('options_logins')}</a>
        <a href="#notifications">{say('options_toNotifications')}</a>
        <a href="#privacy">{say('options_privacy')}</a>
      </nav>
      <main>
        <section id="connect" aria-labelledby="connect-heading">
          <h2 id="connect-heading">{say('options_connect')}</h2>
          <p class="lead">{say('options_connectLead')}</p>
          <Connect onConnected={(words) => void connected(words)} />
        </section>

        <section id="logins" aria-labelledby="logins-heading">
          <h2 id="logins-heading" ref={heading} tabIndex={-1}>
            {say('options_logins')}
          </h2>
          <p class="lead">{logins.length === 0 ? say('options_noLogins') : summary(logins, now)}</p>
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
          <h2 id="notifications-heading">{say('options_notifications')}</h2>
          <p class="lead">{say('options_notificationsLead')}</p>
          {settings !== null && <SettingsForm settings={settings} now={now} />}
        </section>

        <section id="privacy" aria-labelledby="privacy-heading">
          <h2 id="privacy-heading">{say('options_privacy')}</h2>
          <ul class="plain">
            {PRIVACY.map((what) => (
              <li key={what}>
                {rich(
                  say(`options_privacy_${what}`, { point: HERE }),
                  <strong>{say(`options_privacyPoint_${what}`)}</strong>,
                )}
              </li>
            ))}
          </ul>
        </section>
      </main>
      <footer class="soft">
        {say('options_unaffiliated', { version: browser.runtime.getManifest().version })}
      </footer>
    </div>
  );
}
