/**
 * What must hold at every moment, seen from the broker's journal and from the disk. Nothing here
 * asks the extension.
 */
import * as v from 'valibot';
import { hostsOf, type LoginRecord } from '../../../utils/records/login.ts';
import { FAILURE_KINDS } from '../../../utils/tradovate/failure.ts';
import { type Broker, type JournalEntry, type Session, sampleApp } from '../../simulator/broker.ts';
import type { TestPage } from '../browsers/browser.ts';

const time = v.pipe(v.number(), v.integer());
const call = v.picklist(['sign-in', 'renewal', 'probe', 'refresh']);
const host = v.exactOptional(v.string());

/** A record as it has to be on disk, no field more and none less. */
const RECORD: v.GenericSchema<unknown, LoginRecord> = v.strictObject({
  id: v.pipe(v.string(), v.uuid()),
  way: v.picklist(['api-key', 'oauth', 'token']),
  version: v.literal(2),
  addedAt: time,
  label: v.pipe(v.string(), v.minLength(1)),
  brand: v.picklist(['tradovate', 'ninjatrader']),
  environment: v.picklist(['live', 'demo']),
  userName: v.pipe(v.string(), v.minLength(1)),
  app: v.strictObject({ appId: v.string(), appVersion: v.string(), cid: v.string() }),
  keepsSecret: v.boolean(),
  slots: v.pipe(v.number(), v.integer(), v.minValue(1)),
  pausedAt: v.nullable(time),
  userId: v.nullable(v.number()),
  hosts: v.strictObject({ live: host, demo: host, mdLive: host, mdDemo: host }),
  issuedBy: v.nullable(v.string()),
  wrongHost: v.nullable(v.string()),
  deniedHosts: v.array(v.string()),
  skewMs: v.number(),
  session: v.nullable(
    v.strictObject({
      openedAt: time,
      renewedAt: v.nullable(time),
      expiresAt: time,
      lifeMs: v.number(),
      renewals: v.pipe(v.number(), v.integer(), v.minValue(0)),
    }),
  ),
  end: v.nullable(
    v.strictObject({
      at: time,
      cause: v.picklist(['expired', 'evicted', 'rejected', 'renewal-lost', 'damaged']),
    }),
  ),
  refresh: v.nullable(v.strictObject({ until: time, retryAt: v.nullable(time) })),
  signInFailed: v.null(),
  call: v.nullable(
    v.strictObject({
      kind: call,
      since: time,
      until: time,
      scouts: v.exactOptional(v.literal(true)),
    }),
  ),
  check: v.nullable(
    v.strictObject({
      reason: v.picklist([
        'signed-in',
        'web-login',
        'unauthorized',
        'resumed',
        'idle',
        'host-allowed',
      ]),
      since: time,
      at: v.number(),
      tries: v.pipe(v.number(), v.integer()),
    }),
  ),
  proof: v.nullable(v.strictObject({ at: time, by: call })),
  contactAt: v.nullable(time),
  failure: v.nullable(
    v.strictObject({
      kind: v.picklist(FAILURE_KINDS),
      status: v.exactOptional(v.number()),
      said: v.exactOptional(v.string()),
      named: host,
      waitMs: v.exactOptional(v.number()),
      ticket: v.exactOptional(v.string()),
      at: time,
      during: call,
    }),
  ),
  failures: v.pipe(v.number(), v.integer(), v.minValue(0)),
  refusals: v.pipe(v.number(), v.integer(), v.minValue(0)),
  retryAt: v.nullable(v.number()),
  quietUntil: v.nullable(time),
  renewalLostAt: v.nullable(time),
  renewalCalls: v.array(time),
  webSessions: v.array(
    v.strictObject({
      tabId: v.number(),
      host: v.string(),
      openedAt: time,
      seenAt: time,
      left: v.exactOptional(v.literal(true)),
      meant: v.exactOptional(v.boolean()),
    }),
  ),
  accounts: v.array(v.string()),
  userStatus: v.nullable(v.string()),
  passwordExpiresAt: v.nullable(time),
  organisation: v.nullable(v.string()),
  ledger: v.strictObject({
    declared: v.array(v.strictObject({ name: v.string(), on: v.boolean() })),
    unseen: v.array(time),
    look: v.nullable(v.strictObject({ at: time, refused: v.boolean() })),
    hosts: v.array(v.string()),
  }),
  webChecks: v.array(time),
  lastWebLogin: v.nullable(
    v.strictObject({ at: time, host: v.string(), survived: v.nullable(v.boolean()) }),
  ),
  losses: v.array(time),
  warnedAt: v.nullable(time),
  yield: v.nullable(v.strictObject({ until: v.nullable(time), tabId: v.nullable(v.number()) })),
  // Nobody switches one on there.
  link: v.null(),
});

/** A login that is being kept. */
export type Kept = LoginRecord & { session: NonNullable<LoginRecord['session']> };

/** What lies on disk, as a page reads it. */
interface Disk {
  logins: unknown[];
  /** By login; null when there is nothing sealed or it does not open. */
  tokens: Record<string, string | null>;
  journal: { at: number; loginId: string; what: string; note?: string }[];
}

/** The whole vault in one transaction. `page` is one of the extension in which none of its code runs. */
export function readDisk(page: TestPage): Promise<Disk> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('The vault does not open.'));
      });
    const db = await answer(indexedDB.open('holdfast'));
    const tx = db.transaction(['logins', 'secrets', 'keys', 'journal']);
    const [logins, secrets, key, journal] = await Promise.all([
      answer<unknown[]>(tx.objectStore('logins').getAll()),
      answer<unknown[]>(tx.objectStore('secrets').getAll()),
      answer<unknown>(tx.objectStore('keys').get('seal')),
      answer<unknown[]>(tx.objectStore('journal').getAll()),
    ]);
    db.close();
    const tokens: Record<string, string | null> = {};
    for (const { id } of logins as { id: string }[]) {
      const sealed = (
        secrets as { loginId: string; token?: { iv: BufferSource; data: BufferSource } }[]
      ).find(({ loginId }) => loginId === id)?.token;
      tokens[id] = null;
      if (!sealed) continue;
      try {
        const additionalData = new TextEncoder().encode(id);
        const plain = await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv: sealed.iv, additionalData },
          key as CryptoKey,
          sealed.data,
        );
        const { accessToken } = JSON.parse(new TextDecoder().decode(plain)) as {
          accessToken: string;
        };
        tokens[id] = accessToken;
      } catch {
        // As if it were not there.
      }
    }
    return {
      logins: logins,
      tokens,
      journal: (journal as Disk['journal']).slice(-200),
    };
  });
}

/** The logins on disk, each whole and with a token that the broker takes; throws what is wrong. */
export function checkDisk(disk: Disk, broker: Broker, users: readonly string[]): Kept[] {
  const kept = disk.logins.map((login) => checkLogin(login, disk, broker));
  const found = kept.map(({ userName }) => userName).sort();
  if (found.join() !== [...users].sort().join()) {
    throw new Error(`On disk are the logins ${found.join()}, not ${users.join()}.`);
  }
  return kept;
}

function checkLogin(login: unknown, disk: Disk, broker: Broker): Kept {
  const parsed = v.safeParse(RECORD, login);
  if (!parsed.success) {
    const issues = parsed.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
    throw new Error(`A record does not look as it must: ${issues.join('; ')}`);
  }
  const record = parsed.output;
  const { userName, session } = record;
  if (record.end !== null) throw new Error(`${userName} was given up: ${record.end.cause}.`);
  if (session === null) throw new Error(`${userName} has lost its session.`);
  const token = disk.tokens[record.id];
  if (!token) throw new Error(`${userName} has no sealed token.`);
  const verdict = broker.checkToken(token, hostsOf(record)[0] ?? '');
  if (!verdict.ok)
    throw new Error(`The broker refuses the token of ${userName}: ${verdict.outcome}.`);
  if (verdict.user.name !== userName) {
    throw new Error(`${userName} has a token of ${verdict.user.name}.`);
  }
  // Record and token are one write: an end that belongs to another token shows that they were not.
  const apart = session.expiresAt - expiryOf(token);
  if (Math.abs(apart) > 2_000) {
    throw new Error(`${userName} is thought to end ${apart} ms after its stored token does.`);
  }
  return { ...record, session };
}

function expiryOf(token: string): number {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return (JSON.parse(claims) as { exp: number }).exp * 1_000;
}

/** The one session of that login that Holdfast opened. */
export function ownSession(broker: Broker, user: string): Session {
  const own = broker
    .allSessions()
    .filter((session) => session.user === user && session.appId === sampleApp.appId);
  const [session] = own;
  if (!session || own.length > 1) throw new Error(`${user} has ${own.length} sessions, not one.`);
  if (session.state !== 'open') throw new Error(`The session of ${user} is ${session.state}.`);
  return session;
}

/** What the broker has seen of Holdfast since the start; throws what must not be. */
export function checkJournal(broker: Broker, users: readonly string[]): void {
  const calls = broker.journal.filter(({ from }) => from === 'program');
  for (const user of users) {
    const own = calls.filter((entry) => entry.user === user);
    const signIns = own.filter(({ endpoint }) => endpoint === 'accesstokenrequest').length;
    if (signIns !== 1) throw new Error(`${user} was signed in ${signIns} times.`);
    ownSession(broker, user);
    // Whether statistics may be read is asked, and done without (FACTS.md row 27).
    const refused = own.find(
      ({ status, endpoint }) => status === 401 && !endpoint.startsWith('usersessionstats'),
    );
    if (refused) throw new Error(`${user} was refused: ${describe(refused)}.`);
    checkOverlap(own.filter(({ endpoint }) => endpoint === 'renewaccesstoken'));
  }
  const strange = calls.find(({ user }) => user === undefined);
  if (strange) throw new Error(`A call of nobody: ${describe(strange)}.`);
}

function checkOverlap(renewals: readonly JournalEntry[]): void {
  let before: JournalEntry | undefined;
  for (const renewal of renewals) {
    if (before && (before.finishedAt ?? Infinity) > renewal.at) {
      throw new Error(
        `Two renewals of one login at once: ${describe(before)}, and ${describe(renewal)}.`,
      );
    }
    before = renewal;
  }
}

/** One line of the broker's journal. */
export function describe({ at, finishedAt, user, endpoint, outcome }: JournalEntry): string {
  const end = finishedAt === undefined ? 'open' : `${finishedAt - at} ms`;
  return `${clock(at)} ${user} ${endpoint} ${outcome} (${end})`;
}

/** A time of day with milliseconds. */
export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
