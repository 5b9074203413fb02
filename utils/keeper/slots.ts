/**
 * Which sessions of a login are known, and what one more sign-in may close.
 */
import { hasLiveSession, type LoginRecord } from './login.ts';

/** A web session ends with its tab, but at the latest when its token has run out unrenewed (facts §6: about 80 minutes). */
const WEB_SESSION_MS = 90 * 60_000;

export interface KnownSession {
  whose: 'holdfast' | 'web';
  openedAt: number;
  host?: string;
  /** The login here that holds it. */
  loginId?: string;
}

/**
 * The sessions known to be open for the user of `record`, oldest first: live and demo are counted
 * together (facts, row 6). Web logins can belong to any login held here, as the sign-in fields are
 * never read: they count for every one. Of more than the allowance only the newest can still be open
 * (facts §3: the oldest is closed), unless ours has been seen alive since.
 */
export function knownSessions(
  record: LoginRecord,
  now: number,
  records: readonly LoginRecord[] = [record],
): KnownSession[] {
  const web: KnownSession[] = record.webSessions
    .filter(({ seenAt }) => now < seenAt + WEB_SESSION_MS)
    .map(({ openedAt, host }) => ({ whose: 'web', openedAt, host }));
  const own: KnownSession[] = [];
  for (const login of records) {
    if (!isSameUser(login, record) || login.session === null || !hasLiveSession(login, now))
      continue;
    own.push({ whose: 'holdfast', openedAt: login.session.openedAt, loginId: login.id });
  }
  const inOrder = [...own, ...web].sort((one, other) => one.openedAt - other.openedAt);
  const newest = inOrder.slice(-record.slots);
  const mine = inOrder.find(({ loginId }) => loginId === record.id);
  return mine === undefined || newest.includes(mine) ? newest : [mine, ...newest.slice(1)];
}

/** The broker's user: one pool of sessions, whatever the environment. */
export function isSameUser(
  one: Pick<LoginRecord, 'userName'>,
  other: Pick<LoginRecord, 'userName'>,
): boolean {
  return one.userName.toLowerCase() === other.userName.toLowerCase();
}

export interface Risk {
  loginId: string;
  label: string;
  /** When the session at risk was opened here. */
  openedAt: number;
  known: number;
  slots: number;
  /** Likely when it is the only login held here; possible when the login to be typed may be another. */
  sure: 'likely' | 'possible';
}

/**
 * The held sessions that one more web login may close: those that are the oldest known of a login
 * whose allowance is used up (facts §3: always the oldest is closed; row 5: warn when known
 * sessions >= allowance). Never certain: which login will be typed is not known.
 */
export function risks(records: readonly LoginRecord[], now: number): Risk[] {
  const found: Risk[] = [];
  for (const record of records) {
    const sessions = knownSessions(record, now, records);
    const oldest = sessions[0];
    if (oldest?.loginId === record.id && sessions.length >= record.slots) {
      found.push({
        loginId: record.id,
        label: record.label,
        openedAt: oldest.openedAt,
        known: sessions.length,
        slots: record.slots,
        sure: records.length === 1 ? 'likely' : 'possible',
      });
    }
  }
  return found;
}
