/** What the card says besides the forecast itself (utils/words/forecast.ts). */
import type { Sure } from '../keeper/status/forecast.ts';
import { say, sayCount } from '../platform/i18n.ts';

/** An app that is allowed to connect opens a session like a sign-in does (facts, rows 10 and 28). */
export function heading(sure: Sure, consent: boolean): string {
  const how = sure === 'known' ? 'known' : 'likely';
  return say(consent ? `card_app_${how}` : `card_signIn_${how}`);
}

/** Said once by a screen reader. */
export function announcement(heading: string, atRisk: number): string {
  return sayCount('card_announcement', atRisk, { heading });
}

/** "09:12", "21:40 yesterday", "9:40 PM on Sun, Nov 15". In English like the rest, with the person's own 12 or 24 hours. */
export function timeOf(at: number, now: number): string {
  const { hourCycle = 'h23' } = new Intl.DateTimeFormat(undefined, {
    hour: 'numeric',
  }).resolvedOptions();
  const date = new Date(at);
  const time = date.toLocaleTimeString('en', { timeStyle: 'short', hourCycle });
  const day = { weekday: 'short', month: 'short', day: 'numeric' } as const;
  const days = Math.round((dayStart(now) - dayStart(at)) / 86_400_000);
  if (days === 0) return time;
  return `${time} ${DAYS[days] ?? `on ${date.toLocaleDateString('en', day)}`}`;
}

const DAYS: Partial<Record<number, string>> = { 1: 'yesterday', [-1]: 'tomorrow' };
const dayStart = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
