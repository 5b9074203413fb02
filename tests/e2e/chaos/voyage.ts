/**
 * One voyage: some logins are signed in once, then deaths of the background and of the browser fall
 * into whatever is going on, and after each one is looked whether anything was lost.
 *
 * The broker is kind in one thing, `oldTokenAfterRenewal: 'valid'`: with the other answer a renewal
 * whose reply was lost cannot be saved by anybody. And nothing is done to a login that has no time
 * left to survive it: that would be a mistake of this file, not of the product.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { earliestDeadline } from '../../../utils/keeper/when/deadlines.ts';
import { sentence } from '../../sentence.ts';
import { sampleApp } from '../../simulator/broker-types.ts';
import type { Hold } from '../../simulator/server.ts';
import { until } from '../browsers/index.ts';
import type { TestPage } from '../browsers/browser.ts';
import { WELCOME, type Scene } from '../scene.ts';
import type { Dice } from './dice.ts';
import { throwLife, throwStep, type Death, type Flow, type Step } from './plan.ts';
import {
  checkDisk,
  checkJournal,
  clock,
  describe,
  ownSession,
  readDisk,
  type Kept,
} from './watch.ts';

const NAMES = ['ann', 'kim', 'lee', 'sam'] as const;
/** Time to sign in, or to start the browser again, ms. */
const CALM_LIFE = 45_000;
const CRASH_ROOM = 28_000;
/** Life of the tokens of the quiet time at the end, ms. */
const QUIET_LIFE = 16_000;
/** From a death by message to the first call after it, on a busy machine, ms. */
const WAKE_MS = { chromium: 700, firefox: 1_000 } as const;
/** The keeper's shortest back-off, with what surrounds it, ms. */
const BACK_OFF_MS = 1_300;
/** A later alarm is not waited for, but a message sent: deaths are to come often, ms. */
const ALARM_WAIT_MS = 7_000;
/** How long a renewal by the clock is waited for, ms. */
const HOLD_PATIENCE_MS = 4_000;
/** Left over at the end, ms. */
const RESERVE_MS = 1_000;

export interface VoyageOptions {
  dice: Dice;
  /** How often the background is killed. */
  kills: number;
  /** How often the whole browser is. */
  crashes: number;
  logins: number;
  /** Hears of every step as it is done. */
  tell?: ((line: string) => void) | undefined;
}

/** What happened, by its name: kills by stage, wakes by what they came from, calls, and so on. */
export type Tally = Record<string, number>;

/** Sails until `kills` and `crashes` are reached, ends with every login green; throws at the first thing lost. */
export async function sail(scene: Scene, options: VoyageOptions): Promise<Tally> {
  const voyage = new Voyage(scene, options);
  try {
    await voyage.embark();
    await voyage.sail();
    await voyage.arrive();
    return voyage.tally;
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    throw new Error(`${told}\n${await voyage.log()}`, { cause: error });
  }
}

class Voyage {
  readonly tally: Tally = {};
  readonly #scene: Scene;
  readonly #options: VoyageOptions;
  readonly #users: string[];
  readonly #log: string[] = [];
  /** A page of the extension in which none of its code runs. */
  #reader!: TestPage;
  #popup!: TestPage;
  #optionsPage!: TestPage;
  /** The broker's page. */
  #tab: TestPage | null = null;
  /** Life of every token instead of the dice's, ms. */
  #life: number | null = CALM_LIFE;

  constructor(scene: Scene, options: VoyageOptions) {
    this.#scene = scene;
    this.#options = options;
    this.#users = NAMES.slice(0, options.logins);
  }

  /** Signs everybody in, the only time that happens. */
  async embark(): Promise<void> {
    const { dice } = this.#options;
    const { broker } = this.#scene;
    for (const user of this.#users) {
      this.#scene.addUser(user, {
        slots: 100,
        oldTokenAfterRenewal: 'valid',
        lifetimeMs: CALM_LIFE,
      });
      await this.#scene.connect(user, {
        frontDoor: dice.pick(['Tradovate', 'NinjaTrader']),
        environment: dice.pick(['Live', 'Demo']),
      });
    }
    const lives = new Map(this.#users.map((user) => [user, dice.split(`lives of ${user}`)]));
    const drawLife = (user: string) => {
      const own = lives.get(user);
      if (own) broker.user(user).settings.lifetimeMs = this.#life ?? throwLife(own);
    };
    broker.on((event) => {
      if (event.type === 'session-renewed' && event.session.appId === sampleApp.appId) {
        drawLife(event.session.user);
        this.#count('renewals');
      }
      if (event.type === 'session-closed' && event.session.appId === sampleApp.appId) {
        this.#note(`the session of ${event.session.user} is ${event.reason}`);
      }
    });
    await this.#openPages();
    await this.#check();
    this.#life = null;
    for (const user of this.#users) {
      drawLife(user);
      await this.#press(this.#popup, user, 'Renew now');
    }
  }

  async sail(): Promise<void> {
    const { dice, kills, crashes, logins } = this.#options;
    for (;;) {
      const [killed, crashed] = [this.#counted('kills'), this.#counted('crashes')];
      if (killed >= kills && crashed >= crashes) return;
      await this.#resumeWhoNeedsIt();
      // Spread over the voyage, the last one before its end.
      if (crashed < crashes && killed >= ((crashed + 1) * kills) / (crashes + 1)) {
        await this.#crash(throwStep(dice, logins));
      } else {
        await this.#perform(throwStep(dice, logins));
      }
      await this.#check();
    }
  }

  /** A quiet time without a page, then everybody is green, and the broker takes what is stored. */
  async arrive(): Promise<void> {
    const { broker, browser } = this.#scene;
    broker.clearFaults();
    for (const user of this.#users) await this.#keepPaused(user, false);
    await this.#renewAll(QUIET_LIFE, ({ session }) => session.lifeMs <= QUIET_LIFE);
    await this.#popup.close();
    await this.#optionsPage.close();
    await this.#tab?.close();
    // From here on alarms alone bring it back.
    await browser.killBackground();
    await this.#check();
    const before = new Map(this.#users.map((user) => [user, ownSession(broker, user).renewals]));
    this.#note('quiet time');
    await until(() => this.#users.every((user) => this.#renewals(user) > (before.get(user) ?? 0)), {
      what: 'everybody to be renewed by alarm',
      timeoutMs: 50_000,
      intervalMs: 100,
    });
    const popup = await this.#scene.openPopup();
    await popup.waitForText(`${this.#users.length} of ${this.#users.length} connected`);
    for (const user of this.#users) {
      const known = this.#renewals(user);
      // A click right after a renewal is answered by that one.
      await until(
        async () => {
          await this.#press(popup, user, 'Renew now');
          return this.#renewals(user) > known;
        },
        { what: `a renewal of ${user} with the stored token`, timeoutMs: 20_000, intervalMs: 200 },
      );
    }
    await popup.waitForText(`${this.#users.length} of ${this.#users.length} connected`);
    await until(async () => (await browser.badge()).text === '✓', { what: 'a green badge' });
    await this.#check();
    await popup.close();
    await this.#reader.close();
    this.#count('calls', broker.journal.filter(({ from }) => from === 'program').length);
  }

  /** For whoever looks for the cause: what was done, what the broker saw, what the keeper noted. */
  async log(): Promise<string> {
    const { broker } = this.#scene;
    const calls = broker.journal.filter(({ from }) => from === 'program').slice(-40);
    const disk = await readDisk(this.#reader).catch(() => null);
    const names = new Map(
      (disk?.logins as { id: string; userName: string }[] | undefined)?.map((login) => [
        login.id,
        login.userName,
      ]),
    );
    const noted = disk?.journal
      .slice(-40)
      .map(
        ({ at, loginId, what, note = '' }) => `${clock(at)} ${names.get(loginId)} ${what} ${note}`,
      );
    return [
      'Done:',
      ...this.#log.slice(-40),
      'Seen by the broker:',
      ...calls.map(describe),
      'Noted by the keeper:',
      ...(noted ?? ['(not readable)']),
      'On disk:',
      ...(disk?.logins ?? []).map((login) => JSON.stringify(login)),
    ].join('\n');
  }

  async #openPages(): Promise<void> {
    const { browser } = this.#scene;
    this.#reader = await browser.open(browser.extensionUrl('manifest.json'));
    this.#optionsPage = await this.#scene.openOptions();
    this.#popup = await this.#scene.openPopup();
  }

  /** Nothing is lost, as far as broker and disk can tell. Gives the logins on disk. */
  async #check(): Promise<Kept[]> {
    const { broker } = this.#scene;
    const kept = checkDisk(await readDisk(this.#reader), broker, this.#users);
    checkJournal(broker, this.#users);
    return kept;
  }

  /** Everybody gets a token of that life, by clicks where the clock does not do it. */
  async #renewAll(life: number, enough: (login: Kept) => boolean): Promise<void> {
    this.#life = life;
    for (const user of this.#users) this.#scene.broker.user(user).settings.lifetimeMs = life;
    await until(
      async () => {
        const others = (await this.#check()).filter((login) => !enough(login));
        for (const { userName } of others) await this.#press(this.#popup, userName, 'Renew now', 0);
        return others.length === 0;
      },
      { what: 'everybody to be renewed', timeoutMs: 60_000, intervalMs: 200 },
    );
  }

  async #perform(step: Step): Promise<void> {
    const user = await this.#user(step);
    const { broker } = this.#scene;
    const told = [step.fault?.fault, step.death && `${step.death.stage} x${step.death.times}`];
    this.#note(`${user} ${step.flow} ${told.filter(Boolean).join(' ')}`);
    if (step.fault && (await this.#survives(user, step.fault, step.flow))) {
      broker.fault({ ...step.fault, user });
      this.#count(`fault ${step.fault.fault}`);
    }
    const hold = this.#holdFor(step, user);
    const flow = this.#flow(hold ? await this.#whatRenews(step.flow) : step.flow, user).catch(
      (error: unknown) => {
        // Its page was answered by silence, as a person's would be.
        this.#note(`${user} ${step.flow} went wrong: ${String(error).split('\n')[0]}`);
      },
    );
    if (step.death) {
      const there = hold
        ? await this.#reached(hold, step.flow)
        : await pause(step.death.afterMs, true);
      if (there) await this.#die(step.death, hold);
      else this.#note('no call came');
    }
    hold?.drop();
    await flow;
    // One that has not happened by now would hit the next step, which does not count on it.
    if (broker.pendingFaults().length > 0) broker.clearFaults();
  }

  /** SIGKILL for everything, with time enough to start again. */
  async #crash(step: Step): Promise<void> {
    const { browser, broker } = this.#scene;
    broker.clearFaults();
    for (const user of this.#users) await this.#keepPaused(user, false);
    await this.#renewAll(CALM_LIFE, (login) => timeLeft(login) >= CRASH_ROOM);
    this.#life = null;
    const user = await this.#user(step);
    const held = step.death && step.death.stage !== 'any' ? step.death.stage : null;
    this.#note(`${user} renew, crash ${held ?? 'at any time'}`);
    const hold = held ? this.#scene.simulator.hold({ endpoint: 'renewaccesstoken' }, held) : null;
    const flow = this.#flow('renew', user).catch(() => undefined);
    if (hold) await this.#reached(hold, 'renew');
    else await pause(step.death?.afterMs ?? 0);
    await browser.crash();
    if (step.death?.held === 'release') hold?.release();
    hold?.drop();
    await flow;
    this.#count('crashes');
    this.#tab = null;
    await browser.relaunch();
    this.#note('started again');
    await this.#openPages();
  }

  /** Kills the background as often as the time left allows; false when it does not at all. */
  async #die(death: Death, hold: Hold | null = null): Promise<void> {
    const { browser } = this.#scene;
    let held = hold;
    for (let time = 1; ; time++) {
      if (!(await this.#roomToDie(held !== null))) {
        this.#note('no room');
        held?.release();
        return;
      }
      if (!(await browser.backgroundRuns())) await this.#poke();
      const killedAt = Date.now();
      await browser.killBackground();
      this.#count('kills');
      this.#count(`kill ${held ? death.stage : 'at any time'}`);
      this.#note('killed');
      const cut = held !== null;
      if (held) {
        // The caller is gone before the broker goes on.
        await Promise.race([held.finished, pause(300)]);
        if (death.held === 'release') held.release();
        else held.drop();
        held = null;
      }
      const kept = await this.#check();
      if (cut && kept.every(({ call }) => call === null) && !(await this.#foundSince(killedAt))) {
        throw new Error('A call was out, and the disk does not know of it.');
      }
      if (time >= death.times || this.#counted('kills') >= this.#options.kills) {
        await this.#wake(death.wake, kept);
        return;
      }
      await this.#poke(kept.find(({ call }) => call !== null));
      await pause(death.gapMs);
    }
  }

  /** Whether the background has started again since, by a page that had something to say, and found a call cut off. */
  async #foundSince(at: number): Promise<boolean> {
    const { journal } = await readDisk(this.#reader);
    return journal.some((line) => line.what === 'interrupted' && line.at >= at);
  }

  /** Waits until everybody can survive a death now; a call that is held is not waited for. */
  async #roomToDie(held: boolean): Promise<boolean> {
    const enough = async () => {
      const kept = await this.#check();
      return kept.every((login) => timeLeft(login) >= this.#needOf(login));
    };
    if (await enough()) return true;
    if (held) return false;
    return until(enough, { what: 'room', timeoutMs: 4_000 }).then(
      () => true,
      () => false,
    );
  }

  /** How much time a login has to have left to survive one death, ms. */
  #needOf(login: Kept): number {
    const backOff = login.failures > 0 ? BACK_OFF_MS : 0;
    return WAKE_MS[this.#scene.browser.name] + backOff + RESERVE_MS;
  }

  /** Brings the background back, by its own alarm only where that is in time for everybody. */
  async #wake(by: Death['wake'], kept: readonly Kept[]): Promise<void> {
    const { browser } = this.#scene;
    let came: string;
    const now = Date.now();
    const due = earliestDeadline(kept, now) ?? Infinity;
    const inTime = kept.every((login) => {
      const paused = login.pausedAt === null ? 0 : 4_000;
      return login.session.expiresAt - Math.max(due, now) >= this.#needOf(login) + paused;
    });
    if (by === 'alarm' && inTime && due - now <= ALARM_WAIT_MS) {
      await until(() => browser.backgroundRuns(), {
        what: `the alarm of ${clock(due)}`,
        timeoutMs: Math.max(0, due - now) + 5_000,
        intervalMs: 20,
      });
      this.#count((came = 'woken by alarm'));
    } else if (by === 'click' && (await this.#clickAnything())) {
      await until(() => browser.backgroundRuns(), { what: 'the background', intervalMs: 20 });
      this.#count((came = 'woken by click'));
    } else {
      await this.#poke(kept.find(({ call }) => call !== null));
      this.#count((came = 'woken by message'));
    }
    this.#note(came);
  }

  /** Any message starts it; one that asks for a renewal races with what the start itself does. */
  async #poke(login?: Kept): Promise<void> {
    const { browser } = this.#scene;
    // As the messages of utils/messages.ts look on their way.
    const ask = { id: 1, type: 'renewNow', data: { loginId: login?.id }, timestamp: Date.now() };
    await until(
      async () => {
        await this.#reader.evaluate(
          `void (globalThis.browser ?? chrome).runtime
            .sendMessage(${JSON.stringify(login ? ask : {})}).catch(() => undefined)`,
        );
        return browser.backgroundRuns();
      },
      { what: 'the background', intervalMs: 20 },
    );
  }

  async #clickAnything(): Promise<boolean> {
    for (const user of this.#users) {
      if (await this.#press(this.#popup, user, 'Renew now', 0)) return true;
    }
    return false;
  }

  async #flow(flow: Flow, user: string): Promise<void> {
    switch (flow) {
      case 'wait':
        return;
      case 'renew':
        await this.#press(this.#popup, user, 'Renew now');
        return;
      case 'pause': {
        const login = await this.#login(user);
        if (login.pausedAt !== null) await this.#press(this.#popup, user, 'Resume keeping');
        else if (timeLeft(login) > 10_000) await this.#pressPause(user);
        return;
      }
      case 'label':
        await this.#press(this.#optionsPage, user, sentence('options_edit'));
        if (await this.#press(this.#optionsPage, user, sentence('options_save')))
          this.#count('edits');
        return;
      case 'web': {
        // Not closed before the next: its question to a background that was killed is answered by then.
        await this.#tab?.close();
        this.#tab = await this.#scene.browser.open(WELCOME);
        await this.#scene.webLogin(user, this.#tab);
        this.#count('web logins');
      }
    }
  }

  async #pressPause(user: string): Promise<void> {
    if (await this.#press(this.#popup, user, 'Pause', 0)) return;
    await this.#press(this.#popup, user, 'Pause keeping');
    if (await this.#press(this.#popup, user, 'Pause')) this.#count('pauses');
  }

  async #resumeWhoNeedsIt(): Promise<void> {
    for (const login of await this.#check()) {
      if (login.pausedAt !== null && timeLeft(login) < 9_000) {
        await this.#keepPaused(login.userName, false);
      }
    }
  }

  /** Until it is on disk: a click may have been lost with the background. */
  async #keepPaused(user: string, paused: boolean): Promise<void> {
    await until(
      async () => {
        if (((await this.#login(user)).pausedAt !== null) === paused) return true;
        await this.#press(this.#popup, user, paused ? 'Pause' : 'Resume keeping');
        return false;
      },
      { what: `${user} to be resumed`, timeoutMs: 5_000, intervalMs: 50 },
    );
  }

  /** Whether that login can take this fault and one death besides. */
  async #survives(user: string, fault: NonNullable<Step['fault']>, flow: Flow): Promise<boolean> {
    const login = await this.#login(user);
    if (login.failure !== null || login.pausedAt !== null) return false;
    const sixth = login.session.lifeMs / 6;
    const room = flow === 'renew' ? timeLeft(login) : Math.min(sixth, timeLeft(login));
    const limit = Math.max(1_000, room / 3);
    const lasts = fault.fault === 'silence' ? limit : Math.min(limit, fault.delayMs ?? 0);
    return room >= lasts + BACK_OFF_MS + this.#needOf({ ...login, failures: 1 });
  }

  /** The clock alone is left to bring a call only where that is soon. */
  async #whatRenews(flow: Flow): Promise<Flow> {
    const now = Date.now();
    const due = earliestDeadline(await this.#check(), now) ?? Infinity;
    return due - now > HOLD_PATIENCE_MS ? 'renew' : flow;
  }

  #holdFor(step: Step, user: string): Hold | null {
    if (!step.death || step.death.stage === 'any') return null;
    const match = { endpoint: 'renewaccesstoken' };
    // Waiting for an alarm, whoever is renewed first will do.
    const asked = step.flow === 'renew' && step.death.stage !== 'before-request';
    return this.#scene.simulator.hold(asked ? { ...match, user } : match, step.death.stage);
  }

  /** False when no call came there: a click right after a renewal makes none. */
  #reached(hold: Hold, flow: Flow): Promise<boolean> {
    const patience = flow === 'wait' ? HOLD_PATIENCE_MS : 700;
    return Promise.race([hold.reached.then(() => true), pause(patience, false)]);
  }

  async #login(user: string): Promise<Kept> {
    const login = (await this.#check()).find(({ userName }) => userName === user);
    if (!login) throw new Error(`No login ${user}.`);
    return login;
  }

  /** The login of the step; for a renewal the next one that is not too fresh for it. */
  async #user({ login, flow }: Step): Promise<string> {
    const kept = await this.#check();
    const inTurn = [...this.#users.slice(login), ...this.#users.slice(0, login)];
    const ready = ({ session }: Kept) =>
      Date.now() - (session.renewedAt ?? 0) >= Math.min(15_000, session.lifeMs / 6);
    const renewable = inTurn.find((user) =>
      kept.some((login) => login.userName === user && ready(login)),
    );
    return (['renew', 'wait'].includes(flow) ? renewable : undefined) ?? inTurn[0] ?? '';
  }

  #renewals(user: string): number {
    return ownSession(this.#scene.broker, user).renewals;
  }

  /** Presses a button in the row of that login, if it can be pressed within the time. */
  async #press(page: TestPage, user: string, name: string, withinMs = 600): Promise<boolean> {
    const end = performance.now() + withinMs;
    for (;;) {
      if (await page.evaluate(pressInRow, { user, name })) return true;
      if (performance.now() >= end) return false;
      await pause(30);
    }
  }

  #count(what: string, by = 1): void {
    this.tally[what] = this.#counted(what) + by;
  }

  #counted(what: string): number {
    return this.tally[what] ?? 0;
  }

  #note(what: string): void {
    const line = `${clock(Date.now())} ${what}`;
    this.#log.push(line);
    this.#options.tell?.(line);
  }
}

function timeLeft(login: Kept): number {
  return login.session.expiresAt - Date.now();
}

/** Runs in the page. A click by script: what is asked here is when it comes, not whether it can be hit. */
function pressInRow({ user, name }: { user: string; name: string }): boolean {
  const row = [...document.querySelectorAll('li')].find((item) =>
    item.querySelector('.row-label, .entry-label')?.textContent?.startsWith(user),
  );
  const header = row?.querySelector<HTMLElement>('.row-header[aria-expanded="false"]');
  header?.click();
  const button = [...(row?.querySelectorAll('button') ?? [])].find(
    (button) =>
      button.textContent?.trim() === name && button.getAttribute('aria-disabled') !== 'true',
  );
  const label = row?.querySelector<HTMLInputElement>('input[name=label]');
  if (button?.type === 'submit' && label) label.value = `${user} ${performance.now().toFixed(0)}`;
  button?.click();
  return button !== undefined;
}
