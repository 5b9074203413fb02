import { detailsOf, eventOf } from '../../utils/words/journal.ts';
import {
  history,
  totals,
  type Condition,
  type Stretch,
} from '../../utils/keeper/status/history.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import type { JournalLine } from '../../utils/records/journal.ts';
import { list, number, say, sayCount, type MessageKey } from '../../utils/platform/i18n.ts';
import { standing } from '../../utils/keeper/status/standing.ts';
import { market } from '../../utils/tradovate/market-hours.ts';
import type { Span } from '../../utils/tradovate/maintenance.ts';
import { CONDITION_WORDS } from './Legend.tsx';
import { StateMark } from '../parts/StateMark.tsx';
import { Timeline } from './Timeline.tsx';
import { Why } from '../parts/Why.tsx';
import { stateInWords } from '../../utils/words/state.ts';
import { atSecond, atTime, duration, place } from '../../utils/words/time.ts';

interface Props {
  login: LoginRecord;
  logins: readonly LoginRecord[];
  /** Its journal, oldest first. */
  lines: readonly JournalLine[];
  span: Span;
  closed: readonly Span[];
}

/** Lines that say nothing the strip does not show. */
const ROUTINE: readonly JournalLine['what'][] = [
  'sign-in started',
  'refresh started',
  'renewal started',
  'renewed',
  'probe started',
  'proven',
];
const SHOWN_LINES = 100;

/** One login's past: why it stands as it does, a strip, and behind a click the same as a table and the journal. */
export function LoginHistory({ login, logins, lines, span, closed }: Props) {
  const now = span.until;
  const past = history(lines, login, span);
  const words = inWords(past.stretches, past.renewals.length);
  const stand = standing(login, now, logins, market(now));
  const notable = lines
    .filter(({ what, at }) => at >= span.from && !ROUTINE.includes(what))
    .sort((one, other) => one.at - other.at)
    .slice(-SHOWN_LINES);
  return (
    <article class="past" id={login.id} data-state={stand.state} aria-label={login.label}>
      <div class="entry-head">
        <StateMark state={stand.state} />
        <div class="row-words">
          <h3 class="entry-label">{login.label}</h3>
          <p class="row-line">
            <span class="word">{stateInWords(stand.state)}</span>
            {stand.paused && <span class="chip">{say('history_paused')}</span>}
            <span class="soft">{place(login)}</span>
          </p>
        </div>
      </div>
      {stand.why !== null && (
        <div class="why">
          <Why why={stand.why} now={now} />
        </div>
      )}
      <Timeline
        history={past}
        closed={closed}
        span={span}
        label={say('history_strip', { label: login.label, words })}
      />
      <p class="soft">{words}</p>
      <details>
        <summary>{say('history_asTable')}</summary>
        <StretchTable stretches={past.stretches} renewals={past.renewals} now={now} />
      </details>
      <details>
        <summary>{sayCount('history_journal', notable.length)}</summary>
        <ol class="lines">
          {notable.toReversed().map((line, index) => (
            <li key={index}>
              <time>{atSecond(line.at, now)}</time> {eventOf(line)}
              {detailsOf(line, now) !== null && <span class="soft"> · {detailsOf(line, now)}</span>}
            </li>
          ))}
        </ol>
      </details>
    </article>
  );
}

const FOR = {
  alive: 'history_aliveFor',
  'at-risk': 'history_atRiskFor',
  dead: 'history_deadFor',
  asleep: 'history_asleepFor',
} as const satisfies Record<Condition, MessageKey>;

/** "alive 22 h 10 min, at risk 5 min; 18 renewals". */
function inWords(stretches: readonly Stretch[], renewals: number): string {
  const sums = totals(stretches);
  const parts = (Object.keys(sums) as Condition[])
    .filter((is) => sums[is] > 0)
    .map((is) => say(FOR[is], { duration: duration(sums[is]) }));
  return parts.length === 0
    ? say('history_unknown')
    : sayCount('history_inWords', renewals, { parts: list(parts, 'unit') });
}

interface TableProps {
  stretches: readonly Stretch[];
  renewals: readonly number[];
  now: number;
}

function StretchTable({ stretches, renewals, now }: TableProps) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say('history_from')}</th>
          <th scope="col">{say('history_until')}</th>
          <th scope="col">{say('history_was')}</th>
          <th scope="col">{say('history_for')}</th>
          <th scope="col">{say('history_renewals')}</th>
        </tr>
      </thead>
      <tbody>
        {stretches.toReversed().map(({ from, until, is }) => (
          <tr key={from}>
            <td>{atTime(from, now)}</td>
            <td>{until === now ? say('history_now') : atTime(until, now)}</td>
            <td>{say(CONDITION_WORDS[is])}</td>
            <td>{duration(until - from)}</td>
            <td>{number(renewals.filter((at) => at >= from && at < until).length)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
