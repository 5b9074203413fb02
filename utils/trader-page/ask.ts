/**
 * Asking the background from a page that is not ours: small, and whatever goes wrong stays out of
 * the page's console.
 *
 * The same wire as `ask` in utils/messages/protocol.ts, whose library would be a fifth of this script
 * (tests/unit/trader-page/ask.test.ts holds the two together).
 */
import { browser } from 'wxt/browser';
import type { ProtocolMap } from '../messages/protocol.ts';
import { systemClock } from '../platform/clock.ts';

type Question = 'signInFormSeen' | 'loginPicked' | 'openTabWanted' | 'webSessionSeen';
type Answer<R> = { res: R; err?: unknown } | undefined;
type Reply<Q extends Question> = ReturnType<ProtocolMap[Q]>;

/** The worker may just be starting, its listener not there yet. */
const PAUSES_MS = [100, 500, 2000];

/** After an update or removal of the extension this script goes on running without it. */
export const isOrphaned = (): boolean =>
  (browser.runtime as { id?: string } | undefined)?.id === undefined;

/** The background's answer; `undefined` when there is none to be had. */
export async function askQuietly<Q extends Question>(
  type: Q,
  data: Parameters<ProtocolMap[Q]>[0],
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<Reply<Q> | undefined> {
  const timestamp = systemClock.now();
  for (const pauseMs of [0, ...pausesMs]) {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (isOrphaned()) return undefined;
    try {
      const message = { id: timestamp, type, data, timestamp };
      const answer = await browser.runtime.sendMessage<typeof message, Answer<Reply<Q>>>(message);
      if (answer !== undefined && answer.err === undefined) return answer.res;
    } catch {
      // Asked again after the pause.
    }
  }
  return undefined;
}
