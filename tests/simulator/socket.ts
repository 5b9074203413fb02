// One WebSocket of the local Tradovate: the SockJS-like frames of FACTS.md §4 over `ws`.
import { isTwin } from './broker.ts';
import type { Broker, BrokerEvent, JournalEntry, Session } from './broker.ts';

/** What is needed of a socket of `ws`; one in memory has no more. */
export interface ServedSocket {
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  terminate(): void;
  on(event: 'close' | 'error', listener: () => void): unknown;
  on(event: 'message', listener: (data: unknown, binary: boolean) => void): unknown;
}

const OPEN = 1;

/** Serves an accepted socket until it closes. `every` is for tests with a clock of their own. */
export function serveSocket(
  broker: Broker,
  socket: ServedSocket,
  about: { host: string; ip: string; entry: JournalEntry },
  every: (ms: number, work: () => void) => () => void = (ms, work) => {
    const timer = setInterval(work, ms);
    return () => clearInterval(timer);
  },
): void {
  const { host, ip, entry } = about;
  let session: Session | undefined;
  /** The kinds of things that are told of; null before that was asked for. */
  let told: readonly string[] | 'all' | null = null;

  const say = (frame: string): void => {
    if (!broker.settings.silentSockets) socket.send(frame);
  };
  const send = (...messages: unknown[]): void => say(`a${JSON.stringify(messages)}`);
  const shutdown = (reasonCode: string): void => {
    send({ e: 'shutdown', d: { reasonCode, reason: '' } });
    say(`c[3000,"Go away!"]`);
    // No close code is documented (FACTS.md row 20).
    socket.close();
  };

  const stopHeartbeat = every(broker.settings.heartbeatMs, () => say('h'));
  const forget = broker.on((event) => {
    if (socket.readyState === OPEN) onEvent(event);
  });
  socket.on('close', () => {
    stopHeartbeat();
    forget();
    broker.finish(entry);
  });
  socket.on('error', () => socket.terminate());
  socket.on('message', (data, binary) => {
    if (!binary) onFrame(String(data));
  });
  say('o');

  function onEvent(event: BrokerEvent): void {
    if (event.type === 'settings' && broker.settings.maintenance) return shutdown('Maintenance');
    if (event.type === 'shutdown' && event.user === session?.user) {
      return shutdown(event.reasonCode);
    }
    if (event.type === 'props' && event.user === session?.user) {
      const type = String(event.data['entityType']);
      return told === 'all' || told?.includes(type)
        ? send({ e: 'props', d: event.data })
        : undefined;
    }
    if (event.type !== 'session-closed' || event.session.id !== session?.id) return;
    const { settings } = broker.user(event.session.user);
    if (event.reason === 'expired' || event.reason === 'inactive') {
      if (settings.socketAtExpiry === 'closes') socket.close();
    } else if (settings.closedSessionAnswers === 'shutdown') {
      shutdown('ConnectionQuotaReached');
    } else {
      // An eviction may also be a socket that just breaks, without a word (FACTS.md row 8).
      socket.terminate();
    }
  }

  function onFrame(frame: string): void {
    if (frame === '[]') return;
    const [endpoint = '', id = '', query = '', ...rest] = frame.split('\n');
    const body = rest.join('\n');
    const i = Number(id);
    if (endpoint === 'authorize') return authorize(i, body.trim());
    if (!session) return send({ s: 401, i, d: 'Access is denied' });
    if (endpoint === 'user/syncrequest') return synchronise(i, body);
    const reply = broker.handle({
      method: body === '' ? 'GET' : 'POST',
      host,
      path: `/v1/${endpoint}${query === '' ? '' : `?${query}`}`,
      headers: { authorization: `Bearer ${session.accessToken}` },
      body,
      ip,
    });
    if (reply.entry) broker.finish(reply.entry);
    if (reply.status === 0) return;
    send({ s: reply.status, i, ...(reply.body === '' ? {} : { d: parsed(reply.body) }) });
  }

  function authorize(i: number, token: string): void {
    const marketData = broker.environmentOf(host) === 'other';
    const check = broker.checkToken(token, host, marketData ? ['access', 'md'] : ['access']);
    if (!check.ok) {
      entry.outcome = check.outcome;
      return send({ s: check.status, i, d: 'Invalid access token' });
    }
    const environment = broker.environmentOf(host);
    const belongs =
      (environment !== 'live' && environment !== 'demo') ||
      isTwin(host) ||
      broker.hostOf(check.user, environment) === host;
    if (!belongs) {
      send({ s: 421, i, d: 'Misdirected request' });
      return socket.close();
    }
    session = check.session;
    entry.user = session.user;
    entry.sessionId = session.id;
    entry.appId = session.appId;
    send({ s: 200, i });
  }

  function synchronise(i: number, body: string): void {
    if (!session) return;
    // Once per connection (FACTS.md §4).
    if (told !== null) return send({ s: 400, i, d: 'Already synchronised' });
    const check = broker.checkToken(session.accessToken, host);
    if (!check.ok) return send({ s: check.status, i, d: 'Access is denied' });
    const { entityTypes } = (parsed(body) ?? {}) as { entityTypes?: string[] };
    told = entityTypes ?? 'all';
    broker.touch(check.session);
    const environment = broker.environmentOf(host) === 'demo' ? 'demo' : 'live';
    send({ s: 200, i, d: broker.snapshot(check.user, environment) });
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
