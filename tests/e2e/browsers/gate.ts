import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A door in front of the proxy. Firefox accepts the test certificate only once Marionette has a
 * session, and the extension's background may send requests earlier than that: until the door
 * opens their connections wait instead of failing.
 */
export class Gate {
  #target: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #waiting: (() => void)[] | undefined = [];

  constructor(targetPort: number) {
    this.#target = targetPort;
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      this.#keep(client);
      if (this.#waiting) this.#waiting.push(() => this.#join(client));
      else this.#join(client);
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((done, fail) => {
      this.#server.once('error', fail);
      this.#server.listen(0, '127.0.0.1', done);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  shut(): void {
    this.#waiting ??= [];
  }

  open(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const pass of waiting) pass();
  }

  /** Leads to another proxy from now on, and ends what went to the last. */
  turnTo(targetPort: number): void {
    this.#target = targetPort;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #join(client: Socket): void {
    if (client.destroyed) return;
    const proxy = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true });
    this.#keep(proxy);
    client.pipe(proxy).pipe(client);
    client.on('close', () => proxy.destroy());
    proxy.on('close', () => client.destroy());
  }
}
