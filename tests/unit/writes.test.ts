/** What a wake-up costs: how often the vault is read, and that each write of a login is published once. */
import { expect, test } from 'vitest';
import { openVault, type Vault } from '../../utils/vault/vault.ts';
import { START, World } from './world.ts';

const MINUTE = 60_000;

/** A world whose vault counts what it is asked. */
async function counted() {
  const asked: (keyof Vault)[] = [];
  const counting = async (name: string) =>
    new Proxy(await openVault(name), {
      get: (vault, what: keyof Vault) => {
        const method = Reflect.get(vault, what) as ((...args: unknown[]) => unknown) | undefined;
        return method && ((...args: unknown[]) => (asked.push(what), method.apply(vault, args)));
      },
    });
  const world = await World.createFrom({ openVault: counting }, { name: 'sam' });
  await world.signIn('sam');
  const during = async (work: () => Promise<unknown>) => {
    const [from, published] = [asked.length, world.published];
    await work();
    const all = asked.slice(from);
    const count = (...names: (keyof Vault)[]) => all.filter((what) => names.includes(what)).length;
    return {
      reads: count('known', 'logins', 'login', 'awake'),
      writes: count('write'),
      published: world.published - published,
    };
  };
  return { world, during };
}

test('a renewal reads all logins once a step, and publishes each of its two writes once', async () => {
  const { world, during } = await counted();
  await world.pass(64 * MINUTE);
  world.now = START + 65 * MINUTE;
  const before = world.calls('renewaccesstoken');
  const cost = await during(() => world.keeper.wake());
  expect(world.calls('renewaccesstoken')).toBe(before + 1);
  // What is due; the call that begins; its answer; what there is to tell.
  expect(cost).toEqual({ reads: 4, writes: 2, published: 2 });
});

test('a wake-up with nothing due writes nothing and publishes once: alarms may have been lost', async () => {
  const { world, during } = await counted();
  world.now += MINUTE;
  expect(await during(() => world.keeper.wake())).toEqual({ reads: 3, writes: 0, published: 1 });
});

test('what a person changes is read once, written once and published once', async () => {
  const { world, during } = await counted();
  const { id: loginId } = await world.record('sam');
  const edit = { loginId, label: 'sam', slots: 3, declared: [] };
  const once = { reads: 1, writes: 1, published: 1 };
  expect(await during(() => world.keeper.editLogin(edit))).toEqual(once);
});
