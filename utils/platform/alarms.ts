/**
 * The browser's alarms, made equal to the table of deadlines. They are never trusted to have
 * survived: Firefox forgets them at a restart, every browser at an update (extension-facts §3).
 */
import { browser } from 'wxt/browser';
import { alarmsFor } from '../keeper/when/alarms.ts';

const DEADLINE = 'deadline';
const GUARD = 'guard';

/** Sets the alarms for the earliest deadline, epoch ms; none when there is nothing to keep. */
export async function setDeadline(at: number | null, now: number): Promise<void> {
  if (at === null) {
    await browser.alarms.clearAll();
    return;
  }
  // Whole, as the browser gives back what was set.
  const due = alarmsFor(Math.ceil(at), now, import.meta.env.FIREFOX);
  // `persistAcrossSessions` is not passed: Firefox throws on properties it does not know.
  await Promise.all([
    due.deadline === null
      ? browser.alarms.clear(DEADLINE)
      : setOnce(DEADLINE, { when: due.deadline }),
    setOnce(GUARD, { when: due.guard, periodInMinutes: 1 }),
  ]);
}

/** Leaves an alarm that is right as it is. */
async function setOnce(name: string, alarm: { when: number; periodInMinutes?: number }) {
  const known = await browser.alarms.get(name);
  if (known?.scheduledTime !== alarm.when) await browser.alarms.create(name, alarm);
}

/** Calls `listener` at every alarm, whichever it is: the table of deadlines says what is due. */
export function onAlarm(listener: () => void): void {
  browser.alarms.onAlarm.addListener(listener);
}
