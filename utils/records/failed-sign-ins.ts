/** What is kept of sign-ins that failed, for all logins together: the broker counts them for a network. */

export interface FailedSignIns {
  /** When the last ones failed that the broker counts, epoch ms. */
  failed: number[];
  /** Until when the broker asked not to be called. */
  quietUntil: number | null;
}

export const NO_FAILED_SIGN_INS: FailedSignIns = { failed: [], quietUntil: null };

/** What was found on disk; what cannot be read counts for nothing. */
export function readFailedSignIns(found: unknown): FailedSignIns {
  const { failed, quietUntil } = (found ?? {}) as Partial<FailedSignIns>;
  const sound =
    Array.isArray(failed) &&
    failed.every(Number.isFinite) &&
    (quietUntil === null || typeof quietUntil === 'number');
  return sound ? { failed, quietUntil } : NO_FAILED_SIGN_INS;
}
