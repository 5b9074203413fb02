import type { LoginRecord } from '../../utils/records/login.ts';
import { ALLOWED, schedule, shortage } from '../../utils/keeper/when/renewals.ts';
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
          {short.logins} logins need {short.needed} renewals an hour; the broker allows a network{' '}
          {ALLOWED}.
        </strong>{' '}
        {leftOut.length === 0
          ? `All are kept, but with little time to spare. Pause ${short.toPause} to be safe.`
          : `Pause others, or these will not be renewed:`}
      </p>
      {leftOut.length > 0 && (
        <ul>
          {leftOut.map(({ id, label, session }) => (
            <li key={id}>
              {label}
              {session !== null && `, ends at ${atTime(session.expiresAt, now)}`}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
