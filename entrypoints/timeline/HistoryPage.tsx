import { HOUR } from '../../utils/durations.ts';
import { useEffect, useState } from 'preact/hooks';
import { Legend } from '../../components/history/Legend.tsx';
import { Boundary } from '../../components/parts/Boundary.tsx';
import { useNow, useStored } from '../../components/parts/live.ts';
import type { Stored } from '../../components/parts/stored.ts';
import { LoginHistory } from '../../components/history/LoginHistory.tsx';
import { MarketNote } from '../../components/parts/MarketNote.tsx';
import { SupportReport } from '../../components/history/SupportReport.tsx';
import { summary } from '../../components/parts/summary.ts';
import { closedSpans } from '../../utils/keeper/status/history.ts';
import type { JournalLine } from '../../utils/records/journal.ts';
import { say, type MessageKey } from '../../utils/platform/i18n.ts';
import type { Vault } from '../../utils/vault/vault.ts';

const RANGES = [
  { ms: 24 * HOUR, words: 'history_lastDay' },
  { ms: 7 * 24 * HOUR, words: 'history_lastWeek' },
] as const satisfies { ms: number; words: MessageKey }[];

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
          <h1>{say('history_title')}</h1>
          <p class="soft">{summary(logins, now)}</p>
        </div>
      </header>
      <nav class="sections" aria-label={say('history_sections')}>
        <a href="#history">{say('history_happened')}</a>
        <a href="#report">{say('history_report')}</a>
        <a href="/options.html">{say('history_options')}</a>
      </nav>
      <main>
        <section id="history" aria-labelledby="history-heading">
          <h2 id="history-heading">{say('history_happened')}</h2>
          <p class="lead">{say('history_lead')}</p>
          <fieldset class="choices">
            <legend class="hidden">{say('history_range')}</legend>
            {RANGES.map(({ ms, words }) => (
              <label key={ms} class="choice">
                <input
                  type="radio"
                  name="range"
                  checked={rangeMs === ms}
                  onChange={() => setRangeMs(ms)}
                />
                {say(words)}
              </label>
            ))}
          </fieldset>
          <Legend />
          <MarketNote now={now} />
          {logins.length === 0 && <p>{say('history_noLogins')}</p>}
          {logins.map((login) => (
            <Boundary key={login.id}>
              <LoginHistory
                login={login}
                logins={logins}
                lines={journal.filter(({ loginId }) => loginId === login.id)}
                span={span}
                closed={closed}
              />
            </Boundary>
          ))}
        </section>
        <section id="report" aria-labelledby="report-heading">
          <h2 id="report-heading">{say('history_report')}</h2>
          <p class="lead">{say('history_reportLead')}</p>
          <SupportReport vault={vault} logins={logins} />
        </section>
      </main>
      <footer class="soft">{say('history_zone')}</footer>
    </div>
  );
}
