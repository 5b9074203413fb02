import { useEffect } from 'preact/hooks';
import type { LoginRecord } from '../utils/keeper/login.ts';
import type { UserNote, UserNoteProps } from './UserNote.tsx';

let Loaded: typeof UserNote | null = null;

/** Loads the words for what the broker says of users, where it has said anything of one of these. */
export async function loadUserNote(logins: readonly LoginRecord[]): Promise<void> {
  const said = logins.some((login) => login.passwordExpiresAt ?? login.userStatus !== 'Active');
  // Where they cannot be loaded there is a word less.
  if (said)
    Loaded = await import('./UserNote.tsx').then(
      (file) => file.UserNote,
      () => null,
    );
}

/**
 * What the broker says of a user, in words that few logins ever need. A page that awaits them before
 * it paints has them in its first frame; else they come with its next second.
 */
export function LateUser(props: UserNoteProps) {
  useEffect(() => void loadUserNote([props.login]));
  return Loaded && <Loaded {...props} />;
}
