import { market, type Closure } from '../../utils/tradovate/market-hours.ts';
import { atTime } from '../../utils/words/time.ts';

/** That the exchange is closed, why, and until when: nothing is wrong with the sessions then. */
export function MarketNote({ now }: { now: number }) {
  const { closed, opens, certain } = market(now);
  if (closed === null) return null;
  return (
    <p class="market soft">
      The exchange is closed {because(closed)}, until {atTime(opens.at, now)}
      {(!certain || !opens.certain) && ' (expected)'}. Sessions are kept all the same.
    </p>
  );
}

function because(closed: Closure): string {
  switch (closed.kind) {
    case 'daily-break':
      return 'for its daily break';
    case 'weekend':
      return 'over the weekend';
    case 'holiday':
    case 'early-close':
      return `for ${closed.day}`;
  }
}
