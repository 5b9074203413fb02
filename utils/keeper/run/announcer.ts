/** Says outside the pages what there is to say, once all that is under way is done. */
import { whatToTell, type NoticeData } from '../status/notices.ts';
import type { Ports } from './ports.ts';
import type { Writes } from './writes.ts';

export class Announcer {
  readonly #ports: Pick<Ports, 'clock' | 'lock' | 'notify'>;
  readonly #writes: Writes;
  #underWay = 0;

  constructor(ports: Pick<Ports, 'clock' | 'lock' | 'notify'>, writes: Writes) {
    this.#ports = ports;
    this.#writes = writes;
  }

  /** What there is to say: noted first, as a notification that comes twice is worse than the badge alone. */
  tell(): Promise<void> {
    const { clock, lock, notify } = this.#ports;
    return lock('tell', async () => {
      let notices: NoticeData[] = [];
      await this.#writes.notified((known) => {
        const said = whatToTell(known, clock.now());
        if (said.notified !== known.notified) notices = said.notices;
        return said;
      });
      await Promise.allSettled(notices.map((notice) => notify(notice)));
    });
  }

  /** The last one under way tells of all, so that one cause makes one notification. */
  async after<T>(work: Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await work;
    } finally {
      // Not told now, then at the next wake-up.
      if (--this.#underWay === 0) await this.tell().catch(() => undefined);
    }
  }
}
