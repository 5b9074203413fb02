/**
 * The support report: what a helper needs to know, as plain text, and nothing that would let anyone
 * trade. Whatever is stored as a secret is taken out of the finished text once more, in pieces too.
 *
 * It is in English, as who helps may have another language than who asks: its words stand here, and
 * the journal is in its fixed words. Only the sentence on a cause is the one that the person reads.
 */
import { maintenance } from '../tradovate/maintenance.ts';
import { market } from '../tradovate/market-hours.ts';
import { describe } from './cause.ts';
import { linkState } from '../keeper/status/link-state.ts';
import type { LoginRecord } from '../records/login.ts';
import type { JournalLine, TokenPart } from '../records/journal.ts';
import { ALLOWED, shortage } from '../keeper/when/renewals.ts';
import { standing } from '../keeper/status/standing.ts';
import type { State } from '../keeper/status/state.ts';

export interface ReportInput {
  /** Epoch ms. */
  now: number;
  /** Name of this computer's time zone, such as `Europe/Berlin`. */
  zone: string;
  logins: readonly LoginRecord[];
  /** Oldest first. */
  journal: readonly JournalLine[];
  /** Of Holdfast, and what the browser says of itself. */
  versions: { holdfast: string; browser: string };
  /** As the browser names them. */
  permissions: readonly string[];
  /** Can the person sign in on the broker's own page? */
  webLogin: 'yes' | 'no' | 'not tried';
  /** User names, labels, and names of firms and accounts are cut short. */
  shorten: boolean;
  /** Everything stored that must not be in it. */
  secrets: readonly string[];
}

const JOURNAL_LINES = 200;

/** The report, ready to be read, saved or copied. */
export function report(input: ReportInput): string {
  const { now, zone, logins, journal, versions, permissions, webLogin, shorten, secrets } = input;
  const time = clockOf(zone);
  const connected = logins.filter((one) => standing(one, now, logins).state === 'connected');
  const { closed, opens } = market(now);
  const short = shortage(logins, now);
  const text = [
    'Holdfast support report',
    `Made: ${time(now)} (${zone})`,
    `Holdfast ${versions.holdfast} in ${versions.browser}`,
    `Permissions: ${permissions.join(', ')}`,
    `Sign-in on the broker’s own page works: ${webLogin}`,
    `Broker’s maintenance, this or next: ${time(maintenance(now).from)} to ${time(maintenance(now).until)}`,
    `Exchange: ${closed === null ? 'open' : `closed (${closed.kind}) until ${time(opens.at)}`}`,
    ...(short === null
      ? []
      : [`Renewals needed: ${short.needed} an hour, allowed to a network: ${ALLOWED}`]),
    `Connected: ${connected.length} of ${logins.length}`,
    ...logins.flatMap((login) => ['', ...aboutLogin(login, logins, now, time)]),
    '',
    `Journal, the last ${JOURNAL_LINES} lines`,
    ...journal.slice(-JOURNAL_LINES).map((line) => {
      const { at, loginId, what } = line;
      const label = logins.find(({ id }) => id === loginId)?.label ?? 'a removed login';
      return `${time(at)} · ${label} · ${what}${detailsOf(line)}`;
    }),
    '',
  ].join('\n');
  return withoutSecrets(shorten ? withShortNames(text, logins) : text, secrets);
}

type Time = (at: number) => string;

const STATES: Record<State, string> = {
  connected: 'Connected',
  reconnecting: 'Reconnecting',
  disconnected: 'Disconnected',
  expired: 'Token expired',
};

const PARTS: Record<TokenPart, string> = {
  access: 'access token',
  'market-data': 'market-data token',
  both: 'both tokens',
};

/** What is known of a journal line besides what happened, each after a dot. */
function detailsOf(line: JournalLine): string {
  const { during, kind, status, said, cause, host, since, part, loss, prose } = line;
  return [
    during,
    kind,
    status,
    said,
    cause,
    host,
    since === undefined ? undefined : `since ${new Date(since).toISOString()}`,
    part === undefined ? undefined : PARTS[part],
    loss,
    prose,
  ]
    .filter((one) => one !== undefined)
    .map((one) => ` · ${one}`)
    .join('');
}

function aboutLogin(
  login: LoginRecord,
  logins: readonly LoginRecord[],
  now: number,
  time: Time,
): string[] {
  const { state, paused, why, slots } = standing(login, now, logins, market(now));
  const { session, end, proof, failure, quietUntil, signInFailed } = login;
  const since = end?.at ?? failure?.at ?? (state === 'expired' ? session?.expiresAt : proof?.at);
  const words = why && describe(why);
  const rows: [string, string | null][] = [
    [
      'State',
      `${STATES[state]}${paused ? ', paused' : ''}, as of ${since ? time(since) : 'no time known'}`,
    ],
    ['Cause', why && `${why.cause} (${why.certainty}): ${words?.sentence}`],
    ['Next step', words?.nextStep ? words.nextStep : null],
    ['Broker’s words', why?.said ? `"${why.said}"` : null],
    ['Last failure', failure && `${failed(failure)}, ${time(failure.at)}`],
    ['Limit until', quietUntil !== null && quietUntil > now ? time(quietUntil) : null],
    ['Last sign-in that failed', signInFailed && `${signInFailed.kind}, ${time(signInFailed.at)}`],
    ['User', `${login.userName}, ${login.brand}, ${login.environment}${login.twin ? '-d' : ''}`],
    ['Came by', login.way],
    ['Status of the user', login.userStatus],
    ['Organisation', login.organisation || null],
    ['Password ends', login.passwordExpiresAt === null ? null : time(login.passwordExpiresAt)],
    ['Accounts', login.accounts.length > 0 ? login.accounts.join(', ') : 'none seen'],
    ['Token ends', session && time(session.expiresAt)],
    ['Session', session && `opened ${time(session.openedAt)}, renewals: ${session.renewals}`],
    ['Last proof', proof ? `${time(proof.at)} by ${proof.by}` : 'never'],
    ['Live link', login.link && linkOf(login, now, time)],
    [
      'Sessions known',
      `${slots.known} of ${slots.allowed}${slots.perhaps > 0 ? `, perhaps ${slots.perhaps} more` : ''}`,
    ],
    ['Hosts named by the broker', Object.values(login.hosts).join(', ') || 'none'],
    ['Broker’s clock', `${login.skewMs / 1_000} s ahead of this one`],
  ];
  return [
    `Login ${login.label}`,
    ...rows.filter(([, value]) => value !== null).map(([name, value]) => `  ${name}: ${value}`),
  ];
}

function linkOf(login: LoginRecord, now: number, time: Time): string {
  const { why = null, lostAt = now } = login.link ?? {};
  const state = linkState(login, now);
  return why === null ? state : `${state}, lost last: ${why}, ${time(lostAt)}`;
}

function failed({ kind, during, status }: NonNullable<LoginRecord['failure']>): string {
  return `${kind} at a ${during}${status === undefined ? '' : `, status ${status}`}`;
}

/** Writes times as `2026-11-23 14:32:10 GMT+01:00`. */
function clockOf(timeZone: string): Time {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  return (at) => format.format(at);
}

/** Every name of a login cut to its ends, wherever it stands: journal and broker's words too. */
function withShortNames(text: string, logins: readonly LoginRecord[]): string {
  const names = logins.flatMap(({ label, userName, organisation, accounts }) => [
    label,
    userName,
    organisation ?? '',
    ...accounts,
  ]);
  return [...new Set(names)]
    .filter((name) => name.length > 2)
    .sort((one, other) => other.length - one.length)
    .reduce((shorter, name) => shorter.replaceAll(name, shortened(name)), text);
}

function shortened(name: string): string {
  const ends = name.length < 6 ? 1 : 2;
  return `${name.slice(0, ends)}…${name.slice(-ends)}`;
}

/** So much of a secret in a row is a piece of it. */
const PIECE = 12;

/** `text` with every piece of 12 characters of every secret blotted out; shorter secrets as a whole. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const pieces = new Set<string>();
  const whole: string[] = [];
  for (const secret of secrets) {
    if (secret.length < PIECE && secret !== '') whole.push(secret);
    for (let at = 0; at + PIECE <= secret.length; at++) pieces.add(secret.slice(at, at + PIECE));
  }
  let clean = '';
  let blotUntil = 0;
  for (let at = 0; at < text.length; at++) {
    if (pieces.has(text.slice(at, at + PIECE))) blotUntil = at + PIECE;
    for (const secret of whole) {
      if (text.startsWith(secret, at)) blotUntil = Math.max(blotUntil, at + secret.length);
    }
    clean += at < blotUntil ? '█' : text.charAt(at);
  }
  return clean;
}
