import { connect, type Socket } from 'node:net';
import { Hopeless } from './poll.ts';

/** An error that Marionette answered; `code` is the WebDriver error code. */
export class MarionetteError extends Error {
  override readonly name = 'MarionetteError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** Firefox's own remote protocol: `<length>:<json>` over TCP, `[0, id, command, parameters]`. */
export class Marionette {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #buffer = Buffer.alloc(0);
  #nextId = 1;
  #gone: Hopeless | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => this.#end());
    socket.on('close', () => this.#end());
  }

  static connect(port: number): Promise<Marionette> {
    return new Promise((done, fail) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.off('error', fail);
        done(new Marionette(socket));
      });
    });
  }

  /**
   * Runs `work` when every earlier `exclusively` has finished. Marionette has one current window,
   * so choosing the window and acting in it belong together.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Sends one command. `T` is the caller's knowledge of the answer. */
  send<T>(command: string, parameters: Record<string, unknown> = {}): Promise<T> {
    if (this.#gone) return Promise.reject(this.#gone);
    return new Promise<T>((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      const body = Buffer.from(JSON.stringify([0, id, command, parameters]));
      this.#socket.write(Buffer.concat([Buffer.from(`${body.length}:`), body]));
    });
  }

  disconnect(): void {
    this.#socket.destroy();
    this.#end();
  }

  #end(): void {
    this.#gone ??= new Hopeless('Firefox has ended or closed the connection');
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
  }

  #receive(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const colon = this.#buffer.indexOf(':');
      if (colon < 0) return;
      const start = colon + 1;
      const end = start + Number(this.#buffer.subarray(0, colon).toString());
      if (this.#buffer.length < end) return;
      const message: unknown = JSON.parse(this.#buffer.subarray(start, end).toString());
      this.#buffer = this.#buffer.subarray(end);
      this.#deliver(message);
    }
  }

  #deliver(message: unknown): void {
    // The greeting is an object; answers are [1, id, error, result].
    if (!Array.isArray(message)) return;
    const [, id, error, result] = message as [
      number,
      number,
      { error: string; message: string } | null,
      unknown,
    ];
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new MarionetteError(error.error, error.message));
    else waiting?.resolve(result);
  }
}
