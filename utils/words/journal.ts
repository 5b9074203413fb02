/** A line of the journal in words. */
import type { JournalLine } from '../records/journal.ts';

/** What is known besides what happened, in the order of how much it tells; null: nothing. */
export function detailsOf(line: JournalLine): string | null {
  const { during, kind, status, said, cause, host, since, part, loss, prose } = line;
  const found = [
    during,
    kind,
    status,
    said,
    cause,
    host,
    since === undefined ? undefined : `since ${new Date(since).toISOString()}`,
    part === undefined ? undefined : PARTS[part],
    loss,
    prose,
  ].filter((one) => one !== undefined);
  return found.length === 0 ? null : found.join(' · ');
}

const PARTS = {
  access: 'access token',
  'market-data': 'market-data token',
  both: 'both tokens',
} as const;
