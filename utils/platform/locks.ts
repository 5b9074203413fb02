/** Runs `work` alone among all contexts of the extension; the browser frees the lock when its holder dies. */
export function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(name, work);
}
