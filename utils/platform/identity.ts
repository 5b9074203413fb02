/**
 * The browser's window for signing in elsewhere. To be called from the background alone: called from
 * a page that closes, the window stays and its result is lost (platform FACTS.md §9).
 */
import { browser } from 'wxt/browser';
import type { Failure } from '../tradovate/failure.ts';
import { withLock } from './locks.ts';

/** Where the window has to lead to. It differs from browser to browser. */
export function redirectUri(): string {
  return browser.identity.getRedirectURL();
}

/**
 * The client ID that the broker granted to Holdfast itself, from the build's environment variable
 * WXT_CLIENT_ID; null when there is none. A public client: no secret is in the build.
 */
export function grantedClientId(): string | null {
  const id: unknown = import.meta.env['WXT_CLIENT_ID'];
  return typeof id === 'string' && id !== '' ? id : null;
}

/**
 * Opens `url` and waits for the redirect; gives its address. Not interactive: no window is shown, and
 * it fails when the broker wants to ask something. One after the other: both browsers refuse a second
 * one at the same time ("Only one web auth flow is allowed at a time").
 */
export function authorize(url: string, how: How): Promise<{ address: string } | Failure> {
  return withLock('broker window', () => inWindow(url, how));
}

interface How {
  interactive: boolean;
  /** From when its turn has come. */
  limitMs: number;
}

async function inWindow(
  url: string,
  { interactive, limitMs }: How,
): Promise<{ address: string } | Failure> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Failure>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'authorization-timed-out' }), limitMs);
  });
  const flow = browser.identity.launchWebAuthFlow({ url, interactive }).then(
    (address): { address: string } | Failure =>
      address === undefined ? { kind: 'window-closed' } : { address },
    (error: unknown): Failure => ({ kind: kindOf(error) }),
  );
  const outcome = await Promise.race([flow, late]);
  clearTimeout(timer);
  return outcome;
}

/** The browsers have no codes for it. Chromium: "could not be loaded"; all else is a person's closing of the window. */
function kindOf(error: unknown): Failure['kind'] {
  // Of a worker that has died since: its window stays.
  if (/only one/i.test(String(error))) return 'window-open';
  if (!/could not be loaded|network/i.test(String(error))) return 'window-closed';
  return navigator.onLine ? 'unreachable' : 'offline';
}
