/** The real keeper, client and vault as a policy of the benchmark. */
import { worst } from '../../utils/keeper/status/state.ts';
import { PASSWORD, signInOf, World } from '../unit/world.ts';
import { memoryVault } from './memory-vault.ts';
import { MINUTE, type Month } from './month.ts';
import type { Subject } from './policies.ts';

export class Holdfast implements Subject {
  readonly signsInByItself = false;
  wakes = 0;
  /** Wake-ups after which something was different: a call made, a record written, a state changed. */
  eventsDue = 0;
  readonly world: World;
  readonly #ids = new Map<string, string>();
  #writes = 0;
  #states = '';
  /** The worker is gone, and the next alarm brings it back. */
  #backAt: number | null = null;
  /** The step of the next work at which the worker will die. */
  #diesAt: number | null = null;
  #strike: (() => void) | null = null;

  private constructor(world: World) {
    this.world = world;
    let step = 0;
    let onTheWay = 0;
    world.onStep = (what) => {
      if (what === 'write') this.#writes++;
      if (this.#strike && this.#diesAt !== null && what !== 'answered' && onTheWay === 0) {
        if (step++ === this.#diesAt) {
          step = 0;
          this.#diesAt = null;
          world.kill();
          this.#strike();
          return;
        }
      }
      // A death in the quarter of a second between request and answer comes once in ten years at these
      // rates; tests/unit/bug-classes.test.ts has it.
      if (what === 'renew') onTheWay++;
      if (what === 'answered') onTheWay--;
    };
  }

  static async create({ logins }: Month, random: () => number, inMemory = true): Promise<Holdfast> {
    const parts = inMemory ? { random, openVault: memoryVault() } : { random };
    const world = await World.createFrom(parts, ...logins.map((name) => ({ name })));
    return new Holdfast(world);
  }

  due(): number | null {
    return this.#backAt ?? this.world.alarm;
  }

  async wake(): Promise<void> {
    await this.#back();
    this.wakes++;
    const writes = this.#writes;
    const states = this.#states;
    const struck = new Promise<void>((resolve) => {
      this.#strike = () => {
        this.#backAt = this.#nextAlarm();
        resolve();
      };
    });
    await Promise.race([this.world.keeper.wake(), struck]);
    this.#strike = null;
    await this.red();
    if (this.#writes > writes || this.#states !== states) this.eventsDue++;
  }

  slept(): void {
    // Alarms are times of the clock: what was missed is due now.
  }

  async signIn(login: string): Promise<boolean> {
    await this.#back();
    const id = this.#ids.get(login);
    const answer =
      id === undefined
        ? await this.world.keeper.signIn(signInOf(login))
        : await this.world.keeper.reconnect({ loginId: id, password: PASSWORD });
    if (id === undefined && answer.ok) this.#ids.set(login, (await this.world.record(login)).id);
    return answer.ok;
  }

  async token(login: string): Promise<string | undefined> {
    const id = this.#ids.get(login);
    return id === undefined ? undefined : (await this.world.vault.token(id))?.accessToken;
  }

  lost(): void {
    // It waits for the person.
  }

  /** The logins that the popup shows red or gray: a person is asked for. */
  async red(): Promise<Set<string>> {
    const records = await this.world.vault.logins();
    const states = records.map((record) => worst([record], this.world.now));
    this.#states = states.join();
    return new Set(
      records
        .filter((_, index) => states[index] === 'disconnected' || states[index] === 'expired')
        .map(({ userName }) => userName),
    );
  }

  /** The content script saw a web login, or its renewal, in this browser. */
  async webSessionSeen(call: 'sign-in' | 'renewal', tabId: number): Promise<void> {
    await this.#back();
    await this.world.keeper.webSessionSeen(call, tabId, 'trader.tradovate.com');
  }

  /** The worker dies: now, or at a step of its next work. */
  async die(step: number | null): Promise<void> {
    if (step !== null) {
      this.#diesAt = step;
      return;
    }
    this.world.kill();
    await this.world.boot();
  }

  /** Time goes by. */
  passed(): void {
    // What a month of calls leaves behind is not looked at here.
    this.world.requests.length = 0;
  }

  /** The alarm after the one that has just woken a worker which died before it could set others. */
  #nextAlarm(): number {
    const { now, alarms } = this.world;
    if (alarms === null) throw new Error('A worker with nothing to do was woken.');
    if (alarms.deadline !== null && alarms.deadline > now) return alarms.deadline;
    const fired = Math.max(0, Math.floor((now - alarms.guard) / MINUTE) + 1);
    return alarms.guard + fired * MINUTE;
  }

  async #back(): Promise<void> {
    if (this.#backAt === null) return;
    this.#backAt = null;
    await this.world.boot();
  }
}
