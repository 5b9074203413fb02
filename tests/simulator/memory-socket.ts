// A socket without a network: what one end sends the other end hears, in order and a moment later.
import type { ServedSocket } from './socket.ts';

interface Listeners {
  text: (text: string) => void;
  closed: () => void;
}

/** The two ends of one connection. `later` runs what is on its way. */
export class MemorySocket {
  readonly #later: (work: () => void) => void;
  readonly #client: Listeners;
  readonly #onMessage: ((data: unknown, binary: boolean) => void)[] = [];
  readonly #onClose: (() => void)[] = [];
  #open = true;
  #heard = true;

  constructor(client: Listeners, later: (work: () => void) => void) {
    this.#client = client;
    this.#later = later;
  }

  /** The broker's end. */
  get served(): ServedSocket {
    const isOpen = () => this.#open;
    const end = () => {
      this.#end();
    };
    return {
      get readyState() {
        return isOpen() ? 1 : 3;
      },
      send: (text) => {
        if (this.#open) this.#later(() => this.#tell(() => this.#client.text(text)));
      },
      close: end,
      terminate: end,
      on: (event: string, listener: (data: unknown, binary: boolean) => void) => {
        if (event === 'message') this.#onMessage.push(listener);
        if (event === 'close') this.#onClose.push(() => listener(undefined, false));
      },
    };
  }

  /** The client's end. */
  send(text: string): void {
    if (this.#open) this.#later(() => this.#onMessage.forEach((listener) => listener(text, false)));
  }

  close(): void {
    this.#heard = false;
    this.#end();
  }

  #tell(what: () => void): void {
    if (this.#heard) what();
  }

  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#later(() => {
      this.#tell(this.#client.closed);
      for (const listener of this.#onClose) listener();
    });
  }
}
