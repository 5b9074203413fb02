/**
 * A vault that keeps in memory what could not be written with a new token. Such a token has no second
 * copy, and the broker may count the one on disk for replaced (FACTS.md row 3): until it is written it
 * is read from here, as if it were on disk, and whatever reads or writes next tries it again. It dies
 * with the worker; what is on disk then tells that a call was cut off.
 */
import type { LoginRecord } from '../records/login.ts';
import { inOrder } from './database.ts';
import type { Change, Vault } from './vault.ts';

export interface RememberingVault extends Vault {
  /** Something is in memory alone. */
  isBehind(): boolean;
}

export function remembering(vault: Vault): RememberingVault {
  const left = new Map<string, Change>();

  async function write(change: Change): Promise<void> {
    const { id } = change.record;
    const both = together(left.get(id), change);
    try {
      await vault.write(both);
      left.delete(id);
    } catch (error) {
      // Without a token it is as if it had not been asked for, as everywhere.
      if (change.token) left.set(id, both);
      throw error;
    }
  }

  async function catchUp(): Promise<void> {
    for (const [id, change] of left) {
      await vault.write(change).then(
        () => left.delete(id),
        () => undefined,
      );
    }
  }

  const newest = (records: readonly LoginRecord[]): LoginRecord[] => {
    if (left.size === 0) return [...records];
    const others = records.filter(({ id }) => !left.has(id));
    return inOrder([...others, ...[...left.values()].map(({ record }) => record)]);
  };

  return {
    isBehind: () => left.size > 0,
    write,
    remove: async (id) => {
      await vault.remove(id);
      left.delete(id);
    },
    known: async () => {
      await catchUp();
      const known = await vault.known();
      return { ...known, records: newest(known.records) };
    },
    logins: async () => newest(await vault.logins()),
    login: async (id) => left.get(id)?.record ?? vault.login(id),
    token: async (id) => left.get(id)?.token ?? vault.token(id),
    appSecret: async (id) => left.get(id)?.appSecret ?? vault.appSecret(id),
    refreshToken: async (id) => left.get(id)?.refreshToken ?? vault.refreshToken(id),
    journal: (id) => vault.journal(id),
    note: (line) => vault.note(line),
    deviceId: () => vault.deviceId(),
    awake: () => vault.awake(),
    setAwake: (awake, journal) => vault.setAwake(awake, journal),
    failedSignIns: () => vault.failedSignIns(),
    setFailedSignIns: (failed) => vault.setFailedSignIns(failed),
    setSettings: (settings) => vault.setSettings(settings),
    setNotified: (notified, journal) => vault.setNotified(notified, journal),
    close: () => vault.close(),
  };
}

/** What is still to be written, and what is new with it. */
function together(before: Change | undefined, change: Change): Change {
  const journal = [...(before?.journal ?? []), ...(change.journal ?? [])];
  return { ...before, ...change, journal };
}
