// What becomes of sockets: how many there may be, who is cut off, and what goes wrong on one. Without a network.
import { describe, expect, test } from 'vitest';
import { connectionsOf2024, type FaultRule, type UserSettings } from './broker-types.ts';
import { makeWorld } from './by-hand.ts';
import { MemorySocket } from './memory-socket.ts';
import { serveSocket } from './socket.ts';

const second = 1_000;
const userData = 'live.tradovateapi.com';
const marketData = 'md.tradovateapi.com';

/** A broker whose sockets are in memory; `beat` is the tick of their timers. */
function makeSockets(settings: Partial<UserSettings> = {}) {
  const world = makeWorld({ user: { settings } });
  const onWay: (() => void)[] = [];
  const timers = new Set<() => void>();
  const settle = (): void => {
    for (let work = onWay.shift(); work; work = onWay.shift()) work();
  };
  function open(host = userData, ip = '192.0.2.10') {
    const heard: string[] = [];
    let closed = false;
    const socket = new MemorySocket(
      { text: (text) => void heard.push(text), closed: () => void (closed = true) },
      (work) => void onWay.push(work),
    );
    const { entry } = world.broker.upgrade({
      method: 'GET',
      host,
      path: '/v1/websocket',
      headers: {},
      body: '',
      ip,
    });
    serveSocket(world.broker, socket.served, { host, ip, entry }, (_ms, work) => {
      timers.add(work);
      return () => timers.delete(work);
    });
    const say = (frame: string): string[] => {
      const before = heard.length;
      socket.send(frame);
      settle();
      return heard.slice(before);
    };
    const ask = (operation: string, body = '', query = ''): string[] =>
      say(`${operation}\n7\n${query}\n${body}`);
    return { heard, say, ask, closed: () => closed };
  }
  /** One that has authorised. */
  const link = (token: string, host?: string, ip?: string) => {
    const socket = open(host, ip);
    socket.ask('authorize', token);
    settle();
    return socket;
  };
  const beat = (): void => {
    for (const work of [...timers]) work();
    settle();
  };
  return { ...world, open, link, beat };
}

describe('how many connections', () => {
  test('one client for each customer: a second one’s socket shuts all of the first', () => {
    const { link, token, list } = makeSockets({ connections: connectionsOf2024 });
    const first = token();
    const platform = [link(first), link(first, marketData)];
    expect(platform.map(({ closed }) => closed())).toEqual([false, false]);
    const second = token();
    const program = link(second);
    for (const { heard, closed } of platform) {
      expect(closed()).toBe(true);
      expect(heard.at(-2)).toContain('ConnectionQuotaReached');
    }
    expect(program.closed()).toBe(false);
    expect(list(first).status).toBe(200);
    link(first);
    expect(program.closed()).toBe(true);
  });

  test('fifty for each user: the oldest is shut, and its token is revoked', () => {
    const { link, token, list } = makeSockets();
    const [old, young] = [token(), token()];
    const oldest = link(old);
    const others = Array.from({ length: 49 }, () => link(young));
    expect(oldest.closed()).toBe(false);
    link(young);
    expect(oldest.heard.at(-2)).toContain('ConnectionQuotaReached');
    expect(oldest.closed()).toBe(true);
    expect(list(old).status).toBe(408);
    expect(others.every(({ closed }) => !closed())).toBe(true);
  });

  test('a socket that is gone leaves its place', () => {
    const { broker, sam, link, token } = makeSockets({
      connections: { counted: 'sockets', most: 1, beyond: 'closes' },
    });
    const mine = token();
    link(mine);
    broker.shutDown('sam', 'Maintenance');
    const next = link(mine);
    expect(next.closed()).toBe(false);
    expect(broker.sessionsOf(sam.name)).toHaveLength(1);
  });

  test('devices can be counted, and addresses', () => {
    const { sam, signIn, link, token } = makeSockets({ slots: 9, devices: 1 });
    const first = link(token());
    const other = token(signIn({ deviceId: 'device-2' }));
    const second = link(other);
    expect(first.heard.at(-2)).toContain('ConnectionQuotaReached');
    sam.settings.devices = null;
    sam.settings.addresses = 1;
    link(other, userData, '198.51.100.1');
    expect(second.heard.at(-2)).toContain('IPQuotaReached');
  });
});

describe('who is cut off', () => {
  test('a client that says nothing', () => {
    const { link, token, beat, pass } = makeSockets();
    const mine = token();
    const [silent, alive] = [link(mine), link(mine)];
    for (let beats = 0; beats < 8; beats += 1) {
      pass(2.5 * second);
      alive.say('[]');
      beat();
    }
    expect([silent.closed(), alive.closed()]).toEqual([true, false]);
  });

  test('who does not ask for split responses, where they are demanded', () => {
    const { link, token } = makeSockets({ splitResponsesDemanded: true });
    const mine = token();
    const [plain, split] = [link(mine), link(mine)];
    expect(plain.ask('user/syncrequest', '{}')).toEqual([]);
    expect(plain.closed()).toBe(true);
    const [reply] = split.ask('user/syncrequest', '{"splitResponses":true}');
    expect(reply).toContain('"s":200');
  });
});

test.each([['user/syncrequest'], ['user/syncRequest'], ['User/SyncRequest']])(
  '%s is the same operation',
  (operation) => {
    const { link, token } = makeSockets();
    expect(link(token()).ask(operation, '{}')[0]).toContain('"accounts"');
  },
);

describe('what goes wrong on a socket', () => {
  const at = (rule: Omit<FaultRule, 'endpoint'>, endpoint: string): FaultRule => ({
    ...rule,
    endpoint,
  });

  test.each(['authorize', 'user/syncrequest', 'account/list'])('at %s', (operation) => {
    const { broker, link, token } = makeSockets();
    const mine = token();
    const ask = (rule: Omit<FaultRule, 'endpoint'>) => {
      const socket = link(mine);
      broker.fault(at(rule, operation));
      const said = socket.ask(operation, operation === 'authorize' ? mine : '');
      broker.clearFaults();
      return { said: said.join(), closed: socket.closed() };
    };
    expect(ask({ fault: 'rate-429' })).toEqual({ said: 'a[{"s":429,"i":7}]', closed: false });
    expect(ask({ fault: 'unauthorized-401' }).said).toBe('a[{"s":401,"i":7}]');
    expect(ask({ fault: 'penalty' }).said).toMatch(/"s":200,"i":7,"d":\{"p-ticket":/);
    expect(ask({ fault: 'silence' })).toEqual({ said: '', closed: false });
    expect(ask({ fault: 'dropped' })).toEqual({ said: '', closed: true });
    expect(ask({ fault: 'cut-off' })).toEqual({ said: '', closed: true });
  });

  test('the hour of a 429 holds there, too', () => {
    const { broker, list, open, token, pass } = makeSockets();
    const mine = token();
    broker.fault({ endpoint: 'account/list', fault: 'rate-429' });
    list(mine);
    const socket = open();
    expect(socket.ask('authorize', mine)).toContain('a[{"s":429,"i":7}]');
    pass(60 * 60 * second);
    expect(socket.ask('authorize', mine)).toContain('a[{"s":200,"i":7}]');
  });

  test('what is laid for just any call leaves sockets alone', () => {
    const { broker, open, token } = makeSockets();
    const mine = token();
    const socket = open();
    broker.fault({ fault: 'error-500', times: Infinity });
    expect(socket.ask('authorize', mine)).toContain('a[{"s":200,"i":7}]');
  });

  test('a closed session that answers nothing answers nothing here', () => {
    const { broker, open, token } = makeSockets({ closedSessionAnswers: 'silence' });
    const mine = token();
    broker.closeSession(broker.sessionsOf('sam')[0]?.id ?? '');
    expect(open().ask('authorize', mine)).toEqual(['o']);
  });
});
