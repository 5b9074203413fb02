// A client that reaches the simulator the way a browser does: CONNECT through the proxy, TLS, and one connection for each
// call unless it brings its own.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { TLSSocket } from 'node:tls';

/** The answer to one call. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A TLS connection to `host` through the proxy. Rejects when the proxy refuses or the connection breaks. */
export function openTunnel(proxyPort: number, host: string, port = 443): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port: proxyPort,
      method: 'CONNECT',
      path: `${host}:${port}`,
      agent: false,
    });
    request.on('connect', (response, socket: Socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        reject(new Error(`proxy answered ${response.statusCode}`));
        return;
      }
      // Self-signed and made at start, so there is nothing to verify it with.
      const secure = tlsConnect({ socket, servername: host, rejectUnauthorized: false });
      secure.once('secureConnect', () => resolve(secure));
      secure.once('error', reject);
    });
    request.on('error', reject);
    request.end();
  });
}

/**
 * One HTTPS call through the proxy. Rejects when the connection breaks, also in the middle of the body.
 * @param init a `signal` ends the call from the client's side; a `tunnel` is kept open for the next one.
 */
export async function callThrough(
  proxyPort: number,
  url: string,
  init: {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    signal?: AbortSignal;
    tunnel?: TLSSocket;
  } = {},
): Promise<Answer> {
  const { host, hostname, pathname, search } = new URL(url);
  const socket = init.tunnel ?? (await openTunnel(proxyPort, hostname));
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        method: init.method ?? 'GET',
        path: pathname + search,
        headers: {
          host,
          connection: init.tunnel ? 'keep-alive' : 'close',
          ...(init.body === undefined ? {} : { 'content-length': Buffer.byteLength(init.body) }),
          ...init.headers,
        },
        ...(init.signal ? { signal: init.signal } : {}),
        createConnection: () => socket,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(init.body);
  });
}
