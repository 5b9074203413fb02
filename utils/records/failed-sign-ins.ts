/** What is kept of sign-ins that failed, for all logins together: the broker counts them for a network. */

export interface FailedSignIns {
  /** When the last ones failed that the broker counts, epoch ms. */
  failed: number[];
  /** Since when, and until when, the broker asked not to be called. */
  quietSince: number | null;
  quietUntil: number | null;
  /** When it last wanted a human check. */
  captchaAt: number | null;
}

export const NO_FAILED_SIGN_INS: FailedSignIns = {
  failed: [],
  quietSince: null,
  quietUntil: null,
  captchaAt: null,
};

/** What was found on disk; what cannot be read counts for nothing. */
export function readFailedSignIns(found: unknown): FailedSignIns {
  const { failed, ...times } = { ...NO_FAILED_SIGN_INS, ...(found as FailedSignIns | undefined) };
  const sound =
    Array.isArray(failed) &&
    failed.every(Number.isFinite) &&
    Object.values(times).every((time) => time === null || typeof time === 'number');
  return sound ? { failed, ...times } : NO_FAILED_SIGN_INS;
}
