/**
 * Notices that the page itself signed in or renewed, by the name and status of its requests
 * (platform FACTS.md §0b). Contents are not visible, and a refused sign-in also answers 200: this
 * only says that a session may have been opened.
 */

export type WebCall = 'sign-in' | 'renewal';

/** An older call was seen by the script that ran here before an update of the extension. */
const RECENT_MS = 60_000;

const CALL =
  /^https:\/\/(?:[a-z\d-]+\.)+tradovateapi\.com\/(?:v1\/)?auth\/(?:(accesstokenrequest)|renewaccesstoken)\/?(?:[?#]|$)/i;

export function recogniseCall(url: string): WebCall | null {
  const match = CALL.exec(url);
  if (match === null) return null;
  return match[1] === undefined ? 'renewal' : 'sign-in';
}

export interface WebSessionWatch {
  onCall: (call: WebCall) => void;
  signal: AbortSignal;
}

export function watchWebSession({ onCall, signal }: WebSessionWatch): void {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
      const call = recogniseCall(entry.name);
      if (
        call !== null &&
        entry.responseStatus === 200 &&
        performance.now() - entry.responseEnd < RECENT_MS
      ) {
        onCall(call);
      }
    }
  });
  observer.observe({ type: 'resource', buffered: true });
  signal.addEventListener('abort', () => {
    observer.disconnect();
  });
}
