/**
 * The browser's alarms, made equal to the table of deadlines. They are never trusted to have
 * survived: Firefox forgets them at a restart, every browser at an update (platform FACTS.md §3).
 */
import { browser } from 'wxt/browser';
import { SECOND } from '../durations.ts';
import { systemClock } from './clock.ts';

const DEADLINE = 'deadline';
const GUARD = 'guard';

/** No alarm of Chromium's comes sooner (platform FACTS.md §3); the worker lives that long without one. */
const SHORTEST_MS = 30 * SECOND;

let wake: () => void = () => undefined;
let soon: ReturnType<typeof setTimeout> | undefined;

/** Whether the browser's alarms slip by the time the computer slept (platform FACTS.md §3). */
export const alarmsSlip = (): boolean => import.meta.env.FIREFOX;

/** Sets the alarms, epoch ms; null: there is nothing to keep, and none is set. */
export async function setAlarms(
  due: { deadline: number | null; guard: number } | null,
): Promise<void> {
  keepNear(due?.deadline ?? null);
  if (due === null) {
    await browser.alarms.clearAll();
    return;
  }
  // `persistAcrossSessions` is not passed: Firefox throws on properties it does not know.
  await Promise.all([
    due.deadline === null
      ? browser.alarms.clear(DEADLINE)
      : setOnce(DEADLINE, { when: due.deadline }),
    setOnce(GUARD, { when: due.guard, periodInMinutes: 1 }),
  ]);
}

/** Makes sure that there is a guard by `when`, epoch ms, whatever else is set or is not. */
export async function setGuard(when: number): Promise<void> {
  const known = await browser.alarms.get(GUARD);
  if (known === undefined || known.scheduledTime > when) {
    await browser.alarms.create(GUARD, { when, periodInMinutes: 1 });
  }
}

/** A deadline that is nearer than any alarm is kept by a timer as well, which dies with the worker. */
function keepNear(deadline: number | null): void {
  clearTimeout(soon);
  const wait = (deadline ?? Infinity) - systemClock.now();
  if (wait < SHORTEST_MS) soon = setTimeout(() => wake(), Math.max(0, wait));
}

/** Leaves an alarm that is right as it is. */
async function setOnce(name: string, alarm: { when: number; periodInMinutes?: number }) {
  const known = await browser.alarms.get(name);
  if (known?.scheduledTime !== alarm.when) await browser.alarms.create(name, alarm);
}

/** Calls `listener` at every alarm, whichever it is: the table of deadlines says what is due. */
export function onAlarm(listener: () => void): void {
  wake = listener;
  browser.alarms.onAlarm.addListener(listener);
}
