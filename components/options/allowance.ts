/** What the documentation says for an allowance (facts §3, whose sources differ by age and plan). */
export function allowanceSays(slots: number): string {
  if (slots === 1) {
    return 'The broker’s older documentation gives a customer one connection at a time, and sells more as an add-on.';
  }
  return slots === 2
    ? 'The broker’s documentation says two sessions for each user: a third sign-in closes the oldest.'
    : 'The broker sells further connections as an add-on, and its newest pages allow up to 50 connections for each user; set what your plan says.';
}
