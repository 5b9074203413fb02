/** The end of a password in words (utils/keeper/status/user.ts). */
import type { PasswordNote } from '../keeper/status/user.ts';
import { say } from '../platform/i18n.ts';
import { date, daysBetween, weekday } from './time.ts';

/** "password ends today", "password ends on Friday", "password ended on 20 Nov". */
export function passwordEnds({ stage, endsAt }: PasswordNote, now: number): string {
  const days = daysBetween(now, endsAt);
  if (stage === 0) return say('password_ended', { date: date(endsAt) });
  if (days === 0) return say('password_endsToday');
  if (days === 1) return say('password_endsTomorrow');
  return days < 7
    ? say('password_endsOnWeekday', { weekday: weekday(endsAt) })
    : say('password_endsOnDate', { date: date(endsAt) });
}

/** The same as a sentence about a login, of a password that has more than a day left. */
export function passwordWarning(label: string, { endsAt }: PasswordNote, now: number): string {
  const days = daysBetween(now, endsAt);
  if (days < 2) return say('password_warningTomorrow', { label });
  return days < 7
    ? say('password_warningWeekday', { label, weekday: weekday(endsAt) })
    : say('password_warningDate', { date: date(endsAt), label });
}
