import { say } from '../../utils/platform/i18n.ts';
import { market, type Closure } from '../../utils/tradovate/market-hours.ts';
import { atTime } from '../../utils/words/time.ts';

/** That the exchange is closed, why, and until when: nothing is wrong with the sessions then. */
export function MarketNote({ now }: { now: number }) {
  const { closed, opens, certain } = market(now);
  if (closed === null) return null;
  const time = atTime(opens.at, now);
  return <p class="market soft">{closedUntil(closed, time, certain && opens.certain)}</p>;
}

function closedUntil(closed: Closure, time: string, certain: boolean): string {
  switch (closed.kind) {
    case 'daily-break':
      return say(certain ? 'market_break' : 'market_breakExpected', { time });
    case 'weekend':
      return say(certain ? 'market_weekend' : 'market_weekendExpected', { time });
    case 'holiday':
    case 'early-close': {
      const holiday = say(`holiday_${closed.day}`);
      return say(certain ? 'market_holiday' : 'market_holidayExpected', { holiday, time });
    }
  }
}
