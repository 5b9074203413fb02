/** What notifications have already said, so that nothing is said twice. */

/** How close to its end a login was when that was said; 3: it has ended. */
export type Stage = 1 | 2 | 3;

/** How far the end of a login was told, and when it was lost if a notification has said so; epoch ms. */
export interface NotifiedOfLogin {
  stage: Stage;
  lostAt: number | null;
}

export interface Notified {
  logins: Readonly<Record<string, NotifiedOfLogin>>;
  /** The last check before trading that was looked at, and the last weekend warned of; epoch ms, or 0. */
  checkAt: number;
  idleAt: number;
}

export const NOTHING_NOTIFIED: Notified = { logins: {}, checkAt: 0, idleAt: 0 };

/** What was found on disk; what cannot be read was not said. */
export function readNotified(found: unknown): Notified {
  const { logins, checkAt, idleAt } = { ...NOTHING_NOTIFIED, ...(found as Notified | undefined) };
  const entries = Object.values(logins ?? {}) as (NotifiedOfLogin | null)[];
  const sound =
    entries.every((one) => one !== null && one.stage > 0) && checkAt >= 0 && idleAt >= 0;
  return sound ? { logins, checkAt, idleAt } : NOTHING_NOTIFIED;
}
