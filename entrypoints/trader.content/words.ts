/**
 * What the card says. Certainty is in the words: a sign-in "may" close a session, as neither the
 * login to be typed nor the broker's count is known.
 */
import type { Risk } from '../../utils/keeper/slots.ts';

export const REGION = 'Holdfast warning';
export const HEADING = 'This sign-in may close a session';
export const INSTEAD = 'What to do instead';
export const ALTERNATIVES = [
  'Use a trader tab that is already open.',
  'Pause keeping in Holdfast and let that session go.',
  'Sign in anyway, then reconnect in Holdfast.',
];
export const NAME = 'Holdfast extension';
export const ORIGIN = 'Not part of this site';
export const DISMISS = 'Dismiss for this visit';

/** Said once by a screen reader. */
export function announcement(risks: readonly Risk[]): string {
  return `${REGION}. ${HEADING}. Sessions at risk: ${risks.length}.`;
}

/** Which session, after the login's name. */
export function sessionAtRisk(risk: Risk, now: number): string {
  const rank = risk.known === 1 ? 'the only one known' : `the oldest of ${risk.known} known`;
  return `the session Holdfast opened ${openedAt(risk.openedAt, now)}, ${rank}; ${risk.slots} allowed`;
}

export function certainty(risks: readonly Risk[]): string {
  if (risks.length === 1 && risks[0]?.sure === 'likely') {
    return 'It is the oldest known session of this login, so it would most likely be the one to go.';
  }
  const login = risks.length === 1 ? 'this login' : 'one of these logins';
  return `If you sign in as ${login}, its oldest known session may be closed.`;
}

/** "at 09:12 today", "at 21:40 yesterday", "at 9:40 PM on Sun, Nov 15". In English like the rest, with the person's own 12 or 24 hours. */
export function openedAt(openedMs: number, now: number): string {
  const { hourCycle = 'h23' } = new Intl.DateTimeFormat(undefined, {
    hour: 'numeric',
  }).resolvedOptions();
  const opened = new Date(openedMs);
  const time = opened.toLocaleTimeString('en', { timeStyle: 'short', hourCycle });
  const day = { weekday: 'short', month: 'short', day: 'numeric' } as const;
  const days = Math.round((dayStart(now) - dayStart(openedMs)) / 86_400_000);
  const when =
    days === 0 ? 'today' : days === 1 ? 'yesterday' : `on ${opened.toLocaleDateString('en', day)}`;
  return `at ${time} ${when}`;
}

const dayStart = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
