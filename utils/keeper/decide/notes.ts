/**
 * What is written of a login beside the steps of its keeping: what a person says of it, what was seen
 * or told of its sessions. Nothing here begins a call. The same record means: nothing to write.
 */
import { HOUR } from '../../durations.ts';
import type { LoginRecord } from '../../records/login.ts';
import { withLook } from '../status/sessions.ts';
import { line, type Written } from './step.ts';

/** The broker has a handful of front doors. */
const HOSTS_KEPT = 10;
/** A page can show its form again and again: the journal says it once. */
const WARNED_EVERY_MS = HOUR;

const written = (record: LoginRecord): Written => ({ record, journal: [] });

/** A login that is new here, before its first sign-in. */
export const added = written;

/** What a person changed of it in the options. */
export function edited(
  record: LoginRecord,
  {
    label,
    slots,
    declared,
  }: Pick<LoginRecord, 'label' | 'slots'> & Pick<LoginRecord['ledger'], 'declared'>,
  now: number,
): Written {
  const ledger = { ...record.ledger, declared };
  return { record: { ...record, label, slots, ledger }, journal: line(record, now, 'edited') };
}

/** The person uses this login at `host`, or another one after all. */
export function picked(record: LoginRecord, host: string, isThis: boolean): Written {
  const { ledger } = record;
  if (ledger.hosts.includes(host) === isThis) return written(record);
  const others = ledger.hosts.filter((other) => other !== host);
  const hosts = isThis ? [...others, host].slice(-HOSTS_KEPT) : others;
  return written({ ...record, ledger: { ...ledger, hosts } });
}

/** The card at `host` warned of a sign-in that may cost this login its session. */
export function warned(record: LoginRecord, host: string, now: number): Written {
  if (Math.abs(now - (record.warnedAt ?? 0)) < WARNED_EVERY_MS) return written(record);
  const journal = line(record, now, 'warning shown', { host });
  return { record: { ...record, warnedAt: now }, journal };
}

/** The broker's statistics are about to be looked at: a worker that dies over it does not come back to it at every start. */
export function looking(record: LoginRecord, now: number): Written {
  return written(withLook(record, null, now, [record]));
}

/** They were: `last` is when the user's last session was opened, on the broker's clock; null: they say nothing. */
export function looked(
  record: LoginRecord,
  last: number | null,
  now: number,
  records: readonly LoginRecord[],
): Written {
  return written(withLook(record, last, now, records));
}
