import type { LoginRecord } from '../../utils/records/login.ts';
import { readiness } from '../../utils/keeper/status/readiness.ts';
import { number, say } from '../../utils/platform/i18n.ts';
import type { Times } from '../../utils/records/settings.ts';
import { endingPasswords, isHoliday, lateAt, notesOf } from './ready.ts';
import { needInWords } from '../../utils/words/need.ts';
import { atTime } from '../../utils/words/time.ts';

interface Props {
  logins: readonly LoginRecord[];
  starts: Times;
  now: number;
}

/** Around the time when trading begins: who is ready, and what the others need. */
export function ReadyNote({ logins, starts, now }: Props) {
  const check = readiness(logins, now, starts);
  if (check === null || isHoliday(check.startsAt)) return null;
  const { startsAt, kept, ready, needs } = check;
  const says = [...needs.map(needInWords), ...notesOf(check, logins, now)];
  const late = lateAt(check);
  return (
    <div class="market">
      <p>
        <strong>
          {says.length === 0 ? '✓ ' : ''}
          {say('ready_start', {
            kept: number(kept.length),
            ready: number(ready.length),
            time: atTime(startsAt, now),
          })}
        </strong>{' '}
        {[...says, ...endingPasswords(check.kept, now)].join(' ')}
      </p>
      {late !== null && <p class="soft">{say('ready_late', { time: atTime(late, now) })}</p>}
    </div>
  );
}
