// The simulator's own desk: an HTML page for the person, JSON for tests in other processes. Loopback only.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Broker } from './broker.ts';
import type { Environment } from '../../utils/tradovate/hosts.ts';
import type { FaultRule, NewUser, UserSettings } from './broker-types.ts';

/** What the desk may touch. */
export interface Controlled {
  broker: Broker;
  proxyPort: number;
  goOffline(): void;
  goOnline(): void;
}

/** Everything to see, without tokens: `GET /state`. Times are epoch ms. */
export function controlState({ broker, proxyPort }: Controlled): unknown {
  return {
    proxyPort,
    settings: { ...broker.settings },
    users: broker.users().map((user) => ({
      id: user.id,
      name: user.name,
      brand: user.brand,
      settings: user.settings,
      sessions: broker
        .sessionsOf(user.name)
        .map(({ accessToken: _a, mdAccessToken: _m, ...session }) => session),
    })),
    faults: broker.pendingFaults(),
    journal: broker.journal,
  };
}

/**
 * Starts the desk. Posts take and answer JSON; what cannot be done is answered 400 with `{ error }`.
 * - `POST /users` a `NewUser` · `POST /sessions` `{ open: user, appId?, environment? }` or `{ close: sessionId }`
 * - `POST /faults` a `FaultRule` (`times: "forever"` for Infinity) or `{ clear: true }`
 * - `POST /settings` `{ broker?: Partial<BrokerSettings>, user?: name, settings?: Partial<UserSettings> }`
 * - `POST /network` `{ offline: boolean }`
 */
export async function startControl(
  controlled: Controlled,
): Promise<{ url: string; close(): Promise<void> }> {
  const { broker } = controlled;
  const posts: Record<string, (body: Record<string, unknown>) => unknown> = {
    '/users': (body) => {
      const { id, name } = broker.addUser(body as unknown as NewUser);
      return { id, name };
    },
    '/sessions': (body) => {
      if (typeof body['close'] === 'string') {
        broker.closeSession(body['close']);
        return {};
      }
      const session = broker.openSession(
        String(body['open']),
        body['appId'] as string | undefined,
        body['environment'] as Environment | undefined,
      );
      return { id: session.id };
    },
    '/faults': (body) => {
      if (body['clear'] === true) broker.clearFaults();
      else {
        const times = body['times'] === 'forever' ? { times: Infinity } : {};
        broker.fault({ ...(body as unknown as FaultRule), ...times });
      }
      return {};
    },
    '/settings': (body) => {
      Object.assign(broker.settings, body['broker']);
      if (typeof body['user'] === 'string') {
        Object.assign(
          broker.user(body['user']).settings,
          body['settings'] as Partial<UserSettings>,
        );
      }
      return {};
    },
    '/network': (body) => {
      if (body['offline'] === true) controlled.goOffline();
      else controlled.goOnline();
      return {};
    },
  };

  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    const json = (status: number, value: unknown): void =>
      answer(status, 'application/json', JSON.stringify(value, finite));
    const post = posts[request.url ?? ''];
    if (request.method === 'POST' && post) {
      readJson(request).then(
        (body) => {
          try {
            json(200, post(body));
          } catch (error) {
            json(400, { error: String(error) });
          }
        },
        (error: unknown) => json(400, { error: String(error) }),
      );
    } else if (request.method === 'GET' && request.url === '/state') {
      json(200, controlState(controlled));
    } else if (request.method === 'GET' && request.url === '/') {
      const page = new URL('./web/control.html', import.meta.url);
      answer(200, 'text/html; charset=utf-8', readFileSync(page, 'utf8'));
    } else {
      json(404, { error: 'not found' });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

const finite = (_key: string, value: unknown): unknown => (value === Infinity ? 'forever' : value);

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as Record<string, unknown>;
}
