/**
 * Looks at the page again and again, for very little of its time: soon after the start, then not
 * even twice in a second. A page out of view gets no looks; its first frame in view brings the next.
 */
const FIRST_MS = 200;
/** Leaves time for the background's answer in the second that a card may be later than its form. */
export const LOOK_MS = 800;

export function lookNowAndThen(look: () => void, signal: AbortSignal): void {
  let pauseMs = FIRST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;

  // What is newly observed is told of once, in the next frame, when the page's styles and layout
  // have just been worked out: reading them then costs next to nothing, at any other time a lot.
  const laidOut = new ResizeObserver(() => {
    laidOut.disconnect();
    look();
  });
  function wait(): void {
    // No event tells reliably of the way back into view: document.open() removes all listeners.
    if (document.hidden) {
      frame = requestAnimationFrame(onDue);
      return;
    }
    timer = setTimeout(onDue, pauseMs);
    pauseMs = Math.min(2 * pauseMs, LOOK_MS);
  }
  function onDue(): void {
    wait();
    // Firefox grants a page out of view a frame now and then.
    if (document.hidden) return;
    // There is none for a moment when the page opens its document anew.
    const root = document.documentElement as Element | null;
    if (root !== null) laidOut.observe(root);
  }
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    laidOut.disconnect();
  });
  wait();
}
