import { useEffect } from 'preact/hooks';
import type { LoginRecord } from '../../utils/records/login.ts';
import type { UserNote, UserNoteProps } from '../parts/UserNote.tsx';

let Loaded: typeof UserNote | null = null;

/** Loads the words for what the broker says of users, and for live links, where one of these has any. */
export async function loadUserNote(logins: readonly LoginRecord[]): Promise<void> {
  if (Loaded !== null) return;
  const said = logins.some(
    (login) => login.link ?? login.passwordExpiresAt ?? login.userStatus !== 'Active',
  );
  // Where they cannot be loaded there is a word less.
  if (said)
    Loaded = await import('../parts/UserNote.tsx').then(
      (file) => file.UserNote,
      () => null,
    );
}

/**
 * What the broker says of a user, and how a live link stands, in words that few logins ever need. A
 * page that awaits them before it paints has them in its first frame; else they come with its next second.
 */
export function LateUser(props: UserNoteProps) {
  useEffect(() => void loadUserNote([props.login]));
  return Loaded && <Loaded {...props} />;
}
