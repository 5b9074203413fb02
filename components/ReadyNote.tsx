import type { LoginRecord } from '../utils/keeper/login.ts';
import { readiness } from '../utils/keeper/readiness.ts';
import { atTime } from './words.ts';

/** Around the time when trading begins: who is ready, and what the others need. */
export function ReadyNote({ logins, now }: { logins: readonly LoginRecord[]; now: number }) {
  const check = readiness(logins, now);
  if (check === null) return null;
  const { startsAt, total, ready, needs, soon, lateAt } = check;
  return (
    <div class="market">
      <p>
        <strong>
          {needs.length === 0 ? '✓ ' : ''}
          {ready} of {total} ready for the session at {atTime(startsAt, now)}.
        </strong>{' '}
        {[...needs, ...soon].join(' ')}
      </p>
      {lateAt !== null && (
        <p class="soft">Checked late, at {atTime(lateAt, now)}: the computer was asleep before.</p>
      )}
    </div>
  );
}
