/**
 * A forecast in words, for the card and the popup. The words follow the certainty: "would", "may",
 * "can't tell". Each sentence is about one login, as nobody knows which one will be typed.
 */
import type { Alternative, Forecast } from '../keeper/status/forecast.ts';
import type { KnownSession } from '../keeper/status/sessions.ts';
import { list, number, say, sayCount, type PlainKey } from '../platform/i18n.ts';

/** How the place that shows it writes a time, such as "14:32". */
export type Clock = (at: number) => string;

/** What a sign-in as this login does, as one sentence. */
export function whatItCloses({ label, sessions, sure, allowed }: Forecast, at: Clock): string {
  const risk = sessions.filter(({ atRisk }) => atRisk);
  const session = list(
    risk.map((one) => nameOf(one, at)),
    'disjunction',
  );
  if (sure === 'unknown') return say('forecast_unknown', { label, sessions: session });
  if (sessions.length === 1) return sayCount(`forecast_${sure}_only`, allowed, { label, session });
  const known = number(sessions.length);
  return sayCount(`forecast_${sure}_oldest`, allowed, { label, session, known });
}

/** Whose session it is, in a list. */
export function whose({ whose, name }: KnownSession): string {
  switch (whose) {
    case 'holdfast':
      return say('forecast_keptByHoldfast');
    case 'web':
      return say('forecast_webLogin', { site: name });
    case 'declared':
      return name;
    case 'unseen':
      return say('forecast_openedElsewhere');
  }
}

/** Since when, and what is not certain about it. */
export function since({ openedAt, whose, tabId, endsAt }: KnownSession, at: Clock): string {
  if (openedAt === null) return say('forecast_sinceUnknown');
  const time = at(openedAt);
  if (whose === 'web' && tabId === undefined && endsAt !== null) {
    return say('forecast_since_tabClosed', { time, end: at(endsAt) });
  }
  return say(whose === 'unseen' ? 'forecast_since_unseen' : 'forecast_since', { time });
}

/** Of the sessions that are declared alone nobody knows since when. */
function nameOf({ whose, name, openedAt }: KnownSession, at: Clock): string {
  if (whose === 'declared' || openedAt === null) return say('forecast_session_declared', { name });
  const time = at(openedAt);
  return whose === 'web'
    ? say('forecast_session_web', { site: name, time })
    : say(`forecast_session_${whose}`, { time });
}

/** Why Holdfast thinks so, one sentence each. */
export function reasons({ sessions, sure }: Forecast): string[] {
  const soft = sessions.filter(({ firm }) => !firm);
  const found: [PlainKey, boolean][] = [
    ['forecast_why_oldestGoes', true],
    ['forecast_why_notHeard', soft.some(({ whose }) => whose === 'holdfast')],
    [
      'forecast_why_tabClosed',
      soft.some(({ whose, tabId }) => whose === 'web' && tabId === undefined),
    ],
    ['forecast_why_neverRead', soft.some(({ tabId }) => tabId !== undefined)],
    ['forecast_why_statistics', soft.some(({ whose }) => whose === 'unseen')],
    ['forecast_why_ageUnknown', sure === 'unknown'],
    ['forecast_why_notCounted', true],
  ];
  return found.filter(([, applies]) => applies).map(([key]) => say(key));
}

/** What else could be done, as one sentence. */
export function wayOut(alternative: Alternative, at: Clock): string {
  switch (alternative.what) {
    case 'open-tab':
      return say('forecast_instead_openTab', { site: alternative.host });
    case 'wait':
      return say(
        alternative.why === 'room'
          ? 'forecast_instead_waitForRoom'
          : 'forecast_instead_waitForProof',
        { time: at(alternative.until) },
      );
    case 'let-go':
      return say('forecast_instead_letGo');
    case 'anyway':
      return say('forecast_instead_anyway');
  }
}
