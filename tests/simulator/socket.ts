// One WebSocket of the local Tradovate: the SockJS-like frames of FACTS.md §4 over `ws`.
import { endpointName, isTwin } from './broker.ts';
import type { Broker, BrokerEvent, Delivery, JournalEntry, Session } from './broker.ts';

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

  /** What is said meanwhile gets lost. */
  let mute = false;

  const say = (frame: string): void => {
    if (!broker.settings.silentSockets && !mute) socket.send(frame);
  };
  const send = (...messages: unknown[]): void => say(`a${JSON.stringify(messages)}`);
  const shutdown = (reasonCode: string): void => {
    send({ e: 'shutdown', d: { reasonCode, reason: '' } });
    say(`c[3000,"Go away!"]`);
    // No close code is documented (FACTS.md row 20).
    socket.close();
  };

  let heardAt = broker.now();
  let leave: (() => void) | undefined;
  const stopHeartbeat = every(broker.settings.heartbeatMs, () => {
    const { silentClientMs } = broker.settings;
    if (silentClientMs !== null && broker.now() - heardAt > silentClientMs) socket.terminate();
    else say('h');
  });
  const forget = broker.on((event) => {
    if (socket.readyState === OPEN) onEvent(event);
  });
  socket.on('close', () => {
    stopHeartbeat();
    forget();
    leave?.();
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
    heardAt = broker.now();
    if (frame === '[]') return;
    const [endpoint = '', id = '', query = '', ...rest] = frame.split('\n');
    const body = rest.join('\n');
    const i = Number(id);
    // Like the paths of the calls, in any case (FACTS.md §1).
    const operation = endpointName(endpoint);
    if (operation === 'authorize') {
      const token = body.trim();
      return unlessFaulty(operation, i, token, () => authorize(i, token));
    }
    if (!session) return send({ s: 401, i, d: 'Access is denied' });
    if (operation === 'user/syncrequest') {
      return unlessFaulty(operation, i, session.accessToken, () => synchronise(i, body));
    }
    const {
      status,
      body: said,
      delivery,
      entry: line,
    } = broker.handle({
      method: body === '' ? 'GET' : 'POST',
      host,
      path: `/v1/${endpoint}${query === '' ? '' : `?${query}`}`,
      headers: { authorization: `Bearer ${session.accessToken}` },
      body,
      ip,
    });
    if (line) broker.finish(line);
    answer(i, { status, body: said, ...(delivery ? { delivery } : {}) });
  }

  function answer(i: number, said: { status: number; body: string; delivery?: Delivery }): void {
    if (said.delivery === 'cut-off' || said.delivery === 'dropped') return socket.terminate();
    if (said.delivery === 'silence' || said.status === 0) return;
    send({ s: said.status, i, ...(said.body === '' ? {} : { d: parsed(said.body) }) });
  }

  /** Does what was asked, unless a fault comes in its place or takes the answer away. */
  function unlessFaulty(
    operation: 'authorize' | 'user/syncrequest',
    i: number,
    token: string,
    work: () => void,
  ): void {
    const verdict = broker.judgeOperation(operation, { token, host, ip });
    if (verdict.kind === 'instead') return answer(i, verdict);
    if (verdict.kind === 'after' && verdict.delivery) mute = true;
    work();
    mute = false;
    if (verdict.kind === 'after' && verdict.delivery) {
      answer(i, { status: 200, body: '', delivery: verdict.delivery });
    }
  }

  function authorize(i: number, token: string): void {
    const marketData = broker.environmentOf(host) === 'other';
    const check = broker.checkToken(token, host, marketData ? ['access', 'md'] : ['access']);
    if (!check.ok) {
      entry.outcome = check.outcome;
      return check.status === 0
        ? undefined
        : send({ s: check.status, i, d: 'Invalid access token' });
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
    leave ??= broker.connect(session, ip, shutdown);
  }

  function synchronise(i: number, body: string): void {
    if (!session) return;
    // Once per connection (FACTS.md §4).
    if (told !== null) return send({ s: 400, i, d: 'Already synchronised' });
    const check = broker.checkToken(session.accessToken, host);
    if (!check.ok) return send({ s: check.status, i, d: 'Access is denied' });
    const asked = (parsed(body) ?? {}) as { entityTypes?: string[]; splitResponses?: boolean };
    const { splitResponsesDemanded } = check.user.settings;
    if (splitResponsesDemanded && asked.splitResponses !== true) return socket.terminate();
    const { entityTypes } = asked;
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
