/** The one place that takes randomness for decisions (jitter). Keys and ids come from `crypto`. */
export const systemRandom = (): number => Math.random();
