/**
 * Tells open pages that something in the vault has changed, and nothing more: they read it
 * themselves. A BroadcastChannel, because unlike a message or a port it wakes no worker.
 */
const NAME = 'holdfast-changes';

/** Tell every open page. */
export function announceChange(): void {
  const channel = new BroadcastChannel(NAME);
  channel.postMessage(null);
  channel.close();
}

/** Calls `listener` after each change; returns what stops it. */
export function onChange(listener: () => void): () => void {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = listener;
  return () => channel.close();
}
