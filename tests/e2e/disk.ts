/** The vault's real database, as a test reads, stages or damages it from a page of the extension. */
import type { TestPage } from './browsers/browser.ts';
import type { Scene } from './scene.ts';

/** Runs in the page and sees nothing of the test's scope; resolve `done(tx)` before it returns. */
type Work<A> = (
  db: IDBDatabase,
  arg: A,
  done: (tx: IDBTransaction) => Promise<void>,
) => Promise<void>;

/** Does `work` on the database, in a page in which none of Holdfast's own code runs. */
export async function onDisk<A>(scene: Scene, work: Work<A>, arg: A): Promise<void> {
  const page = await scene.browser.open(scene.browser.extensionUrl('manifest.json'));
  await onDiskFrom(page, work, arg);
  await page.close();
}

/** Everything in every store, with its keys, as text: what is sealed and what cannot be read out is named. */
export async function everythingOnDisk(scene: Scene): Promise<string> {
  const page = await scene.browser.open(scene.browser.extensionUrl('manifest.json'));
  const text = await page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('The request failed.'));
      });
    const db = await answer(indexedDB.open('holdfast'));
    const stores = [...db.objectStoreNames].map(async (name) => {
      const store = db.transaction(name).objectStore(name);
      return [name, await answer(store.getAllKeys()), await answer<unknown[]>(store.getAll())];
    });
    const found = JSON.stringify(await Promise.all(stores), (_, value: unknown) => {
      if (value instanceof ArrayBuffer) return 'sealed';
      return value instanceof CryptoKey ? 'a sealing key' : value;
    });
    db.close();
    return found;
  });
  await page.close();
  return text;
}

/** The same from a page of the extension that is open already: one that closes starts the background. */
export async function onDiskFrom<A>(page: TestPage, work: Work<A>, arg: A): Promise<void> {
  await page.evaluate(`
    (async () => {
      const db = await new Promise((resolve, reject) => {
        const open = indexedDB.open('holdfast');
        open.onerror = () => reject(open.error);
        open.onsuccess = () => resolve(open.result);
      });
      const done = (tx) => new Promise((resolve, reject) => {
        tx.oncomplete = () => resolve();
        tx.onabort = () => reject(tx.error);
      });
      await (${work.toString()})(db, ${JSON.stringify(arg)}, done);
      db.close();
    })()
  `);
}
