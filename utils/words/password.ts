/** When a password ends, in words. */
import type { PasswordNote } from '../keeper/status/user.ts';
import { say } from '../platform/i18n.ts';
import { date, daysBetween, weekday } from './time.ts';

/** "password ends today", "password ends on Friday", "password ended on 20 Nov". */
export function passwordInWords(note: PasswordNote, now: number): string {
  const { key, day } = ending(note, now);
  return day === null ? say(`password_${key}`) : say(`password_${key}`, { day });
}

/** The same as a sentence about the login of that label. */
export function passwordSentence(label: string, note: PasswordNote, now: number): string {
  const { key, day } = ending(note, now);
  return day === null
    ? say(`password_${key}_label`, { label })
    : say(`password_${key}_label`, { label, day });
}

type Ending =
  { key: 'endsToday' | 'endsTomorrow'; day: null } | { key: 'endsOn' | 'endedOn'; day: string };

function ending({ stage, endsAt }: PasswordNote, now: number): Ending {
  const days = daysBetween(now, endsAt);
  if (stage <= 0) return { key: 'endedOn', day: date(endsAt) };
  if (days < 2) return { key: days === 0 ? 'endsToday' : 'endsTomorrow', day: null };
  return { key: 'endsOn', day: days < 7 ? weekday(endsAt) : date(endsAt) };
}
