/** What the card says besides the forecast itself (utils/words/forecast.ts). */
import type { Sure } from '../keeper/status/forecast.ts';

export const REGION = 'Holdfast warning';
export const NAME = 'Holdfast extension';
export const ORIGIN = 'Not part of this site';
export const INSTEAD = 'What to do instead';
export const WHY = 'Why?';
export const AT_RISK = 'at risk';
export const WHICH = 'Which login is it?';
export const REMEMBERED = 'Your choice is remembered for this site.';
export const OPEN_TAB = 'Go to the open tab';
export const DISMISS = 'Dismiss for this visit';

/** An app that is allowed to connect opens a session like a sign-in does (facts, rows 10 and 28). */
export function heading(sure: Sure, consent: boolean): string {
  const what = consent ? 'Allowing this app' : 'This sign-in';
  return `${what} ${sure === 'known' ? 'would' : 'may'} close a session`;
}

/** Said once by a screen reader. */
export function announcement(heading: string, atRisk: number): string {
  return `${REGION}. ${heading}. ${atRisk === 1 ? 'One login is' : `${atRisk} logins are`} at risk.`;
}

export function notThis(label: string): string {
  return `Not ${label}?`;
}
