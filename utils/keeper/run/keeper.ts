/**
 * The keeper: what the background does at each event and for each question of a page. Everything it
 * touches is handed in. How one event goes through a login is in steps.ts.
 */
import type { Answer, EditInput, YieldInput } from '../../messages/protocol.ts';
import { hostsOf, type LoginRecord } from '../../records/login.ts';
import type { Settings } from '../../records/settings.ts';
import { isFailure } from '../../tradovate/outcome.ts';
import type { KeeperEvent } from '../decide/events.ts';
import type { LinkNews } from '../decide/link.ts';
import { edited } from '../decide/notes.ts';
import { notNow, refusalOf, refuse } from '../status/refusal.ts';
import { Announcer } from './announcer.ts';
import { Calls } from './calls.ts';
import { OAuth } from './oauth.ts';
import type { Ports } from './ports.ts';
import { SignIns } from './sign-ins.ts';
import { Steps } from './steps.ts';
import { Tabs } from './tabs.ts';
import { Writes } from './writes.ts';

const OK: Answer = { ok: true };

export class Keeper {
  readonly #ports: Ports;
  readonly #writes: Writes;
  readonly #announcer: Announcer;
  readonly #calls: Calls;
  readonly #steps: Steps;
  readonly #signIns: SignIns;
  readonly #tabs: Tabs;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#writes = new Writes(ports);
    this.#announcer = new Announcer(ports, this.#writes);
    this.#calls = new Calls(ports, new OAuth(ports));
    this.#steps = new Steps(ports, this.#writes, this.#calls, this.#announcer);
    this.#signIns = new SignIns(ports, this.#writes, this.#calls, this.#steps);
    this.#tabs = new Tabs(ports, this.#writes, this.#calls, this.#steps);
  }

  signIn: SignIns['signIn'] = (input) => this.#signIns.signIn(input);
  signInByOAuth: SignIns['signInByOAuth'] = (input) => this.#signIns.signInByOAuth(input);
  reconnect: SignIns['reconnect'] = (input) => this.#signIns.reconnect(input);
  reconnectByOAuth: SignIns['reconnectByOAuth'] = (input) => this.#signIns.reconnectByOAuth(input);
  takeOver: SignIns['takeOver'] = (input) => this.#signIns.takeOver(input);
  takeOverAgain: SignIns['takeOverAgain'] = (input) => this.#signIns.takeOverAgain(input);

  signInFormSeen: Tabs['signInFormSeen'] = (...seen) => this.#tabs.signInFormSeen(...seen);
  pickLogin: Tabs['pickLogin'] = (...said) => this.#tabs.pickLogin(...said);
  tabLeft: Tabs['tabLeft'] = (...left) => this.#tabs.tabLeft(...left);
  webSessionSeen: Tabs['webSessionSeen'] = (...seen) => this.#tabs.webSessionSeen(...seen);

  /** An alarm, a start, the end of a sleep: does what is due. */
  wake(): Promise<void> {
    return this.#announcer.after(this.#steps.handleAll({ type: 'wake' }));
  }

  /** The network is back: what failed for want of it is tried at once. */
  online(): Promise<void> {
    return this.#steps.handleAll({ type: 'online' });
  }

  /** The screen is locked: what can live longer through a sleep is renewed while it can be. */
  leaving(): Promise<void> {
    return this.#steps.handleAll({ type: 'leaving' });
  }

  /** The browser's permissions have changed, or may have while nobody looked. */
  async permissionsChanged(): Promise<void> {
    const records = await this.#ports.vault.logins();
    const denied = await this.#calls.deniedOf([...new Set(records.flatMap(hostsOf))]);
    const news = records.filter((record) =>
      hostsOf(record).some((host) => denied.includes(host) !== record.deniedHosts.includes(host)),
    );
    await Promise.all(news.map(({ id }) => this.#steps.pass(id, { type: 'permissions', denied })));
  }

  /** Renews on a person's click. */
  async renewNow({ loginId }: { loginId: string }): Promise<Answer> {
    const result = await this.#steps.handle(loginId, { type: 'renew-now' });
    if (!result) return refuse('gone');
    if (result.declined) return notNow(result.declined, this.#ports.clock.now());
    const { first, record } = result;
    return first !== null && isFailure(first) ? refusalOf(first, 'renewal', record) : OK;
  }

  pauseKeeping({ loginId }: { loginId: string }): Promise<Answer> {
    return this.#tell(loginId, { type: 'pause' });
  }

  resumeKeeping({ loginId }: { loginId: string }): Promise<Answer> {
    return this.#tell(loginId, { type: 'resume' });
  }

  /** What the live link of that login came to, or that a person switched it. */
  link(loginId: string, news: LinkNews): Promise<Answer> {
    return this.#tell(loginId, { type: 'link', news });
  }

  /** Pauses keeping for 15 minutes, or until the tab of the last web login is left; it resumes by itself. */
  async yieldKeeping({ loginId, until }: YieldInput): Promise<Answer> {
    const record = await this.#ports.vault.login(loginId);
    const open = record?.webSessions.findLast(({ left }) => left !== true);
    const tabId = until === 'tab' ? (open?.tabId ?? null) : null;
    return this.#tell(loginId, { type: 'yield', tabId });
  }

  editLogin({ loginId, ...input }: EditInput): Promise<Answer> {
    const { lock, clock } = this.#ports;
    return lock(`login ${loginId}`, async () => {
      const done = await this.#writes.login(loginId, (stored) =>
        stored ? edited(stored, input, clock.now()) : null,
      );
      return done ? OK : refuse('gone');
    });
  }

  removeLogin({ loginId }: { loginId: string }): Promise<Answer> {
    return this.#ports.lock(`login ${loginId}`, async () => {
      await this.#writes.remove(loginId);
      return OK;
    });
  }

  async editSettings(settings: Settings): Promise<Answer> {
    await this.#writes.settings(settings);
    await this.#announcer.tell();
    return OK;
  }

  logins(): Promise<LoginRecord[]> {
    return this.#ports.vault.logins();
  }

  async #tell(loginId: string, event: KeeperEvent): Promise<Answer> {
    return (await this.#steps.handle(loginId, event)) ? OK : refuse('gone');
  }
}
