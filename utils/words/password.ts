/** When a password ends, in words. */
import type { PasswordNote } from '../keeper/status/user.ts';
import { language, say } from '../platform/i18n.ts';

const DAY = 24 * 60 * 60_000;

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
  const days = Math.round((dayStart(endsAt) - dayStart(now)) / DAY);
  if (stage > 0 && days < 2) return { key: days === 0 ? 'endsToday' : 'endsTomorrow', day: null };
  const day = new Date(endsAt).toLocaleDateString(
    language(),
    stage > 0 && days < 7 ? { weekday: 'long' } : { day: 'numeric', month: 'short' },
  );
  return { key: stage > 0 ? 'endsOn' : 'endedOn', day };
}

const dayStart = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
