/** Repeatable randomness: the same seed gives the same month on every machine. */

/** Numbers from 0 (included) to 1 (not included), by mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number of ms between the two, evenly spread. */
export function between(random: () => number, from: number, to: number): number {
  return Math.round(from + random() * (to - from));
}

/** Moments that come on average every `everyMs`, at random, from `from` until `until`. */
export function moments(
  random: () => number,
  everyMs: number,
  from: number,
  until: number,
): number[] {
  const found: number[] = [];
  const step = () => Math.max(1, Math.round(-Math.log(1 - random()) * everyMs));
  for (let at = from + step(); at < until; at += step()) found.push(at);
  return found;
}
