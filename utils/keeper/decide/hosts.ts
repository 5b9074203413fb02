/** What follows when the browser's permissions change: which hosts may be called. */
import { hostsOf, type LoginRecord } from '../../records/login.ts';
import { FAILURES } from '../../tradovate/failure.ts';
import { line, step, type Step } from './step.ts';

/** What failed for want of a permission is tried at once, and a host that is new is asked for a proof. */
export function permissionsChanged(
  before: LoginRecord,
  denied: readonly string[],
  now: number,
): Step {
  const hosts = hostsOf(before);
  const was = hosts.filter((host) => before.deniedHosts.includes(host));
  const deniedHosts = hosts.filter((host) => denied.includes(host));
  const freed = was.filter((host) => !deniedHosts.includes(host));
  const taken = deniedHosts.filter((host) => !was.includes(host));
  if (freed.length === 0 && taken.length === 0) return step(before);
  const record: LoginRecord = { ...before, deniedHosts };
  const journal = [
    ...freed.flatMap((host) => line(record, now, 'host allowed', { host })),
    ...taken.flatMap((host) => line(record, now, 'host taken away', { host })),
  ];
  if (freed.length === 0) return step(record, journal);
  const at = Math.max(now, record.quietUntil ?? 0);
  const check = record.check ?? { reason: 'host-allowed', since: now, tries: 0 };
  const { failure, retryAt } = record;
  const wanted = failure !== null && FAILURES[failure.kind].otherHost !== null;
  const again = wanted && retryAt !== null ? { retryAt: at } : {};
  return step({ ...record, ...again, check: { ...check, at } }, journal);
}
