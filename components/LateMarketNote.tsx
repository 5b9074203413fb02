import { useEffect, useState } from 'preact/hooks';
import type { MarketNote } from './MarketNote.tsx';

/** Whether the exchange is open, which the popup asks only when it has been painted. */
export function LateMarketNote({ now }: { now: number }) {
  const [Loaded, setLoaded] = useState<typeof MarketNote | null>(null);
  useEffect(() => {
    import('./MarketNote.tsx').then(
      (file) => setLoaded(() => file.MarketNote),
      // A note less.
      () => undefined,
    );
  }, []);
  return Loaded && <Loaded now={now} />;
}
