/** What the card says besides the forecast itself (utils/words/forecast.ts). */
import type { Sure } from '../keeper/status/forecast.ts';
import { say, sayCount } from '../platform/i18n.ts';

/** An app that is allowed to connect opens a session like a sign-in does (FACTS.md rows 10, 28). */
export function heading(sure: Sure, consent: boolean): string {
  const how = sure === 'known' ? 'known' : 'likely';
  return say(consent ? `card_app_${how}` : `card_signIn_${how}`);
}

/** Said once by a screen reader. */
export function announcement(heading: string, atRisk: number): string {
  return sayCount('card_announcement', atRisk, { heading });
}
