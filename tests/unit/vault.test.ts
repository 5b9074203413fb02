import { openDB } from 'idb';
import { beforeEach, expect, test } from 'vitest';
import { newSealingKey, seal, unseal } from '../../utils/vault/seal.ts';
import { openVault, type Vault } from '../../utils/vault/vault.ts';
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
  vault.close();
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

test('a removed login leaves nothing behind', async () => {
  await vault.write({
    record: login('a'),
    token: TOKEN,
    journal: [{ at: 1, loginId: 'a', what: 'signed in' }],
  });
  await vault.note({ at: 2, loginId: 'b', what: 'signed in' });
  await vault.remove('a');
  expect(await vault.logins()).toEqual([]);
  expect(await vault.token('a')).toBeUndefined();
  expect(await vault.journal()).toEqual([{ at: 2, loginId: 'b', what: 'signed in' }]);
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
  vault.close();
  vault = await openVault(name);
  expect(new Set([...ids, await vault.deviceId()]).size).toBe(1);
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
