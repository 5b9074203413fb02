import fc from 'fast-check';
import { deleteDB, openDB } from 'idb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { decide } from '../../utils/keeper/decide/decide.ts';
import { deadline } from '../../utils/keeper/when/deadlines.ts';
import { standing } from '../../utils/keeper/status/standing.ts';
import type { LoginRecord } from '../../utils/records/login.ts';
import { upgrade, UPGRADES, type Schema, type Upgrade } from '../../utils/vault/database.ts';
import { newSealingKey, seal, unseal } from '../../utils/vault/seal.ts';
import { remembering } from '../../utils/vault/unwritten.ts';
import { openVault, type Vault } from '../../utils/vault/vault.ts';
import { describe as describeCause } from '../../utils/words/cause.ts';
import { freshLogin } from '../sample-login.ts';

let vault: Vault;
let name: string;
let count = 0;

const login = (id: string, addedAt = 1) => freshLogin(addedAt, { id, label: id, userName: id });
const TOKEN = { accessToken: 'made-up-access-token', mdAccessToken: 'made-up-md-token' };

beforeEach(async () => {
  name = `vault-${++count}`;
  vault = await openVault(name);
});

test('gives back what was written, oldest login first, also after it was opened again', async () => {
  await vault.write({ record: login('b', 2), token: TOKEN, appSecret: 'made-up-secret' });
  await vault.write({ record: login('a', 1) });
  await vault.close();
  vault = await openVault(name);
  expect((await vault.logins()).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(await vault.token('b')).toEqual(TOKEN);
  expect(await vault.appSecret('b')).toBe('made-up-secret');
  expect(await vault.token('a')).toBeUndefined();
});

test('keeps token and secret when only the record is written', async () => {
  await vault.write({ record: login('a'), token: TOKEN, appSecret: 'made-up-secret' });
  await vault.write({ record: { ...login('a'), label: 'new' } });
  expect(await vault.token('a')).toEqual(TOKEN);
  await vault.write({ record: login('a'), token: { ...TOKEN, accessToken: 'renewed' } });
  expect(await vault.token('a')).toMatchObject({ accessToken: 'renewed' });
  expect(await vault.appSecret('a')).toBe('made-up-secret');
});

test('bug class 8: no secret is on disk as text, and the key cannot be read out', async () => {
  await vault.write({ record: login('a'), token: TOKEN, appSecret: 'made-up-secret' });
  const db = await openDB(name);
  for (const store of db.objectStoreNames) {
    for (const value of (await db.getAll(store)) as unknown[]) {
      if (value instanceof CryptoKey) {
        expect(value.extractable).toBe(false);
        await expect(crypto.subtle.exportKey('raw', value)).rejects.toThrow();
      }
      const text = JSON.stringify(value, (_, part: unknown) =>
        part instanceof ArrayBuffer ? Buffer.from(part).toString('latin1') : part,
      );
      expect(text ?? '').not.toMatch(/made-up-(access|md|secret)/);
    }
  }
  db.close();
});

/** Everything in every store, keys too, as text. */
async function everything(): Promise<string> {
  const db = await openDB(name);
  const stores = [...db.objectStoreNames].map(async (store) => [
    store,
    await db.getAllKeys(store),
    ((await db.getAll(store)) as unknown[]).map((value) =>
      value instanceof CryptoKey ? 'a key' : value,
    ),
  ]);
  const text = JSON.stringify(await Promise.all(stores));
  db.close();
  return text;
}

test('a removed login leaves nothing behind, and takes nothing of another along', async () => {
  const line = (loginId: string) => ({ at: 1, loginId, what: 'signed in' as const });
  for (const id of ['login-a', 'login-b']) {
    await vault.write({
      record: login(id),
      token: TOKEN,
      appSecret: 'made-up-secret',
      refreshToken: 'made-up-refresh-token',
      journal: [line(id)],
    });
  }
  await vault.remove('login-a');
  expect(await vault.token('login-a')).toBeUndefined();
  expect(await vault.appSecret('login-a')).toBeUndefined();
  expect(await vault.refreshToken('login-a')).toBeUndefined();
  expect(await everything()).not.toContain('login-a');
  expect((await vault.logins()).map(({ id }) => id)).toEqual(['login-b']);
  expect(await vault.token('login-b')).toEqual(TOKEN);
  expect(await vault.journal()).toEqual([line('login-b')]);
  await vault.remove('login-b');
  expect(await everything()).not.toMatch(/login-b|a key/);
});

test('after the last login has gone a new one is sealed under a new key', async () => {
  await vault.write({ record: login('a'), token: TOKEN });
  await vault.remove('a');
  await vault.write({ record: login('a') });
  await vault.write({ record: login('a'), token: TOKEN });
  expect(await vault.token('a')).toEqual(TOKEN);
});

test('no line is written of a login that has just been removed', async () => {
  await vault.write({ record: login('a') });
  await vault.remove('a');
  await vault.note({ at: 2, loginId: 'a', what: 'token copied' });
  await vault.setAwake({ at: 3, sleep: null }, [{ at: 3, loginId: 'a', what: 'asleep' }]);
  expect(await vault.journal()).toEqual([]);
  expect(await vault.awake()).toEqual({ at: 3, sleep: null });
});

test('a damaged secret is an absent one, and the other logins go on', async () => {
  await vault.write({ record: login('a'), token: TOKEN });
  await vault.write({ record: login('b'), token: TOKEN });
  const db = await openDB(name);
  const sealed = (await db.get('secrets', 'a')) as { token: { data: ArrayBuffer } };
  new Uint8Array(sealed.token.data)[0]! ^= 1;
  await db.put('secrets', sealed);
  db.close();
  expect(await vault.token('a')).toBeUndefined();
  expect(await vault.token('b')).toEqual(TOKEN);
});

test('what was sealed for one login does not open for another', async () => {
  const key = await newSealingKey();
  const sealed = await seal(key, 'a', TOKEN);
  expect(await unseal(key, 'a', sealed)).toEqual(TOKEN);
  await expect(unseal(key, 'b', sealed)).rejects.toThrow();
});

test('the device id is made once and stays', async () => {
  const ids = await Promise.all([vault.deviceId(), vault.deviceId()]);
  await vault.close();
  vault = await openVault(name);
  expect(new Set([...ids, await vault.deviceId()]).size).toBe(1);
});

test('when the keeper was awake is kept with its journal lines, beside the device id', async () => {
  expect(await vault.awake()).toBeNull();
  const device = await vault.deviceId();
  const awake = { at: 5, sleep: { from: 1, due: 2, until: 5, held: [{ id: 'a', skewMs: 0 }] } };
  await vault.write({ record: login('a') });
  await vault.setAwake(awake, [{ at: 5, loginId: 'a', what: 'asleep' }]);
  await vault.close();
  vault = await openVault(name);
  expect(await vault.awake()).toEqual(awake);
  expect(await vault.journal('a')).toEqual([{ at: 5, loginId: 'a', what: 'asleep' }]);
  expect(await vault.deviceId()).toBe(device);
});

test('two contexts that seal at the same time for the first time use one key', async () => {
  const other = await openVault(name);
  await Promise.all([
    vault.write({ record: login('a'), token: TOKEN }),
    other.write({ record: login('b'), token: TOKEN }),
  ]);
  expect(await vault.token('a')).toEqual(TOKEN);
  expect(await vault.token('b')).toEqual(TOKEN);
});

test('the journal is bounded, and the oldest lines go', async () => {
  const lines = Array.from({ length: 5_100 }, (_, at) => ({
    at,
    loginId: 'a',
    what: 'renewed' as const,
  }));
  await vault.write({ record: login('a'), journal: lines });
  await vault.write({
    record: login('a'),
    journal: [{ at: 9_999, loginId: 'a', what: 'renewed' }],
  });
  const kept = await vault.journal('a');
  expect(kept).toHaveLength(5_000);
  expect(kept.at(-1)?.at).toBe(9_999);
  expect(kept[0]?.at).toBe(101);
});

test('a noisy login takes no journal lines from the others, and what is over 30 days old goes', async () => {
  const DAY = 24 * 60 * 60_000;
  const line = (loginId: string, at: number) => ({ loginId, at, what: 'renewed' as const });
  await vault.write({ record: login('b'), journal: [line('b', 0), line('b', DAY)] });
  const many = Array.from({ length: 5_100 }, (_, at) => line('a', 2 * DAY + at));
  await vault.write({ record: login('a'), journal: many });
  expect((await vault.journal('a')).length).toBe(5_000);
  expect((await vault.journal('b')).length).toBe(2);
  await vault.write({ record: login('a'), journal: [line('a', 30.5 * DAY)] });
  expect((await vault.journal('b')).map(({ at }) => at)).toEqual([DAY]);
});

/** As the first version stores it. Never to be edited: later versions must go on reading it. */
const VERSION_1 = {
  id: '7f1b4d9e-0f3a-4a57-9b53-1c5f6f0f8a11',
  label: 'APEX-3',
  brand: 'tradovate',
  environment: 'demo',
  userName: 'trader_3',
  app: { appId: 'Sample App', appVersion: '1.0', cid: '8' },
  keepsSecret: true,
  addedAt: 1,
  slots: 2,
  pausedAt: null,
  userId: 7,
  hosts: { demo: 'demo.tradovateapi.com' },
  skewMs: 0,
  session: { openedAt: 1, renewedAt: 2, expiresAt: 4_800_002, lifeMs: 4_800_000, renewals: 1 },
  end: null,
  call: null,
  check: null,
  proof: { at: 2, by: 'renewal' },
  contactAt: 2,
  failure: null,
  failures: 0,
  refusals: 0,
  retryAt: null,
  quietUntil: null,
  renewalLostAt: null,
  webSessions: [{ tabId: 1, host: 'trader.tradovate.com', openedAt: 1, seenAt: 1 }],
  webChecks: [],
  lastWebLogin: { at: 1, host: 'trader.tradovate.com', survived: true },
};

/** The fields that came later, as they are in a new login. */
const ADDED = {
  version: 2,
  way: 'api-key',
  refresh: null,
  signInFailed: null,
  accounts: [],
  userStatus: null,
  passwordExpiresAt: null,
  organisation: null,
  renewalCalls: [],
  issuedBy: null,
  wrongHost: null,
  deniedHosts: [],
  ledger: { declared: [], unseen: [], look: null, hosts: [] },
  losses: [],
  warnedAt: null,
  yield: null,
  link: null,
};

const put = async (record: unknown) => {
  const db = await openDB(name);
  await db.put('logins', record);
  db.close();
};

test('a record of version 1 is read as it is, with what was added since', async () => {
  await put(VERSION_1);
  expect(await vault.logins()).toEqual([{ ...ADDED, ...VERSION_1 }]);
});

describe('a record of a later version', () => {
  const drawn = (record: LoginRecord) => {
    const { why, state } = standing(record, 5_000);
    return { state, words: why && describeCause(why) };
  };

  test.each([
    ['failure', { kind: 'sun-spots', at: 3, during: 'renewal' }],
    ['failure', { kind: 'refused', at: 3, during: 'seance' }],
    ['check', { reason: 'sun-spots', since: 3, at: 3, tries: 0 }],
    ['call', { kind: 'seance', since: 3, until: 4 }],
    ['proof', { at: 3, by: 'seance' }],
  ])('with a %s that is not known is checked, and drawn', async (field, value) => {
    await put({ ...VERSION_1, version: 99, [field]: value });
    const [record] = await vault.logins();
    expect(record?.check).toMatchObject({ reason: 'idle' });
    expect(record?.session).toEqual(VERSION_1.session);
    expect(record && drawn(record)).toMatchObject({ state: 'reconnecting' });
  });

  test('with a sign-in that failed in a way that is not known is drawn', async () => {
    await put({ ...VERSION_1, signInFailed: { kind: 'sun-spots', at: 3 } });
    expect((await vault.logins())[0]?.signInFailed).toBeNull();
  });

  test('that came by a way that is not known is kept, and not taken for one of an API key', async () => {
    await put({ ...VERSION_1, version: 99, way: 'carrier-pigeon', later: 'stays' });
    const [record] = await vault.logins();
    expect(record).toMatchObject({ way: 'unknown', version: 99, later: 'stays' });
    expect(record?.session).toEqual(VERSION_1.session);
  });
});

test('a record says which version wrote it, and an older one is brought to this one', async () => {
  await vault.write({ record: login('a') });
  await put(VERSION_1);
  expect((await vault.logins()).map(({ version }) => version)).toEqual([2, 2]);
});

test('the next version of the database takes over what this one has stored', async () => {
  await vault.write({ record: login('a') });
  await vault.close();
  const more: Upgrade = (db) => void db.createObjectStore('keys2' as 'keys');
  const newer = await openDB<Schema>(name, 2, {
    upgrade: (db, from) => upgrade(db, from, [...UPGRADES, more]),
  });
  expect(await newer.getAllKeys('logins')).toEqual(['a']);
  expect([...newer.objectStoreNames]).toContain('keys2');
  newer.close();
});

test('a damaged live link is one that nobody asked for, and costs no session', async () => {
  await put({ ...VERSION_1, link: { by: 'socket', up: true, since: 'today' } });
  expect(await vault.logins()).toEqual([{ ...ADDED, ...VERSION_1 }]);
});

test('a record that lacks a field has it as a new login has it', async () => {
  const { refusals: _, lastWebLogin: __, ...older } = VERSION_1;
  await put(older);
  expect(await vault.login(VERSION_1.id)).toEqual({
    ...ADDED,
    ...VERSION_1,
    ...ADDED,
    lastWebLogin: null,
  });
});

test.each([
  ['session', 'nonsense'],
  ['session', { openedAt: 1 }],
  ['session', { openedAt: 1, renewedAt: 2, expiresAt: 1e300, lifeMs: 4_800_000, renewals: 1 }],
  ['end', 5],
])('a record with a damaged %s asks for a sign-in', async (field, value) => {
  await put({ ...VERSION_1, [field]: value });
  await put({ ...VERSION_1, id: 'other' });
  const [damaged, other] = await vault.logins();
  expect(damaged).toMatchObject({ label: 'APEX-3', session: null, failure: { kind: 'damaged' } });
  expect(other?.session).not.toBeNull();
});

test('whatever is in a record, the logins can be listed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...Object.keys({ ...ADDED, ...VERSION_1 })), fc.jsonValue()),
      async (damage) => {
        await put({ ...VERSION_1, ...damage, id: VERSION_1.id });
        for (const record of await vault.logins()) {
          expect(() => deadline(record, 5_000)).not.toThrow();
          const { why } = standing(record, 5_000);
          expect(() => why && describeCause(why)).not.toThrow();
          expect(() =>
            decide(record, { type: 'wake' }, { now: 5_000, random: () => 0.5, others: [] }),
          ).not.toThrow();
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a connection that the browser closed is made anew', async () => {
  await vault.write({ record: login('a'), token: TOKEN });
  // A newer version of the database asks this connection to go; then it is deleted again.
  const newer = await openDB(`${name}`, 2).catch(() => null);
  newer?.close();
  await expect(vault.token('a')).rejects.toThrow();
  await deleteDB(name);
  expect(await vault.logins()).toEqual([]);
});

describe('what could not be written with a new token', () => {
  const NEW = { accessToken: 'made-up-new-token', mdAccessToken: null };

  async function behind() {
    const disk = await openVault(`unwritten-${crypto.randomUUID()}`);
    const vault = remembering(disk);
    await vault.write({ record: login('a', 1), token: TOKEN });
    await vault.write({ record: login('b', 2), token: TOKEN });
    const write = vi.spyOn(disk, 'write').mockRejectedValue(new Error('disk'));
    const record = { ...login('a', 1), failures: 7 };
    const journal = [{ at: 1, loginId: 'a', what: 'renewed' as const }];
    const change = { record, token: NEW, journal, refreshToken: 'made-up-refresh' };
    await expect(vault.write(change)).rejects.toThrow('disk');
    return { disk, vault, record, heal: () => write.mockRestore() };
  }

  test('is read as if it were on disk', async () => {
    const { vault, record } = await behind();
    expect(vault.isBehind()).toBe(true);
    expect(await vault.token('a')).toEqual(NEW);
    expect(await vault.refreshToken('a')).toBe('made-up-refresh');
    expect(await vault.token('b')).toEqual(TOKEN);
    expect(await vault.login('a')).toEqual(record);
    expect(await vault.logins()).toEqual([record, login('b', 2)]);
    expect((await vault.known()).records).toEqual([record, login('b', 2)]);
  });

  test('is written with the next thing that is, and only once', async () => {
    const { disk, vault, record, heal } = await behind();
    await expect(vault.write({ record: { ...record, failures: 8 } })).rejects.toThrow('disk');
    expect((await vault.login('a'))?.failures).toBe(7);
    heal();
    await vault.write({ record: { ...record, failures: 9 } });
    expect(vault.isBehind()).toBe(false);
    expect(await disk.token('a')).toEqual(NEW);
    expect((await disk.login('a'))?.failures).toBe(9);
    expect(await disk.journal()).toHaveLength(1);
  });

  test('is gone with its login', async () => {
    const { vault } = await behind();
    await vault.remove('a');
    expect(vault.isBehind()).toBe(false);
    expect(await vault.token('a')).toBeUndefined();
  });
});
