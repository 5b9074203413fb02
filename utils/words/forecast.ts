/**
 * A forecast in words, for the card and the popup. The words follow the certainty: "would", "may",
 * "can't tell". Each sentence is about one login, as nobody knows which one will be typed.
 */
import type { Alternative, Forecast } from '../keeper/status/forecast.ts';
import type { KnownSession } from '../keeper/status/sessions.ts';

/** How the place that shows it writes a time, such as "14:32". */
export type Clock = (at: number) => string;

/** What a sign-in as this login does, as one sentence. */
export function whatItCloses({ label, sessions, sure, allowed }: Forecast, at: Clock): string {
  const risk = sessions.filter(({ atRisk }) => atRisk);
  const names = listed(risk.map((session) => nameOf(session, at)));
  if (sure === 'unknown') {
    return `Signing in as ${label} may close one of these, and Holdfast can’t tell which: ${names}.`;
  }
  const verb = sure === 'known' ? 'would' : 'may';
  const rank =
    sessions.length === 1 ? 'the only one known' : `the oldest of ${sessions.length} known`;
  return `Signing in as ${label} ${verb} close ${names}: it is ${rank}, and ${allowed} ${allowed === 1 ? 'is' : 'are'} allowed.`;
}

/** Whose session it is, in a list. */
export function whose({ whose, name }: KnownSession): string {
  return whose === 'holdfast'
    ? 'Kept by Holdfast'
    : whose === 'web'
      ? `Web login at ${name}`
      : whose === 'declared'
        ? name
        : 'Opened elsewhere';
}

/** Since when, and what is not certain about it. */
export function since({ openedAt, whose, tabId, endsAt }: KnownSession, at: Clock): string {
  if (openedAt === null) return 'since when is not known';
  const opened = `since ${at(openedAt)}`;
  if (whose === 'web' && tabId === undefined && endsAt !== null) {
    return `${opened}, tab closed, runs out by ${at(endsAt)}`;
  }
  return whose === 'unseen' ? `${opened}, says the broker` : opened;
}

function nameOf(session: KnownSession, at: Clock): string {
  const { whose, name, openedAt } = session;
  const opened = openedAt === null ? '' : ` opened at ${at(openedAt)}`;
  if (whose === 'holdfast') return `the session that Holdfast${opened}`;
  if (whose === 'web') return `the web login at ${name}${opened}`;
  return whose === 'declared' ? `the session of ${name}` : `the session${opened} elsewhere`;
}

/** Why Holdfast thinks so, one sentence each. */
export function reasons({ sessions, sure }: Forecast): string[] {
  const soft = sessions.filter(({ firm }) => !firm);
  return [
    'The broker’s documentation: when a login has one session too many, the oldest is closed.',
    ...(soft.some(({ whose }) => whose === 'holdfast')
      ? ['Holdfast has not heard from the broker lately whether its own session is still there.']
      : []),
    ...(soft.some(({ whose, tabId }) => whose === 'web' && tabId === undefined)
      ? ['A closed tab does not end its session: nobody tells the broker.']
      : []),
    ...(soft.some(({ tabId }) => tabId !== undefined)
      ? ['What is typed is never read, so a web login seen here may be of another login.']
      : []),
    ...(soft.some(({ whose }) => whose === 'unseen')
      ? ['The broker’s statistics tell of a sign-in that was not made here.']
      : []),
    ...(sure === 'unknown' ? ['How old a session is that you named yourself is not known.'] : []),
    'Programs that Holdfast does not know of are not counted.',
  ];
}

/** What else could be done, as one sentence. */
export function wayOut(alternative: Alternative, at: Clock): string {
  switch (alternative.what) {
    case 'open-tab':
      return `Use the trader tab that is open at ${alternative.host}.`;
    case 'wait':
      return alternative.why === 'room'
        ? `Wait until ${at(alternative.until)}: a session nobody uses has run out by then.`
        : `Wait until ${at(alternative.until)}: Holdfast then asks the broker whether its session is still there.`;
    case 'let-go':
      return 'Pause keeping in Holdfast and let that session go.';
    case 'anyway':
      return 'Sign in anyway, then reconnect in Holdfast what was closed.';
  }
}

function listed(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
