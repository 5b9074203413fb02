/**
 * What keeps a page up to date: what is stored, re-read after each change, and the clock. No
 * message is sent, so an open popup does not wake or hold the background part.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { onChange } from '../../utils/platform/changes.ts';
import { systemClock } from '../../utils/platform/clock.ts';
import { readStored, type Reader, type Stored } from './stored.ts';

/** What is stored, starting from what was read before the first paint, and a way to read it at once. */
export function useStored(records: Reader, first: Stored): [Stored, () => Promise<Stored>] {
  const [stored, setStored] = useState(first);
  const reads = useRef(0);
  const read = useCallback(async () => {
    const turn = ++reads.current;
    const found = await readStored(records);
    // A slow read must not undo a later one.
    if (turn === reads.current) setStored(found);
    return found;
  }, [records]);
  useEffect(() => {
    const stop = onChange(() => void read());
    // Something may have changed between the read for the first paint and this subscription.
    void read();
    return stop;
  }, [read]);
  return [stored, read];
}

/** The present, renewed every second while the page is visible. */
export function useNow(): number {
  const [now, setNow] = useState(() => systemClock.now());
  useEffect(() => {
    const tick = () => {
      if (!document.hidden) setNow(systemClock.now());
    };
    const timer = setInterval(tick, 1_000);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, []);
  return now;
}

/** Whole seconds left until `until`; 0 when it has passed or there is nothing to wait for. */
export function useSecondsLeft(until: number | null): number {
  const left = until === null ? 0 : Math.max(0, Math.ceil((until - systemClock.now()) / 1_000));
  const [, setTick] = useState(0);
  useEffect(() => {
    if (until === null || left === 0) return;
    const timer = setTimeout(
      () => setTick((tick) => tick + 1),
      Math.max(1, until - (left - 1) * 1_000 - systemClock.now()),
    );
    return () => clearTimeout(timer);
  });
  return left;
}
