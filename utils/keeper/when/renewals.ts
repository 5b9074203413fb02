/**
 * Which login is renewed when: one schedule for all of them, because the broker counts renewals for
 * the whole network (FACTS.md §2: 15 in a rolling hour, successes counted).
 *
 * Renewals come as late as their margins allow, and so far apart that the budget is not used up in
 * one go. When twelve an hour do not do, the three are lent that are kept for a person; when fifteen
 * do not do, the logins that were added last are left out, so that the others live.
 */
import { HOUR, MINUTE } from '../../durations.ts';
import { earliestTurns, fit, inTime, type Budget, type Job } from './budget.ts';
import { maintenance, type Span } from '../../tradovate/maintenance.ts';
import { hasLiveSession, type LoginRecord } from '../../records/login.ts';
import { FAILURES } from '../../tradovate/failure.ts';
import { renewalMargin } from './margins.ts';
import { contactDue } from './proof.ts';
import { isScouting, lastChance } from './retries.ts';

/** Renewals in an hour that the broker allows a network (FACTS.md §2). */
export const ALLOWED = 15;
/** Of these, the ones that Holdfast plans with. */
const PLANNED = 12;
/** Calls take a while to arrive: an hour on the broker's clock may be a little longer here. */
const HOUR_THERE = 1.01;
/** A contact that is overdue by this was slept through. */
const SLEPT_MS = 2 * MINUTE;
/** The last renewal before a maintenance window, and the end of its token after it, keep these distances. */
const BEFORE_WINDOW_MS = 8 * MINUTE;
const AFTER_WINDOW_MS = 6 * MINUTE;
/** A broker that should be back is not asked in the very second. */
const SETTLING_MS = 20_000;
/** With so many renewals to go before a window, they begin to be steered towards it. */
const STEERED = 6;

export interface Schedule {
  /** When each login is to be renewed, by its id, epoch ms. No entry: it is not to be. */
  at: ReadonlyMap<string, number>;
  /** Logins whose turn does not come before their token ends. */
  leftOut: readonly LoginRecord[];
}

/** The schedule of all logins held here, in the order they were added, as they stand at `now`. */
export function schedule(records: readonly LoginRecord[], now: number): Schedule {
  const windowMs = budgetWindow(records, now);
  const used = renewalsUsed(records, now);
  const [lasting, leftOut] = forGood(
    records.filter((record) => isKept(record, now)),
    windowMs,
  );
  const needed = sum(lasting.map((record) => rate(record, windowMs)));
  const quiet = askedForQuiet(records, now);
  const around = {
    window: lasting.length <= ALLOWED ? maintenance(now) : null,
    quietUntil: networkQuietUntil(quiet, now),
    penaltyUntil: penaltyUntil(quiet, lasting),
    // More than can be had: everybody’s margin shrinks alike.
    stretch: Math.max(1, needed / ALLOWED),
  };
  const waiting = lasting
    .filter(isWaiting)
    .map((record) => ({ ...job(record, now, around), record }));
  const allowed = { renewals: ALLOWED, windowMs };
  const [jobs, late] = inTime(waiting, earliestTurns(waiting.length, used, now, allowed));
  const planned = needed > PLANNED ? allowed : { renewals: PLANNED, windowMs };
  const times = spread(jobs, used, now, planned);
  return {
    at: new Map(jobs.map(({ record }, index) => [record.id, times[index] ?? now])),
    leftOut: [...leftOut, ...late.map(({ record }) => record)],
  };
}

/** When `record` is to be renewed, among the `others`; null when it is not to be. */
export function renewalAt(
  record: LoginRecord,
  now: number,
  others: readonly LoginRecord[],
): number | null {
  // The order in which the vault gives them, those of one moment by id: two orders would be two schedules.
  const all = [...others, record].sort(
    (one, other) => one.addedAt - other.addedAt || (one.id < other.id ? -1 : 1),
  );
  return schedule(all, now).at.get(record.id) ?? null;
}

/** When the network may make one more renewal, epoch ms: `now`, or when the oldest of fifteen is an hour old. */
export function nextAllowed(records: readonly LoginRecord[], now: number): number {
  const oldest = renewalsUsed(records, now).at(-ALLOWED);
  return oldest === undefined ? now : oldest + budgetWindow(records, now);
}

/** One more renewal than the schedule wants harms nobody: all could still be renewed within the hour. */
export function hasSpare(records: readonly LoginRecord[], now: number): boolean {
  const kept = records.filter((record) => isKept(record, now)).length;
  return renewalsUsed(records, now).length + kept < PLANNED;
}

export interface Shortage {
  logins: number;
  /** Renewals an hour that keep all of them with their full margin. */
  needed: number;
  /** So many paused, and the others can be kept. */
  toPause: number;
}

/** Null as long as the broker's limit lets all logins be kept with their full margin. */
export function shortage(records: readonly LoginRecord[], now: number): Shortage | null {
  const windowMs = budgetWindow(records, now);
  const rates = records
    .filter((record) => isKept(record, now))
    .map((record) => rate(record, windowMs))
    .sort((one, other) => one - other);
  const needed = sum(rates);
  if (needed <= ALLOWED) return null;
  while (sum(rates) > ALLOWED) rates.pop();
  const logins = records.filter((record) => isKept(record, now)).length;
  return { logins, needed: Math.ceil(needed), toPause: logins - rates.length };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

/**
 * The span in which renewals are counted, ms. The limit is one for tokens of 80 minutes: a broker
 * whose tokens lived shorter would have to allow more, or nobody could keep any. Tokens that have ended
 * say nothing of what it allows now.
 */
function budgetWindow(records: readonly LoginRecord[], now: number): number {
  const live = records.filter((record) => hasLiveSession(record, now));
  const lives = live.map(({ session }) => session?.lifeMs ?? HOUR);
  return Math.min(HOUR, ...lives) * HOUR_THERE;
}

/** How many renewals in `windowMs` keep this login with its full margin. */
function rate({ session }: LoginRecord, windowMs: number): number {
  const lifeMs = session?.lifeMs ?? HOUR;
  return windowMs / (lifeMs - renewalMargin(lifeMs));
}

/** How many renewals in `windowMs` keep this login alive at all. */
function leastRate({ session }: LoginRecord, windowMs: number): number {
  const lifeMs = session?.lifeMs ?? HOUR;
  return windowMs / lastChance(lifeMs, lifeMs);
}

/** Those that can be kept however long, the first added first, and those that would cost others their life. */
function forGood(
  records: readonly LoginRecord[],
  windowMs: number,
): [LoginRecord[], LoginRecord[]] {
  const [lasting, leftOut]: [LoginRecord[], LoginRecord[]] = [[], []];
  let needed = 0;
  for (const record of records) {
    const least = leastRate(record, windowMs);
    const fits = needed + least <= ALLOWED;
    if (fits) needed += least;
    (fits ? lasting : leftOut).push(record);
  }
  return [lasting, leftOut];
}

/** When renewals were made that still count, and those under way, oldest first. */
function renewalsUsed(records: readonly LoginRecord[], now: number): number[] {
  const since = now - budgetWindow(records, now);
  const own = records.flatMap(({ call, renewalCalls }) =>
    call?.kind === 'renewal' ? [...renewalCalls, call.since] : renewalCalls,
  );
  return [...own, ...webRenewals(records)]
    .filter((at) => at > since)
    .sort((one, other) => one - other);
}

/**
 * The web trader renews from the same address. Pages are not believed without bound: theirs are taken
 * from the renewals that are kept for a person.
 */
function webRenewals(records: readonly LoginRecord[]): number[] {
  const seen = records.flatMap(({ webSessions }) =>
    webSessions.filter(({ openedAt, seenAt }) => seenAt > openedAt).map(({ seenAt }) => seenAt),
  );
  // Every login is told of every tab.
  return [...new Set(seen)].sort((one, other) => one - other).slice(PLANNED - ALLOWED);
}

function isKept(record: LoginRecord, now: number): boolean {
  return hasLiveSession(record, now) && record.pausedAt === null;
}

function isWaiting(record: LoginRecord): boolean {
  const noMore = (record.retryAt ?? 0) >= (record.session?.expiresAt ?? 0);
  return record.call === null && !isScouting(record) && !noMore;
}

/** Those who were asked for quiet when they renewed, for as long as it holds. */
function askedForQuiet(records: readonly LoginRecord[], now: number): LoginRecord[] {
  return records.filter(
    ({ quietUntil, failure }) => (quietUntil ?? 0) > now && failure?.during === 'renewal',
  );
}

const limitMet = ({ failure }: LoginRecord) => failure && FAILURES[failure.kind].limit;

/** When the last of them may renew again; `otherwise` when there is none. */
const latestQuiet = (quiet: readonly LoginRecord[], otherwise: number): number =>
  Math.max(otherwise, ...quiet.map(({ quietUntil }) => quietUntil ?? otherwise));

/**
 * Until when this network had better not renew at all: a penalty holds for everybody behind the same
 * address (FACTS.md §2), and so does a limit that two users have met.
 */
function networkQuietUntil(quiet: readonly LoginRecord[], now: number): number {
  const penalties = quiet.filter((record) => limitMet(record)?.wholeNetwork);
  return latestQuiet(quiet.length > 1 ? quiet : penalties, now);
}

/**
 * Until when nobody here makes even a last attempt: while an hour of the whole network's runs, as
 * after a captcha, it would fail, and begin that hour anew for those whose token outlives it
 * (FACTS.md §2).
 */
function penaltyUntil(quiet: readonly LoginRecord[], kept: readonly LoginRecord[]): number {
  const hours = quiet.filter((record) => {
    const limit = limitMet(record);
    return limit?.wholeNetwork === true && limit.lasts === 'an hour';
  });
  const until = latestQuiet(hours, -Infinity);
  return kept.some(({ session }) => (session?.expiresAt ?? 0) > until) ? until : -Infinity;
}

interface Around {
  /** The maintenance window before which all are to be renewed; null when they are too many for that. */
  window: Span | null;
  /** Until when nobody here renews. */
  quietUntil: number;
  /** Until when no last attempt is made either; -Infinity when there is nobody to be spared. */
  penaltyUntil: number;
  /** By how much renewals are farther apart than they should be. */
  stretch: number;
}

function job(record: LoginRecord, now: number, around: Around): Job {
  const { expiresAt, lifeMs } = record.session ?? { expiresAt: now, lifeMs: 0 };
  const chance = lastChance(expiresAt, lifeMs);
  const deadline = now <= chance ? chance : expiresAt;
  const release = Math.max(
    record.retryAt ?? -Infinity,
    Math.min(around.quietUntil, deadline),
    around.penaltyUntil,
  );
  if (record.retryAt !== null) return { wanted: release, deadline, preferred: release, release };
  const { wanted: aimed, preferred } = aim(expiresAt, lifeMs, now, around);
  const wanted = Math.min(aimed, deadline);
  const slept = now > contactDue(record) + SLEPT_MS;
  return { wanted: slept ? Math.min(wanted, now) : wanted, deadline, preferred, release };
}

/**
 * When a token is to be renewed, all else left aside: its margin before the end; but if the broker
 * will be in maintenance then, shortly before that, where the life reaches beyond it
 * (FACTS.md row 25). The renewals on the way there are put at even distances, so that none is
 * wasted.
 */
function aim(
  expiresAt: number,
  lifeMs: number,
  now: number,
  { window, stretch }: Around,
): Pick<Job, 'wanted' | 'preferred'> {
  const issuedAt = expiresAt - lifeMs;
  const rhythm = (lifeMs - renewalMargin(lifeMs)) * stretch;
  const natural = { wanted: issuedAt + rhythm, preferred: -Infinity };
  if (window === null) return natural;
  const first = window.until + AFTER_WINDOW_MS - lifeMs;
  const last = window.from - BEFORE_WINDOW_MS;
  const way = (first + last) / 2 - issuedAt;
  if (now >= window.from || way <= 0) {
    const back = window.until + SETTLING_MS;
    const inside = natural.wanted >= window.from && natural.wanted < back;
    const reaches = lastChance(expiresAt, lifeMs) > back;
    return inside && reaches ? { wanted: back, preferred: back } : natural;
  }
  if (first > last || way > STEERED * rhythm) return natural;
  const longest = Math.max(rhythm, lifeMs - renewalMargin(lifeMs) / 2);
  const steps = Math.ceil(way / rhythm);
  const fewer = steps > 1 && way / (steps - 1) <= longest ? steps - 1 : steps;
  return { wanted: issuedAt + way / fewer, preferred: first - (fewer - 1) * longest };
}

/** When each job is done: by the time it is wanted if `planned` allows it, else before its deadline. */
function spread(
  jobs: readonly Job[],
  used: readonly number[],
  now: number,
  planned: Budget,
): number[] {
  const within = fit(jobs, used, now, planned);
  if (within.every((at, index) => at <= Math.max(now, jobs[index]?.wanted ?? 0))) return within;
  const allowed = { ...planned, renewals: ALLOWED };
  const lent = fit(jobs, used, now, allowed);
  if (lent.every((at, index) => at <= (jobs[index]?.deadline ?? 0))) return lent;
  // Lives of different lengths: what counts now is who dies first.
  const urgent = jobs.map((one) => ({ ...one, wanted: now, preferred: -Infinity }));
  return fit(urgent, used, now, allowed);
}
