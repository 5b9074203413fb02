/**
 * When the exchange trades: equity index futures (ES, NQ, YM, RTY and their micros) on CME Globex.
 *
 * It reckons in trading days: each begins at 17:00 Central Time on the evening before and ends at
 * 16:00. A holiday ends its day early or takes it out, with the evening before.
 */
import { DAY, HOUR } from '../durations.ts';
import { centralToEpoch, epochToCentral } from './central-time.ts';
import { specialDay, type Holiday } from './market-holidays.ts';

export type Closure =
  { kind: 'daily-break' | 'weekend' } | { kind: 'holiday' | 'early-close'; day: Holiday };

export interface Turn {
  /** Epoch ms. */
  at: number;
  /** False: expected by the rules, but not announced by the exchange. */
  certain: boolean;
}

export interface Market {
  /** Why nothing is traded; null while it is open. */
  closed: Closure | null;
  /** False: that is expected by the rules, but not announced by the exchange. */
  certain: boolean;
  /** The next opening and the next closing after now. */
  opens: Turn;
  closes: Turn;
}

/** In hours since midnight of a trading day. */
const BEGINS = -7;
const ENDS = 16;

interface TradingDay {
  /** When it begins, on a wall clock in Greenwich. */
  midnight: number;
  /** When trading ends, in hours since midnight; null: there is none. */
  ends: number | null;
  /** Why it does not go on until 16:00; null: it does. */
  closure: Closure | null;
  certain: boolean;
}

/** The market at `now`, epoch ms. */
export function market(now: number): Market {
  const local = epochToCentral(now);
  const begun = local - BEGINS * HOUR;
  const today = tradingDay(begun - (begun % DAY));
  const next = nextTrading(today);
  const opens = turn(next, BEGINS);
  if (today.ends !== null && local < today.midnight + today.ends * HOUR)
    return { closed: null, certain: today.certain, opens, closes: turn(today, today.ends) };
  const tomorrow = tradingDay(today.midnight + DAY);
  const idle = today.closure === null && tomorrow.ends === null ? tomorrow : today;
  return {
    closed: idle.closure ?? { kind: 'daily-break' },
    certain: idle.certain,
    opens,
    closes: turn(next, next.ends),
  };
}

function tradingDay(midnight: number): TradingDay {
  const weekday = new Date(midnight).getUTCDay();
  if (weekday === 0 || weekday === 6)
    return { midnight, ends: null, closure: { kind: 'weekend' }, certain: true };
  const special = specialDay(midnight);
  if (special === null) return { midnight, ends: ENDS, closure: null, certain: true };
  const { kind, name, ends, announced } = special;
  const closure = ends === ENDS ? null : { kind, day: name };
  return { midnight, ends, closure, certain: announced };
}

/** The next day with trading. It is certain when the days that are left out on the way are, too. */
function nextTrading(day: TradingDay): TradingDay & { ends: number } {
  const next = tradingDay(day.midnight + DAY);
  if (next.ends !== null) return { ...next, ends: next.ends };
  const later = nextTrading(next);
  return { ...later, certain: later.certain && next.certain };
}

function turn({ midnight, certain }: TradingDay, hours: number): Turn {
  return { at: centralToEpoch(midnight + hours * HOUR), certain };
}
