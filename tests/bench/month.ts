/**
 * The month that every policy lives through: what the broker, the computer, its owner and other
 * programs do, written down before it begins. The rates are assumptions, the maintenance windows are
 * FACTS.md §8 at their full length: nothing is answered in them.
 */
import { START } from '../unit/world.ts';
import { between, moments, seeded } from './seeded.ts';
import { holding, merged, outside, type Span } from './spans.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Central Time is UTC-6 in the whole month that begins at START. */
const CENTRAL_MS = -6 * HOUR;

export interface Outage extends Span {
  why: 'maintenance' | 'failure';
  answer: 'unavailable-503' | 'silence';
}

/** A session that is not the keeper's. */
export interface Stranger {
  login: string;
  at: number;
  /** Nobody renews or misses it after this. */
  usedUntil: number;
  /** The owner in this browser, the owner on a phone, or a program on another computer. */
  where: 'here' | 'phone' | 'elsewhere';
}

export interface Month extends Span {
  seed: number;
  logins: string[];
  /** Whether the computer sleeps at night. */
  nights: boolean;
  outages: Outage[];
  asleep: Span[];
  /** Awake, and the broker answers: a renewal can succeed. */
  open: Span[];
  /** The owner is at the computer: awake, by day. */
  attended: Span[];
  strangers: Stranger[];
  /** The next renewal on this network gets this in place of an answer. */
  faults: { at: number; fault: 'penalty' | 'rate-429' | 'error-500' | 'html'; pTime: number }[];
  /** The worker dies: idle, or at the given step (counted from 0) of the next work it has to do. */
  deaths: { at: number; step: number | null }[];
}

/**
 * A month (or `days`) for so many logins. The broker, the computer and the network do the same
 * whatever the number of logins; each login has its own strangers.
 */
export function month(seed: number, logins: number, nights: boolean, days = 30): Month {
  const span = { from: START, until: START + days * DAY };
  const random = seeded(seed);
  const outages = merged([...maintenance(span), ...failures(span, random)]);
  const asleep = sleeps(span, random, nights);
  const attended = outside(span, [...asleep, ...outOfHours(span)]);
  const names = Array.from({ length: logins }, (_, index) => `login-${index + 1}`);
  return {
    ...span,
    seed,
    nights,
    logins: names,
    outages,
    asleep,
    open: outside(span, [...outages, ...asleep]),
    attended,
    faults: moments(random, 2 * DAY, span.from + 2 * HOUR, span.until).map((at) => ({
      at,
      fault: (['penalty', 'penalty', 'rate-429', 'error-500', 'html'] as const)[
        Math.floor(random() * 5)
      ]!,
      pTime: between(random, 15, 19),
    })),
    deaths: moments(random, 8 * HOUR, span.from + HOUR, span.until).map((at) => ({
      at,
      step: random() < 0.25 ? Math.floor(random() * 4) : null,
    })),
    strangers: names.flatMap((login, index) =>
      strangers(login, seeded(seed * 1_000 + index), span, outages, attended),
    ),
  };
}

/** Midnights of Central Time, with the day of the week (0 = Sunday). */
function midnights({ from, until }: Span): { at: number; weekday: number }[] {
  const first = Math.floor((from + CENTRAL_MS) / DAY) * DAY - CENTRAL_MS;
  const found: { at: number; weekday: number }[] = [];
  for (let at = first - DAY; at < until; at += DAY) {
    found.push({ at, weekday: new Date(at + CENTRAL_MS).getUTCDay() });
  }
  return found;
}

const clipped = <S extends Span>(spans: S[], { from, until }: Span): S[] =>
  spans
    .map((span) => ({
      ...span,
      from: Math.max(span.from, from),
      until: Math.min(span.until, until),
    }))
    .filter((span) => span.from < span.until);

/** In Central Time (FACTS.md §8): Mon-Thu 16:00-17:00, Fri 17:00-20:00, Sat 22:00 to Sun 06:30. */
function maintenance(span: Span): Outage[] {
  const windows = midnights(span).flatMap(({ at, weekday }) => {
    const [from, hours] =
      weekday === 6 ? [22, 8.5] : weekday === 5 ? [17, 3] : weekday === 0 ? [0, 0] : [16, 1];
    const start = at + from * HOUR;
    return [
      {
        from: start,
        until: start + hours * HOUR,
        why: 'maintenance' as const,
        answer: 'unavailable-503' as const,
      },
    ];
  });
  return clipped(windows, span);
}

/** Short ones twice or three times a week, one of up to three hours every twelve days. */
function failures(span: Span, random: () => number): Outage[] {
  const start = span.from + 2 * HOUR;
  const some = (every: number, shortest: number, longest: number) =>
    moments(random, every, start, span.until).map((from) => ({
      from,
      until: from + between(random, shortest, longest),
      why: 'failure' as const,
      answer: random() < 0.5 ? ('unavailable-503' as const) : ('silence' as const),
    }));
  return clipped(
    [...some(2.5 * DAY, 2 * MINUTE, 15 * MINUTE), ...some(12 * DAY, 15 * MINUTE, 3 * HOUR)],
    span,
  );
}

/** A lid that is closed for 5 to 50 minutes, three times in two days; and the nights. */
function sleeps(span: Span, random: () => number, nights: boolean): Span[] {
  const found: Span[] = [];
  for (const { at } of midnights(span)) {
    const from = at + between(random, 22 * HOUR, 24 * HOUR);
    const until = at + DAY + between(random, 6 * HOUR, 8 * HOUR);
    if (nights) found.push({ from, until });
    for (const _ of Array.from({ length: random() < 0.5 ? 1 : 2 })) {
      const lid = at + between(random, 9.5 * HOUR, 21 * HOUR);
      found.push({ from: lid, until: lid + between(random, 5 * MINUTE, 50 * MINUTE) });
    }
  }
  // The month begins with the owner at the computer, signing in.
  return merged(clipped(found, { ...span, from: span.from + HOUR }));
}

/** The owner is there from 07:00 to 22:30 Central Time. */
function outOfHours(span: Span): Span[] {
  return clipped(
    midnights(span).map(({ at }) => ({ from: at - 1.5 * HOUR, until: at + 7 * HOUR })),
    span,
  );
}

/** A look into the web trader every four days, now and then a second one soon after; another program every ten days. */
function strangers(
  login: string,
  random: () => number,
  span: Span,
  outages: Outage[],
  attended: Span[],
): Stranger[] {
  const start = span.from + 2 * HOUR;
  const looks = moments(random, 4 * DAY, start, span.until).flatMap((at) => {
    const one = {
      login,
      at,
      usedUntil: at + between(random, 10 * MINUTE, 3 * HOUR),
      where: random() < 0.7 ? ('here' as const) : ('phone' as const),
    };
    if (random() >= 0.3) return [one];
    const soon = at + between(random, 5 * MINUTE, HOUR);
    const usedUntil = soon + between(random, 10 * MINUTE, 2 * HOUR);
    return [one, { login, at: soon, usedUntil, where: 'phone' as const }];
  });
  const programs = moments(random, 10 * DAY, start, span.until).map((at) => ({
    login,
    at,
    usedUntil: at + between(random, HOUR, 6 * HOUR),
    where: 'elsewhere' as const,
  }));
  return [...looks, ...programs]
    .filter(({ at, where }) => !holding(outages, at) && (where !== 'here' || holding(attended, at)))
    .sort((one, other) => one.at - other.at);
}
