/** When the keeper was last known to run, and the last time it did not. */

/** From when it was last known to run until it ran again, and the first deadline in between; epoch ms. */
export interface Sleep {
  from: number;
  due: number;
  until: number;
  /** The sessions that were kept alive at `from`. */
  held: { id: string; skewMs: number }[];
}

/** When the keeper was last known to run, and the last sleep before that. */
export interface Awake {
  at: number;
  sleep: Sleep | null;
}

/** What was found on disk, or null when it cannot be used. */
export function readAwake(found: unknown): Awake | null {
  const { at, sleep } = (found ?? {}) as Partial<Awake>;
  if (!isTime(at)) return null;
  return { at, sleep: isSleep(sleep) ? sleep : null };
}

/** Epoch ms that can be written as a date. */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= 8.64e15;

function isSleep(value: unknown): value is Sleep {
  const { from, due, until, held } = (value ?? {}) as Partial<Sleep>;
  return (
    [from, due, until].every(isTime) &&
    Array.isArray(held) &&
    held.every(
      (one: Partial<Sleep['held'][number]> | null) =>
        typeof one?.id === 'string' && Number.isFinite(one.skewMs),
    )
  );
}
