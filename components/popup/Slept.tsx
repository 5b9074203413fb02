import { DAY } from '../../utils/durations.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import { sleepSummary, type SleepSummary } from '../../utils/keeper/status/sleep.ts';
import { list, number, say, sayCount } from '../../utils/platform/i18n.ts';
import type { Awake } from '../../utils/records/awake.ts';
import { Notice } from '../parts/Notice.tsx';
import { atTime, duration } from '../../utils/words/time.ts';

interface Props {
  awake: Awake | null;
  logins: readonly LoginRecord[];
  now: number;
}

/** After a sleep: how long it was, and what came through it. */
export function Slept({ awake, logins, now }: Props) {
  const sleep = sleepSummary(awake, logins, now);
  if (sleep === null) return null;
  return (
    <Notice>
      <p>
        <strong>{extent(sleep, now)}</strong> {survivors(sleep)}
        {sleep.lost.length > 0 && ` ${needed(sleep.lost.map(({ label }) => label))}`}
      </p>
    </Notice>
  );
}

const LONGEST_MS = 30 * DAY;

/** "Holdfast was asleep or closed for 7 h 12 min (23:02–06:14):", and no more than is known. */
function extent({ since, until, atLeast }: SleepSummary, now: number): string {
  const length = until - since;
  if (length > LONGEST_MS) return say('slept_forLong');
  const known = { duration: duration(length), until: atTime(until, now) };
  return atLeast
    ? say('slept_forAtLeast', known)
    : say('slept_for', { ...known, since: atTime(since, now) });
}

function survivors({ sessions, survived, unknown }: SleepSummary): string {
  if (unknown === sessions) return sayCount('slept_checked', sessions);
  if (unknown > 0) {
    const counts = { sessions: number(sessions), survived: number(survived) };
    return sayCount('slept_soFar', unknown, counts);
  }
  if (survived === sessions) return sayCount('slept_survived', sessions);
  if (survived === 0) return sayCount('slept_lost', sessions);
  return sayCount('slept_some', sessions, { survived: number(survived) });
}

/** "APEX-3 needs a sign-in.", "A, B and 3 more need a sign-in." */
function needed(labels: string[]): string {
  const more = labels.length - 2;
  const named = more > 1 ? [...labels.slice(0, 2), sayCount('slept_more', more)] : labels;
  return sayCount('slept_needed', labels.length, { labels: list(named, 'conjunction') });
}
