/** One policy lives through one month. Virtual time: the next thing that happens is always the next step. */
import { PASSWORD } from '../unit/world.ts';
import { Broker, type Session } from '../simulator/broker.ts';
import { Holdfast } from './holdfast.ts';
import { Meter, type Tally } from './meter.ts';
import { MINUTE, type Month, type Stranger } from './month.ts';
import { HOME_IP, type Line, type Subject } from './policies.ts';
import { seeded } from './seeded.ts';
import { after, holding } from './spans.ts';

/** How long a person who sits at the computer leaves a red login red. */
const PATIENCE_MS = 10 * MINUTE;
/** One sign-in after the other. */
const TYPING_MS = 30_000;

/** Makes a policy; null stands for the real keeper, which brings its own world. */
export type Make = ((line: Line, random: () => number) => Subject) | null;

interface Guest extends Stranger {
  session: Session;
  renewAt: number;
  tab: number;
}

/** Lives through `month` with the policy, and says what it came to. */
export async function run(make: Make, month: Month, inMemory = true): Promise<Tally> {
  const random = seeded(month.seed + 7_777);
  const holdfast = make === null ? await Holdfast.create(month, random, inMemory) : null;
  const stage = holdfast?.world ?? lone(month);
  const { broker } = stage;
  const subject = holdfast ?? make?.({ broker, now: () => stage.now }, random);
  if (!subject) throw new Error('No policy.');
  Object.assign(broker.settings.budgets, { renewals: true, failedSignIns: true });
  return new Play(month, stage, subject, holdfast).play();
}

interface Stage {
  now: number;
  readonly broker: Broker;
}

/** A broker with its clock, for policies that need no world. */
function lone(month: Month): Stage {
  const clock = { now: () => stage.now };
  const stage: Stage = { now: month.from, broker: new Broker({ clock }) };
  for (const name of month.logins) stage.broker.addUser({ name, password: PASSWORD });
  return stage;
}

class Play {
  readonly #month: Month;
  readonly #stage: Stage;
  readonly #subject: Subject;
  readonly #holdfast: Holdfast | null;
  readonly #meter: Meter;
  readonly #script: { at: number; act: () => void | Promise<void> }[] = [];
  #guests: Guest[] = [];
  /** When the person will have signed in again, by login. */
  readonly #clicks = new Map<string, number>();
  readonly #lost = new Set<string>();
  #lastClick = 0;
  #asleepSince: number | null = null;
  #tabs = 0;

  constructor(month: Month, stage: Stage, subject: Subject, holdfast: Holdfast | null) {
    this.#month = month;
    this.#stage = stage;
    this.#subject = subject;
    this.#holdfast = holdfast;
    this.#meter = new Meter(stage.broker, month, (session) =>
      this.#guests.some((guest) => guest.session === session && stage.now < guest.usedUntil),
    );
    this.#write();
  }

  async play(): Promise<Tally> {
    const { from, until } = this.#month;
    this.#stage.now = from;
    let stuck = 0;
    while (this.#stage.now < until) {
      const before = this.#stage.now;
      const at = Math.min(until, Math.max(before, this.#next()));
      stuck = at === before ? stuck + 1 : 0;
      if (stuck > 1_000) throw new Error('A thousand steps at one moment: a tight loop.');
      const awake = this.#asleepSince === null;
      this.#meter.pass(before, at, awake);
      this.#holdfast?.passed();
      this.#stage.now = at;
      if (at < until) await this.#step();
    }
    const tally = this.#meter.end();
    tally.wakes = this.#subject.wakes;
    tally.eventsDue = this.#holdfast?.eventsDue ?? 0;
    return tally;
  }

  #next(): number {
    const { now } = this.#stage;
    const timer = this.#asleepSince === null ? (this.#subject.due() ?? Infinity) : Infinity;
    return Math.min(
      this.#script[0]?.at ?? Infinity,
      timer,
      this.#meter.nextEnd(now),
      ...this.#clicks.values(),
      ...this.#guests.map(({ renewAt }) => renewAt),
    );
  }

  /** Everything that is due now; what happens to the policy comes before what it does. */
  async #step(): Promise<void> {
    const { now } = this.#stage;
    while (this.#script[0] && this.#script[0].at <= now) await this.#script.shift()?.act();
    for (const guest of this.#guests.filter(({ renewAt }) => renewAt <= now)) {
      await this.#renewGuest(guest);
    }
    const due = this.#subject.due();
    if (this.#asleepSince === null && due !== null && due <= now) await this.#subject.wake();
    for (const [login, at] of [...this.#clicks]) {
      if (at > now) continue;
      this.#clicks.delete(login);
      await this.#signIn(login);
    }
    this.#stage.broker.sweep();
    await this.#look();
  }

  /** Who has lost a token since the last step: the person, or the program, will do something about it. */
  async #look(): Promise<void> {
    const { now } = this.#stage;
    const red = await this.#holdfast?.red();
    for (const login of this.#month.logins) {
      this.#meter.holds(login, await this.#subject.token(login));
      const lost = red ? red.has(login) : !this.#meter.works(login, now);
      if (!lost) {
        this.#lost.delete(login);
        this.#clicks.delete(login);
      } else if (!this.#lost.has(login) && this.#signedInOnce.has(login)) {
        this.#lost.add(login);
        if (this.#subject.signsInByItself) this.#subject.lost(login);
        else this.#planClick(login);
      }
    }
  }

  readonly #signedInOnce = new Set<string>();

  #planClick(login: string): void {
    const { attended } = this.#month;
    const ready = after(attended, this.#stage.now, PATIENCE_MS);
    this.#lastClick = after(attended, Math.max(ready, this.#lastClick + TYPING_MS), 0);
    this.#clicks.set(login, this.#lastClick);
  }

  async #signIn(login: string): Promise<void> {
    this.#meter.asked = true;
    const ok = await this.#subject.signIn(login);
    this.#meter.asked = false;
    if (ok) this.#signedInOnce.add(login);
    else this.#planClick(login);
  }

  #openGuest(stranger: Stranger): Promise<void> | void {
    this.#meter.others = true;
    const session = this.#stage.broker.openSession(
      stranger.login,
      stranger.where === 'elsewhere' ? 'Other Program' : 'Web Trader',
      'demo',
    );
    this.#meter.others = false;
    const guest = { ...stranger, session, renewAt: 0, tab: ++this.#tabs };
    this.#plan(guest);
    this.#guests = [...this.#guests.filter(({ usedUntil }) => this.#stage.now < usedUntil), guest];
    this.#meter.othersOpened(stranger.login, this.#stage.now);
    if (guest.where === 'here') return this.#holdfast?.webSessionSeen('sign-in', guest.tab);
  }

  /** Others renew as they should: 15 minutes before the end, for as long as they are used. */
  #plan(guest: Guest, in_: number = guest.session.expiresAt - this.#stage.now - 15 * MINUTE): void {
    let at = this.#stage.now + in_;
    if (guest.where === 'here') at = holding(this.#month.asleep, at)?.until ?? at;
    const over = at >= guest.usedUntil || guest.session.state !== 'open';
    guest.renewAt = over || at >= guest.session.expiresAt ? Infinity : at;
  }

  async #renewGuest(guest: Guest): Promise<void> {
    this.#meter.others = true;
    const { status, body } = this.#stage.broker.handle({
      method: 'GET',
      host: 'demo.tradovateapi.com',
      path: '/v1/auth/renewaccesstoken',
      headers: { authorization: `Bearer ${guest.session.accessToken}` },
      body: '',
      // Every other place has a network of its own.
      ip: guest.where === 'here' ? HOME_IP : `10.${guest.login.length}.${guest.tab % 250}.1`,
    });
    this.#meter.others = false;
    const ok = status === 200 && body.includes('"accessToken"');
    if (ok) this.#plan(guest);
    else this.#plan(guest, 2 * MINUTE);
    if (ok && guest.where === 'here') await this.#holdfast?.webSessionSeen('renewal', guest.tab);
  }

  #write(): void {
    const { settings } = this.#stage.broker;
    const at = (time: number, act: () => void | Promise<void>): void => {
      this.#script.push({ at: time, act });
    };
    const { month, meter } = { month: this.#month, meter: this.#meter };
    for (const [index, login] of month.logins.entries()) {
      at(month.from + (index + 1) * TYPING_MS, () => this.#signIn(login));
    }
    for (const { from, until, answer } of month.outages) {
      at(from, () => {
        settings.maintenanceAnswer = answer;
        settings.maintenance = true;
      });
      at(until, () => {
        settings.maintenance = false;
      });
    }
    for (const { from, until } of month.asleep) {
      at(from, () => {
        this.#asleepSince = from;
      });
      at(until, () => {
        this.#asleepSince = null;
        this.#subject.slept(until - from);
      });
    }
    for (const { at: time, fault, pTime } of month.faults) {
      at(time, () => {
        meter.faultAdded();
        this.#stage.broker.fault({ endpoint: 'renewaccesstoken', fault, pTime });
      });
    }
    for (const { at: time, step } of month.deaths) at(time, () => this.#holdfast?.die(step));
    for (const stranger of month.strangers) at(stranger.at, () => this.#openGuest(stranger));
    this.#script.sort((one, other) => one.at - other.at);
  }
}
