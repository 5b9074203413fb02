/**
 * What the broker's replies say of the user behind a login: that its password ends soon,
 * and that it is not as it should be. Neither says anything of the session.
 */
import { DAY } from '../../durations.ts';
import type { FailureKind } from '../../tradovate/failure.ts';
import { USER_STATUS } from '../../tradovate/user-status.ts';
import type { LoginRecord } from '../../records/login.ts';

/** Days before the end of a password at which it is said, the next more loudly; 0: it has ended. */
const STAGES = [0, 1, 3, 14] as const;

export interface PasswordNote {
  stage: (typeof STAGES)[number];
  /** Epoch ms. */
  endsAt: number;
}

/**
 * That the password of `record` ends within 14 days, or has ended. Null when it does not, when that
 * is not known, and when the broker has let it in since: then it does not mean what it says.
 */
export function passwordNote(
  { passwordExpiresAt: endsAt, session }: LoginRecord,
  now: number,
): PasswordNote | null {
  const stage = STAGES.find((days) => endsAt !== null && endsAt - now <= days * DAY);
  if (endsAt === null || stage === undefined || (session?.openedAt ?? 0) >= endsAt) return null;
  return { stage, endsAt };
}

/** What is wrong with the user of `record`, by the broker's word; null: nothing that is known. */
export function userFailure({ userStatus }: LoginRecord): FailureKind | null {
  return USER_STATUS.get(userStatus) ?? null;
}
