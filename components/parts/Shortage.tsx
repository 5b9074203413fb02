import type { LoginRecord } from '../../utils/records/login.ts';
import { ALLOWED, schedule, shortage } from '../../utils/keeper/when/renewals.ts';
import { number, say, sayCount } from '../../utils/platform/i18n.ts';
import { Notice } from './Notice.tsx';
import { atTime } from '../../utils/words/time.ts';

/** More logins than the broker's limit lets live: said before it is felt. */
export function Shortage({ logins, now }: { logins: readonly LoginRecord[]; now: number }) {
  const short = shortage(logins, now);
  if (short === null) return null;
  const { leftOut } = schedule(logins, now);
  return (
    <Notice>
      <p>
        <strong>
          {sayCount('shortage_need', short.logins, {
            allowed: number(ALLOWED),
            needed: number(short.needed),
          })}
        </strong>{' '}
        {leftOut.length === 0 ? sayCount('shortage_pause', short.toPause) : say('shortage_leftOut')}
      </p>
      {leftOut.length > 0 && (
        <ul>
          {leftOut.map(({ id, label, session }) => (
            <li key={id}>
              {session === null
                ? label
                : say('shortage_ends', { label, time: atTime(session.expiresAt, now) })}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
