/**
 * Notices that the page itself signed in or renewed, by the name and status of its requests
 * (platform FACTS.md §0b). Contents are not visible, and a refused sign-in also answers 200: this
 * only says that a session may have been opened, and that it was not where the form stays.
 */

import type { WebCall } from '../records/login.ts';

/** An older call was seen by the script that ran here before an update of the extension. */
const RECENT_MS = 60_000;
/** A page that calls again and again is told of so often at most, and once more at the end. */
const PAUSE_MS = 3_000;
/** It renews once in an hour. */
const RENEWAL_PAUSE_MS = 60_000;
/** By then the page has taken away the form of a sign-in that went through. */
const FORM_GONE_MS = 5_000;

const CALL =
  /^https:\/\/(?:[a-z\d-]+\.)+tradovateapi\.com\/(?:v1\/)?auth\/(?:(accesstokenrequest)|renewaccesstoken)\/?(?:[?#]|$)/i;

export function recogniseCall(url: string): Exclude<WebCall, 'refused'> | null {
  const match = CALL.exec(url);
  if (match === null) return null;
  return match[1] === undefined ? 'renewal' : 'sign-in';
}

export interface WebSessionWatch {
  onCall: (call: WebCall) => void;
  /** Whether a sign-in form is on screen. */
  isFormShown: () => boolean;
  signal: AbortSignal;
}

export function watchWebSession({ onCall, isFormShown, signal }: WebSessionWatch): void {
  const signedIn = atMostEvery(PAUSE_MS, signal, () => {
    onCall('sign-in');
    lookForForm();
  });
  const lookForForm = afterwards(FORM_GONE_MS, signal, () => {
    if (isFormShown()) onCall('refused');
  });
  let renewedAt = -Infinity;
  const seen = (call: Exclude<WebCall, 'refused'>) => {
    if (call === 'sign-in') signedIn();
    else if (performance.now() - renewedAt >= RENEWAL_PAUSE_MS) {
      renewedAt = performance.now();
      onCall(call);
    }
  };
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
      const call = recogniseCall(entry.name);
      if (
        call !== null &&
        entry.responseStatus === 200 &&
        performance.now() - entry.responseEnd < RECENT_MS
      ) {
        seen(call);
      }
    }
  });
  observer.observe({ type: 'resource', buffered: true });
  signal.addEventListener('abort', () => {
    observer.disconnect();
  });
}

/** Does `work` once, `ms` after the last time it was asked for. */
function afterwards(ms: number, signal: AbortSignal, work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener('abort', () => clearTimeout(timer));
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
}

/** Does `work` at once, and when it is asked for again within `ms`, once more at their end. */
function atMostEvery(ms: number, signal: AbortSignal, work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  signal.addEventListener('abort', () => clearTimeout(timer));
  const now = () => {
    again = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (again) now();
    }, ms);
    work();
  };
  return () => {
    if (timer === undefined) now();
    else again = true;
  };
}
