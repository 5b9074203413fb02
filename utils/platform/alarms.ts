/**
 * The browser's alarms, made equal to the table of deadlines. They are never trusted to have
 * survived: Firefox forgets them at a restart, every browser at an update (extension-facts §3).
 */
import { browser } from 'wxt/browser';

/** Exact, for the earliest deadline. */
const DEADLINE = 'deadline';
/** Every minute while there is something to keep: an alarm set for a time asleep may be late or lost. */
const TICK = 'tick';
const TICK_MS = 60_000;

/** Sets the alarms for the earliest deadline, epoch ms; none when there is nothing to keep. */
export async function setDeadline(at: number | null, now: number): Promise<void> {
  if (at === null) {
    await browser.alarms.clearAll();
    return;
  }
  const [deadline, tick] = await Promise.all([
    browser.alarms.get(DEADLINE),
    browser.alarms.get(TICK),
  ]);
  // `persistAcrossSessions` is not passed: Firefox throws on properties it does not know.
  if (deadline?.scheduledTime !== at) await browser.alarms.create(DEADLINE, { when: at });
  // After the clock was set back the next tick would be as far away as the clock was set.
  if (!tick || tick.scheduledTime > now + TICK_MS)
    await browser.alarms.create(TICK, { periodInMinutes: 1 });
}

/** Calls `listener` at every alarm, whichever it is: the table of deadlines says what is due. */
export function onAlarm(listener: () => void): void {
  browser.alarms.onAlarm.addListener(listener);
}
