import type { LoginRecord } from '../../utils/records/login.ts';
import { textOf } from '../../utils/words/cause.ts';
import { passwordNote, userFailure } from '../../utils/keeper/status/user.ts';
import { say } from '../../utils/platform/i18n.ts';
import { LinkWords } from './LinkWords.tsx';
import { passwordInWords } from '../../utils/words/password.ts';
import { atTime } from '../../utils/words/time.ts';

interface UserNoteProps {
  login: LoginRecord;
  now: number;
  /** In a row's line, in three words, or among its facts. */
  brief?: boolean;
  /** With its live link, where that is not said elsewhere. */
  linked?: boolean;
}

/** What the broker says of the user behind a login. It changes nothing in how the session stands. */
export function UserNote({ login, now, brief = false, linked = false }: UserNoteProps) {
  const failure = userFailure(login);
  const words = failure && textOf(failure);
  const note = passwordNote(login, now);
  if (brief) {
    const said = failure === null ? note && passwordInWords(note, now) : say('user_needsHand');
    return (
      said && (
        <>
          <span class="hidden">, </span>
          <span class="warning">{said}</span>
        </>
      )
    );
  }
  return (
    <>
      {words && (
        <div>
          <dt>{say('user_user')}</dt>
          <dd>
            <span class="warning">{words[0]}</span> {words[1]}
          </dd>
        </div>
      )}
      {note !== null && (
        <div>
          <dt>{say('user_password')}</dt>
          <dd>
            <span class="warning">
              {say(note.stage > 0 ? 'user_passwordEnds' : 'user_passwordEnded', {
                time: atTime(note.endsAt, now),
              })}
            </span>
            {say(note.stage > 0 ? 'user_newPasswordBefore' : 'user_newPassword')}
          </dd>
        </div>
      )}
      {linked && login.link !== null && (
        <div>
          <dt>{say('user_link')}</dt>
          <dd>
            <LinkWords login={login} now={now} />
          </dd>
        </div>
      )}
    </>
  );
}
