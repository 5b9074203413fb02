/** What a page adds to the check before trading: nobody here can change it, but it is good to know. */
import type { LoginRecord } from '../../utils/records/login.ts';
import { isDown, type Readiness } from '../../utils/keeper/status/readiness.ts';
import { schedule } from '../../utils/keeper/when/renewals.ts';
import { passwordNote } from '../../utils/keeper/status/user.ts';
import { say } from '../../utils/platform/i18n.ts';
import {
  CHECKED_LATE_MS,
  FIRST_CHECK_MS,
  LAST_CHECK_MS,
} from '../../utils/keeper/when/trading-day.ts';
import { maintenance } from '../../utils/tradovate/maintenance.ts';
import { market } from '../../utils/tradovate/market-hours.ts';
import { passwordSentence } from '../../utils/words/password.ts';

/** Logins not proven yet, and maintenance that covers the start or the end of a token. */
export function notesOf(
  { kept, ready, startsAt }: Readiness,
  records: readonly LoginRecord[],
  now: number,
): string[] {
  const { from, until } = maintenance(now);
  const { at } = schedule(records, now);
  const live = kept.filter((record) => !isDown(record, now));
  // One that is renewed before the window lives beyond it, or has its turn counted from then.
  const ending = live.filter(({ id, session }) => {
    const end = session?.expiresAt ?? 0;
    return end >= from && end < until && (at.get(id) ?? Infinity) >= from;
  });
  return [
    ...live
      .filter((record) => !ready.includes(record))
      .map(({ label }) => say('ready_unproven', { label })),
    ...(maintenance(startsAt).from <= startsAt ? [say('ready_maintenance')] : []),
    ...ending.map(({ label }) => say('ready_endsInMaintenance', { label })),
  ];
}

/** When the logins were proven, epoch ms, if that was later than it should have been; else null. */
export function lateAt({ kept, startsAt }: Readiness): number | null {
  const proofs = kept.map(({ proof }) => proof?.at ?? 0);
  const earliest = Math.min(...proofs.filter((at) => at >= startsAt - FIRST_CHECK_MS));
  // Those proven at the second check were proven at the first before, unless all were late.
  const all = proofs.every((at) => at >= startsAt - FIRST_CHECK_MS);
  return all && earliest > startsAt - LAST_CHECK_MS + CHECKED_LATE_MS ? earliest : null;
}

/** Whoever begins at an odd hour means it; on a holiday nobody does. */
export function isHoliday(at: number): boolean {
  const { closed } = market(at);
  return closed?.kind === 'holiday' || closed?.kind === 'early-close';
}

/** Passwords that end in the next days: they stand in nobody's way yet. */
export function endingPasswords(logins: readonly LoginRecord[], now: number): string[] {
  return logins.flatMap((record) => {
    const note = passwordNote(record, now);
    return note !== null && note.stage > 1 ? [passwordSentence(record.label, note, now)] : [];
  });
}
