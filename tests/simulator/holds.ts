// Stopping one call at a known stage, so that a test can kill a worker, cut the network or race a second call there.
import { endpointName } from './faults.ts';

/**
 * - `before-request`: inside the CONNECT to an API host; the request never reached the broker. Only the host is known
 *   then, so the endpoint and user are not looked at; give `host` to tell live from demo.
 * - `before-handling`: the request is received in full, the broker has not acted.
 * - `before-reply`: the broker has acted (the token is renewed), nothing is sent.
 * - `inside-body`: status, headers and all but the last bytes are sent.
 */
export type HoldStage = 'before-request' | 'before-handling' | 'before-reply' | 'inside-body';

/** Which call to stop. */
export interface HoldMatch {
  endpoint: string;
  user?: string;
  host?: string;
}

/** A call that is, or will be, stopped. */
export interface Hold {
  /** A matching call has arrived at the stage. */
  reached: Promise<void>;
  /** Let it go on; before it is reached: let it pass without stopping. */
  release(): void;
  /** Destroy its socket; before it is reached: forget the hold. */
  drop(): void;
  /** The reply is written completely, or the client is gone. */
  finished: Promise<void>;
}

class HeldCall implements Hold {
  readonly reached: Promise<void>;
  readonly finished: Promise<void>;
  /** True to go on, false to destroy the socket. */
  readonly gate: Promise<boolean>;
  readonly match: HoldMatch;
  readonly stage: HoldStage;
  taken = false;
  open = false;
  readonly arrive: () => void;
  readonly finish: () => void;
  readonly #decide: (go: boolean) => void;

  constructor(match: HoldMatch, stage: HoldStage) {
    this.match = match;
    this.stage = stage;
    const reached = Promise.withResolvers<void>();
    const finished = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<boolean>();
    this.reached = reached.promise;
    this.finished = finished.promise;
    this.gate = gate.promise;
    this.arrive = reached.resolve;
    this.finish = finished.resolve;
    this.#decide = gate.resolve;
  }

  release(): void {
    this.open = true;
    this.#decide(true);
  }

  drop(): void {
    this.open = true;
    this.#decide(false);
    if (this.taken) return;
    this.taken = true;
    this.finish();
  }
}

/** All holds of one simulator. */
export class Holds {
  readonly #all: HeldCall[] = [];

  add(match: HoldMatch, stage: HoldStage): Hold {
    const hold = new HeldCall(match, stage);
    this.#all.push(hold);
    return hold;
  }

  /** The hold for this call, taken: each stops one call. */
  take(
    stage: Exclude<HoldStage, 'before-request'>,
    call: { endpoint: string; user: string | undefined; host: string },
  ): HeldCall | undefined {
    const hold = this.#all.find(
      ({ taken, stage: wanted, match }) =>
        !taken &&
        wanted === stage &&
        endpointName(match.endpoint) === call.endpoint &&
        (match.user === undefined || match.user === call.user) &&
        (match.host === undefined || match.host === call.host),
    );
    if (hold) hold.taken = true;
    return hold;
  }

  /**
   * The hold for a CONNECT. While it is held every further CONNECT to that host waits with it: a browser that opens a
   * second connection because the first is slow must not slip past.
   */
  takeConnect(host: string): HeldCall | undefined {
    const hold = this.#all.find(
      ({ stage, match, open, taken }) =>
        stage === 'before-request' &&
        (taken ? !open : true) &&
        (match.host === undefined ? host.endsWith('.tradovateapi.com') : match.host === host),
    );
    if (hold) hold.taken = true;
    return hold;
  }

  /** Drops everything, for the end of a simulator. */
  dropAll(): void {
    for (const hold of this.#all) hold.drop();
  }
}
