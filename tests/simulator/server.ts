// The broker on loopback: a TLS server for all its host names, the proxy that leads there, and the control page.
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { generate } from 'selfsigned';
import { WebSocketServer } from 'ws';
import { Broker, endpointName } from './broker.ts';
import { traderHosts, type BrokerReply, type BrokerRequest } from './broker-types.ts';
import { startControl } from './control.ts';
import { Holds, type Hold, type HoldMatch, type HoldStage } from './holds.ts';
import { startProxy } from './proxy.ts';
import { serveSocket } from './socket.ts';
import { traderReply } from './trader-page.ts';

export { Broker } from './broker.ts';
export type { Hold, HoldMatch, HoldStage } from './holds.ts';

/** A running simulator; everything listens on 127.0.0.1 only. */
export interface Simulator {
  readonly broker: Broker;
  /** HTTP CONNECT proxy: leads the broker's hosts here on port 443, refuses everything else with 403. */
  readonly proxyPort: number;
  /** The broker itself, for a client that finds its hosts by other means than the proxy. */
  readonly tlsPort: number;
  /** Control page and JSON interface (control.ts), for the person and for other processes. */
  readonly controlUrl: string;
  /** Every CONNECT the proxy was asked for. */
  readonly connects: readonly { host: string; port: number; allowed: boolean }[];
  /** Stops the next matching call at a stage. Several holds may wait at once; each stops one call. */
  hold(match: HoldMatch, stage: HoldStage): Hold;
  /** The network is gone: new connections and existing tunnels are destroyed. */
  goOffline(): void;
  goOnline(): void;
  close(): Promise<void>;
}

/**
 * Starts everything on free ports. Without `broker` one with no users and the system's clock is made.
 */
export async function startSimulator(options?: { broker?: Broker; port?: 0 }): Promise<Simulator> {
  const broker = options?.broker ?? new Broker({ clock: { now: () => Date.now() } });
  const holds = new Holds();
  const sockets = new WebSocketServer({ noServer: true });
  const connections = new Set<Socket>();
  /** Connections that have served a call. */
  const used = new WeakSet<Socket>();

  const server = createServer(await makeCertificate(), (request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  // Longer than any test waits between two calls, so that no connection dies of age by chance.
  server.keepAliveTimeout = 120_000;
  server.on('tlsClientError', (_error, socket) => socket.destroy());

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const reusedConnection = used.has(incoming.socket);
    used.add(incoming.socket);
    const request = { ...(await readRequest(incoming)), reusedConnection };
    // The broker's clock is not the computer's, and may not be told at all.
    response.sendDate = false;
    if (traderHosts.some((host) => host === request.host)) {
      const reply = traderReply(request, broker);
      response.writeHead(reply.status, reply.headers).end(reply.body);
      return;
    }
    await serveApi(request, response);
  }

  async function serveApi(request: BrokerRequest, response: ServerResponse): Promise<void> {
    const call = {
      endpoint: endpointName(request.path),
      user: broker.identify(request).user,
      host: request.host,
    };
    const made: { reply?: BrokerReply } = {};
    let gone = response.destroyed;
    const taken: { finish(): void }[] = [];
    response.on('close', () => {
      gone = true;
      if (made.reply?.entry) broker.finish(made.reply.entry);
      for (const hold of taken) hold.finish();
    });
    const pass = async (stage: Exclude<HoldStage, 'before-request'>): Promise<boolean> => {
      const hold = request.method === 'OPTIONS' ? undefined : holds.take(stage, call);
      if (!hold) return true;
      taken.push(hold);
      hold.arrive();
      if (gone) hold.finish();
      const go = await hold.gate;
      if (!go) response.destroy();
      return go;
    };

    if (!(await pass('before-handling'))) return;
    const reply = broker.handle(request);
    made.reply = reply;
    if (gone && reply.entry) broker.finish(reply.entry);
    if (!(await pass('before-reply')) || gone || reply.delivery === 'silence') return;
    if (reply.delivery === 'dropped') {
      response.destroy();
      return;
    }
    if (reply.delayMs !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, reply.delayMs).unref());
      if (gone) return;
    }
    const body = Buffer.from(reply.body);
    response.writeHead(reply.status, {
      ...reply.headers,
      ...(reply.status === 204 ? {} : { 'content-length': String(body.length) }),
    });
    if (reply.delivery === 'cut-off') {
      response.write(body.subarray(0, body.length >> 1), () => response.destroy());
      return;
    }
    const last = Math.max(body.length - 8, 0);
    response.flushHeaders();
    if (last > 0) response.write(body.subarray(0, last));
    if (!(await pass('inside-body'))) return;
    response.end(body.subarray(last));
  }

  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const request = { ...requestHead(incoming), body: '' };
    const { status, entry } = broker.upgrade(request);
    socket.on('error', () => socket.destroy());
    if (status !== 101) {
      broker.finish(entry);
      socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(incoming, socket, head, (accepted) => {
      serveSocket(broker, accepted, { host: request.host, ip: request.ip, entry });
    });
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const tlsPort = (server.address() as AddressInfo).port;
  const proxy = await startProxy(tlsPort, holds);
  // The broker has no timers; sockets of sessions that expire must hear of it without a call coming in.
  const sweeper = setInterval(() => broker.sweep(), 250);
  const goOffline = (): void => proxy.setOffline(true);
  const goOnline = (): void => proxy.setOffline(false);
  const control = await startControl({ broker, proxyPort: proxy.port, goOffline, goOnline });

  return {
    broker,
    proxyPort: proxy.port,
    tlsPort,
    controlUrl: control.url,
    connects: proxy.connects,
    hold(match, stage) {
      // The next call has to come through the proxy's CONNECT, where it is held.
      if (stage === 'before-request') server.closeIdleConnections();
      return holds.add(match, stage);
    },
    goOffline,
    goOnline,
    async close() {
      clearInterval(sweeper);
      holds.dropAll();
      for (const socket of sockets.clients) socket.terminate();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await proxy.close();
      for (const socket of connections) socket.destroy();
      await Promise.all([closed, control.close()]);
    },
  };
}

/** A certificate for all host names, made anew at each start and never written to disk. */
async function makeCertificate(): Promise<{ key: string; cert: string }> {
  const names = [
    '*.tradovate.com',
    '*.tradovateapi.com',
    '*.ninjatrader.com',
    '*.staging.ninjatrader.dev',
    '*.devel.ninjatrader.dev',
  ];
  const { private: key, cert } = await generate(
    [{ name: 'commonName', value: 'local simulator' }],
    {
      keyType: 'ec',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
      ],
    },
  );
  return { key, cert };
}

function requestHead(incoming: IncomingMessage): Omit<BrokerRequest, 'body'> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    host: (headers['host'] ?? '').split(':')[0]?.toLowerCase() ?? '',
    path: incoming.url ?? '/',
    headers,
    // A test may pretend to come from another network, for the budgets and penalties that go by address.
    ip: headers['x-simulator-ip'] ?? '127.0.0.1',
  };
}

async function readRequest(incoming: IncomingMessage): Promise<BrokerRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return { ...requestHead(incoming), body: Buffer.concat(chunks).toString('utf8') };
}
