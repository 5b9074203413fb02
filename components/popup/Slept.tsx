import type { LoginRecord } from '../../utils/records/login.ts';
import { sleepSummary, type SleepSummary } from '../../utils/keeper/status/sleep.ts';
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
        <strong>Holdfast was asleep or closed for {extent(sleep, now)}:</strong> {survivors(sleep)}
        {sleep.lost.length > 0 && ` ${needed(sleep.lost.map(({ label }) => label))}`}
      </p>
    </Notice>
  );
}

const LONGEST_MS = 30 * 24 * 60 * 60_000;

/** "7 h 12 min (23:02–06:14)", and no more than is known. */
function extent({ since, until, atLeast }: SleepSummary, now: number): string {
  const length = until - since;
  if (length > LONGEST_MS) return 'more than 30 days';
  return atLeast
    ? `at least ${duration(length)} (until ${atTime(until, now)})`
    : `${duration(length)} (${atTime(since, now)}–${atTime(until, now)})`;
}

function survivors({ sessions, survived, unknown }: SleepSummary): string {
  if (sessions === 1) {
    if (unknown === 1) return 'its session is being checked.';
    return survived === 1 ? 'its session survived.' : 'its session did not survive.';
  }
  if (unknown === sessions) return `its ${sessions} sessions are being checked.`;
  if (unknown > 0) {
    const are = unknown === 1 ? 'is' : 'are';
    return `${survived} of ${sessions} sessions survived so far, ${unknown} ${are} being checked.`;
  }
  if (survived === sessions) return `all ${sessions} sessions survived.`;
  return `${survived === 0 ? 'none' : survived} of ${sessions} sessions survived.`;
}

/** "APEX-3 needs a sign-in.", "A, B and 3 more need a sign-in." */
function needed(labels: string[]): string {
  if (labels.length === 1) return `${labels[0]} needs a sign-in.`;
  const named = labels.length > 3 ? [...labels.slice(0, 2), `${labels.length - 2} more`] : labels;
  return `${named.slice(0, -1).join(', ')} and ${named.at(-1)} need a sign-in.`;
}
