// The CONNECT proxy that puts the real host names on loopback for both browsers. Nothing leaves the machine: every
// other host and port is refused.
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Holds } from './holds.ts';

export interface Proxy {
  port: number;
  /** Every CONNECT asked for, so that a test can see who else the browser wanted to call. */
  readonly connects: { host: string; port: number; allowed: boolean }[];
  setOffline(offline: boolean): void;
  close(): Promise<void>;
}

const ours =
  /^([a-z0-9-]+\.)+((tradovate|tradovateapi|ninjatrader)\.com|(staging|devel)\.ninjatrader\.dev)$/;

/** Starts the proxy on a free loopback port. */
export async function startProxy(tlsPort: number, holds: Holds): Promise<Proxy> {
  const connects: Proxy['connects'] = [];
  const open = new Set<Duplex>();
  let offline = false;
  const track = (socket: Duplex): void => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
  };

  const server = createServer((_request, response) => {
    response.writeHead(403, { 'content-length': '0', connection: 'close' }).end();
  });
  server.on('connection', (socket) => {
    track(socket);
    if (offline) socket.destroy();
  });
  server.on('connect', (request, client: Socket, head) => {
    const [host = '', port = ''] = (request.url ?? '').toLowerCase().split(':');
    const allowed = ours.test(host) && port === '443';
    connects.push({ host, port: Number(port), allowed });
    if (!allowed) {
      client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    void tunnel(host, client, head);
  });

  async function tunnel(host: string, client: Socket, head: Buffer): Promise<void> {
    const hold = holds.takeConnect(host);
    if (hold) {
      client.on('close', () => hold.finish());
      hold.arrive();
      if (!(await hold.gate)) client.destroy();
    }
    if (client.destroyed) return;
    const server = connect(tlsPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) server.write(head);
      server.pipe(client);
      client.pipe(server);
    });
    track(server);
    server.on('close', () => client.destroySoon());
    client.on('close', () => server.destroySoon());
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connects,
    setOffline(value) {
      offline = value;
      if (offline) for (const socket of open) socket.destroy();
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      return closed;
    },
  };
}
