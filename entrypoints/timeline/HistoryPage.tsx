import { HOUR } from '../../utils/durations.ts';
import { useEffect, useState } from 'preact/hooks';
import { Legend } from '../../components/history/Legend.tsx';
import { useNow, useStored } from '../../components/parts/live.ts';
import type { Stored } from '../../components/parts/stored.ts';
import { LoginHistory } from '../../components/history/LoginHistory.tsx';
import { MarketNote } from '../../components/parts/MarketNote.tsx';
import { SupportReport } from '../../components/history/SupportReport.tsx';
import { summary } from '../../components/parts/summary.ts';
import { closedSpans } from '../../utils/keeper/status/history.ts';
import type { JournalLine } from '../../utils/records/journal.ts';
import type { Vault } from '../../utils/vault/vault.ts';

const RANGES = [
  { ms: 24 * HOUR, words: 'Last 24 hours' },
  { ms: 7 * 24 * HOUR, words: 'Last 7 days' },
] as const;

interface Props {
  vault: Vault;
  stored: Stored;
  journal: JournalLine[];
}

/** What happened to each login, drawn, as a table and in words. */
export function HistoryPage({ vault, stored: first, journal: firstLines }: Props) {
  const [{ logins }] = useStored(vault, first);
  const [journal, setJournal] = useState(firstLines);
  const [rangeMs, setRangeMs] = useState<number>(RANGES[0].ms);
  const now = useNow();
  useEffect(() => {
    let current = true;
    void vault.journal().then((lines) => current && setJournal(lines));
    return () => {
      current = false;
    };
    // Whatever is written is written together with a record.
  }, [vault, logins]);
  const span = { from: now - rangeMs, until: now };
  const closed = closedSpans(span);

  return (
    <div class="page">
      <header class="masthead">
        <span class="brand" aria-hidden="true" />
        <div>
          <h1>Holdfast history</h1>
          <p class="soft">{summary(logins, now)}</p>
        </div>
      </header>
      <nav class="sections" aria-label="Sections">
        <a href="#history">What happened</a>
        <a href="#report">Support report</a>
        <a href="/options.html">Options</a>
      </nav>
      <main>
        <section id="history" aria-labelledby="history-heading">
          <h2 id="history-heading">What happened</h2>
          <p class="lead">
            From the journal on this computer: 30 days are kept, and no token is in it.
          </p>
          <fieldset class="choices">
            <legend class="hidden">How far back</legend>
            {RANGES.map(({ ms, words }) => (
              <label key={ms} class="choice">
                <input
                  type="radio"
                  name="range"
                  checked={rangeMs === ms}
                  onChange={() => setRangeMs(ms)}
                />
                {words}
              </label>
            ))}
          </fieldset>
          <Legend />
          <MarketNote now={now} />
          {logins.length === 0 && <p>No logins yet.</p>}
          {logins.map((login) => (
            <LoginHistory
              key={login.id}
              login={login}
              logins={logins}
              lines={journal.filter(({ loginId }) => loginId === login.id)}
              span={span}
              closed={closed}
            />
          ))}
        </section>
        <section id="report" aria-labelledby="report-heading">
          <h2 id="report-heading">Support report</h2>
          <p class="lead">
            What someone who helps you needs to know: states, causes, the broker’s words, the
            journal. Never a token, a password or an API secret. It is made here and sent nowhere.
          </p>
          <SupportReport vault={vault} logins={logins} />
        </section>
      </main>
      <footer class="soft">Times are those of this computer.</footer>
    </div>
  );
}
