/**
 * What has to be opened before anything can be done. The browser has nothing but alarms to come back
 * by, and they are set from what is in the storage: so the guard comes first, and an opening that
 * failed is tried again by whatever asks next (RULES.md 1).
 */
export function openedAtNeed<T>(
  guard: () => Promise<void>,
  open: () => Promise<T>,
): () => Promise<T> {
  let opened: Promise<T> | undefined;
  const guarded = async () => {
    // Without its alarm it can still do what it was woken for.
    await guard().catch(() => undefined);
    return open();
  };
  return () => {
    opened ??= guarded().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}
