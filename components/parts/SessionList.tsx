import { forecast } from '../../utils/keeper/status/forecast.ts';
import { reasons, since, whatItCloses, whose } from '../../utils/words/forecast.ts';
import { say } from '../../utils/platform/i18n.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import { knownSessions } from '../../utils/keeper/status/sessions.ts';
import { atTime } from '../../utils/words/time.ts';

interface Props {
  login: LoginRecord;
  logins: readonly LoginRecord[];
  now: number;
}

/** The known sessions of a login in order, and which of them one more sign-in would close: the card's picture. */
export function SessionList({ login, logins, now }: Props) {
  const at = (time: number) => atTime(time, now);
  const found = forecast(login, now, logins);
  const sessions =
    found?.sessions ??
    knownSessions(login, now, logins).map((session) => ({ ...session, atRisk: false }));
  return (
    <>
      {sessions.length > 0 && (
        <ol class="sessions">
          {sessions.map((session) => (
            <li key={`${session.whose} ${session.name} ${session.openedAt}`}>
              <bdi>{whose(session)}</bdi>{' '}
              {session.atRisk && <span class="chip risk">{say('sessions_atRisk')}</span>}{' '}
              <span class="soft">{since(session, at)}</span>
            </li>
          ))}
        </ol>
      )}
      {found === null ? (
        <p>
          {sessions.length === 0 && `${say('sessions_none')} `}
          {say('sessions_room')}
        </p>
      ) : (
        <>
          <p>{whatItCloses(found, at)}</p>
          <details>
            <summary>{say('sessions_why')}</summary>
            <ul class="reasons">
              {reasons(found).map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </details>
        </>
      )}
    </>
  );
}
