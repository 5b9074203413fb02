import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { callThrough, openTunnel, type Answer } from './connect-client.ts';
import { Broker } from './broker.ts';
import { sampleApp, sampleOAuthApp, type UserSettings } from './broker-types.ts';
import { startSimulator, type HoldStage, type Simulator } from './server.ts';

let simulator: Simulator;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 23, 14, 30);
  const broker = new Broker({ clock: { now: () => now } });
  broker.addUser({ name: 'sam', password: 'made-up' });
  simulator = await startSimulator({ broker });
});

afterEach(() => simulator.close());

/** Waits for a condition as long as a busy machine may need. */
const eventually = <T>(check: () => T): Promise<T> =>
  vi.waitFor(check, { timeout: 4_000, interval: 5 });

type Init = Parameters<typeof callThrough>[2];
const call = (url: string, init?: Init): Promise<Answer> =>
  callThrough(simulator.proxyPort, url, init);

const credentials = JSON.stringify({
  name: 'sam',
  password: 'made-up',
  appId: 'Copier',
  cid: sampleApp.cid,
  sec: sampleApp.sec,
});
const signIn = async (): Promise<string> => {
  const answer = await call('https://live.tradovateapi.com/v1/auth/accesstokenrequest', {
    method: 'POST',
    body: credentials,
  });
  return String((JSON.parse(answer.body) as Record<string, unknown>)['accessToken']);
};
const renew = (token: string, init: Init = {}): Promise<Answer> =>
  call('https://live.tradovateapi.com/v1/auth/renewaccesstoken', {
    ...init,
    headers: { authorization: `Bearer ${token}` },
  });
const renewals = (): number | undefined => simulator.broker.sessionsOf('sam')[0]?.renewals;

describe('the proxy', () => {
  test('leads the broker’s hosts to the broker', async () => {
    const token = await signIn();
    const answer = await call('https://demo.tradovateapi.com/v1/account/list', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject([{ name: 'SAM-DEMO' }]);
    expect(answer.headers['connection']).toBe('close');
    expect(new Date(String(answer.headers['date'])).getTime()).toBe(now);
    expect(simulator.broker.journal.map(({ endpoint }) => endpoint)).toEqual([
      'accesstokenrequest',
      'account/list',
    ]);
    expect(simulator.broker.journal.every(({ finishedAt }) => finishedAt === now)).toBe(true);
  });

  test.each(['live-api.staging.ninjatrader.dev', 'demo-api.devel.ninjatrader.dev'])(
    'leads to %s, too, with a certificate for it',
    async (host) => {
      const tunnel = await openTunnel(simulator.proxyPort, host);
      expect(tunnel.getPeerCertificate().subjectaltname).toContain(
        `DNS:${host.replace(/^[^.]+/, '*')}`,
      );
      const path = '/v1/auth/accesstokenrequest';
      const answer = await call(`https://${host}${path}`, { method: 'POST', body: credentials });
      expect(answer.body).toContain('accessToken');
      tunnel.destroy();
    },
  );

  test('Date is the broker’s own, or is not there at all', async () => {
    const token = await signIn();
    simulator.broker.settings.omitDate = true;
    expect((await renew(token)).headers).not.toHaveProperty('date');
  });

  test('a client that finds the hosts by itself needs no proxy', async () => {
    const socket = tlsConnect({
      port: simulator.tlsPort,
      host: '127.0.0.1',
      servername: 'live.tradovateapi.com',
      rejectUnauthorized: false,
    });
    await once(socket, 'secureConnect');
    const url = 'https://live.tradovateapi.com/v1/auth/accesstokenrequest';
    const init = { method: 'POST', body: credentials, tunnel: socket };
    expect((await callThrough(0, url, init)).body).toContain('accessToken');
    socket.destroy();
  });

  test.each([
    ['example.com', 443],
    ['live.tradovateapi.com', 80],
    ['tradovateapi.com.example', 443],
    ['eviltradovate.com', 443],
  ])('refuses %s:%i', async (host, port) => {
    await expect(openTunnel(simulator.proxyPort, host, port)).rejects.toThrow('proxy answered 403');
    expect(simulator.connects).toEqual([{ host, port, allowed: false }]);
  });

  test('refuses plain requests', async () => {
    const socket = connect(simulator.proxyPort, '127.0.0.1');
    socket.write('GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n');
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toContain('403');
    socket.destroy();
  });

  test('offline breaks what is open and refuses what is new, until it is online again', async () => {
    const token = await signIn();
    const tunnel = await openTunnel(simulator.proxyPort, 'live.tradovateapi.com');
    const closed = once(tunnel, 'close');
    simulator.goOffline();
    await closed;
    await expect(renew(token)).rejects.toThrow();
    expect(renewals()).toBe(0);
    simulator.goOnline();
    expect((await renew(token)).status).toBe(200);
  });
});

describe('broken replies', () => {
  test('a cut-off body ends in the middle, after the broker has acted', async () => {
    const token = await signIn();
    simulator.broker.fault({ endpoint: 'renewaccesstoken', fault: 'cut-off' });
    await expect(renew(token)).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    expect(renewals()).toBe(1);
  });

  test('silence lasts until the client gives up', async () => {
    const token = await signIn();
    simulator.broker.fault({ endpoint: 'renewaccesstoken', fault: 'silence' });
    const patience = new AbortController();
    const answer = renew(token, { signal: patience.signal });
    const entry = await eventually(() => {
      const last = simulator.broker.journal.at(-1);
      if (last?.outcome !== 'silence') throw new Error('not yet');
      return last;
    });
    expect(entry.finishedAt).toBeUndefined();
    patience.abort();
    await expect(answer).rejects.toThrow();
    await eventually(() => expect(entry.finishedAt).toBe(now));
  });

  test('slow is late', async () => {
    const token = await signIn();
    simulator.broker.fault({ fault: 'slow', delayMs: 30 });
    expect((await renew(token)).status).toBe(200);
  });
});

describe('a connection that is kept', () => {
  const list = (token: string, tunnel: TLSSocket): Promise<Answer> =>
    call('https://live.tradovateapi.com/v1/account/list', {
      tunnel,
      headers: { authorization: `Bearer ${token}` },
    });

  test('serves the next call', async () => {
    const token = await signIn();
    const tunnel = await openTunnel(simulator.proxyPort, 'live.tradovateapi.com');
    const first = await list(token, tunnel);
    expect(first.headers['connection']).toBe('keep-alive');
    expect((await list(token, tunnel)).status).toBe(200);
    // One for the sign-in, and one for both of these.
    expect(simulator.connects).toHaveLength(2);
    tunnel.destroy();
  });

  test.each([
    ['before the broker has acted', false, 0],
    ['after it', true, 1],
  ])('can die under the next call, %s', async (_when, executes, renewed) => {
    const token = await signIn();
    const fault = { fault: 'dropped', reusedConnection: true, executes } as const;
    simulator.broker.fault({ endpoint: 'renewaccesstoken', ...fault });
    const tunnel = await openTunnel(simulator.proxyPort, 'live.tradovateapi.com');
    expect((await list(token, tunnel)).status).toBe(200);
    await expect(renew(token, { tunnel })).rejects.toThrow(/hang up|ECONNRESET/);
    expect(renewals()).toBe(renewed);
    expect((await renew(token)).status).toBe(executes ? 401 : 200);
  });

  test('is closed when the next call is to be held before it leaves', async () => {
    const token = await signIn();
    const tunnel = await openTunnel(simulator.proxyPort, 'live.tradovateapi.com');
    await list(token, tunnel);
    const closed = once(tunnel, 'close');
    simulator.hold({ endpoint: 'renewaccesstoken' }, 'before-request');
    await closed;
  });
});

describe('holds', () => {
  test.each<[HoldStage, number]>([
    ['before-request', 0],
    ['before-handling', 0],
    ['before-reply', 1],
    ['inside-body', 1],
  ])('%s: %i renewals are made while it is held; then it goes on', async (stage, made) => {
    const token = await signIn();
    const hold = simulator.hold({ endpoint: 'auth/renewAccessToken', user: 'sam' }, stage);
    const answer = renew(token);
    await hold.reached;
    expect(renewals()).toBe(made);
    expect(simulator.broker.journal).toHaveLength(1 + made);
    hold.release();
    expect((await answer).status).toBe(200);
    await hold.finished;
    expect(renewals()).toBe(1);
  });

  test.each<[HoldStage, number]>([
    ['before-request', 0],
    ['before-handling', 0],
    ['before-reply', 1],
    ['inside-body', 1],
  ])('%s: dropped, it leaves %i renewals and a broken connection', async (stage, made) => {
    const token = await signIn();
    const hold = simulator.hold({ endpoint: 'renewaccesstoken' }, stage);
    const answer = renew(token);
    const broken = expect(answer).rejects.toThrow();
    await hold.reached;
    hold.drop();
    await broken;
    await hold.finished;
    expect(renewals()).toBe(made);
  });

  test('inside the body the client has the head and all but the end', async () => {
    const token = await signIn();
    const hold = simulator.hold({ endpoint: 'renewaccesstoken' }, 'inside-body');
    const socket = await openTunnel(simulator.proxyPort, 'live.tradovateapi.com');
    let received = '';
    socket.on('data', (data: Buffer) => (received += data.toString()));
    socket.write(
      `GET /v1/auth/renewaccesstoken HTTP/1.1\r\nHost: live.tradovateapi.com\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    await hold.reached;
    await eventually(() => expect(received).toContain('"accessToken":"'));
    expect(received).toMatch(/content-length: \d+/i);
    expect(received).toMatch(/connection: keep-alive/i);
    expect(received.endsWith('}')).toBe(false);
    hold.release();
    await eventually(() => expect(received.endsWith('}')).toBe(true));
  });

  test('a client that leaves while it is held finishes the hold; the broker still acts on release', async () => {
    const token = await signIn();
    const hold = simulator.hold({ endpoint: 'renewaccesstoken' }, 'before-handling');
    const later = simulator.hold({ endpoint: 'renewaccesstoken' }, 'before-reply');
    const patience = new AbortController();
    const answer = renew(token, { signal: patience.signal });
    await hold.reached;
    patience.abort();
    await expect(answer).rejects.toThrow();
    await hold.finished;
    hold.release();
    await later.reached;
    await later.finished;
    expect(renewals()).toBe(1);
    later.release();
  });

  test('stops one call of the right user only, and can be called off', async () => {
    simulator.broker.addUser({ name: 'kim', password: 'made-up' });
    const token = await signIn();
    const kims = simulator.hold({ endpoint: 'renewaccesstoken', user: 'kim' }, 'before-reply');
    const off = simulator.hold({ endpoint: 'renewaccesstoken' }, 'before-reply');
    const open = simulator.hold({ endpoint: 'renewaccesstoken' }, 'before-reply');
    off.drop();
    open.release();
    expect((await renew(token)).status).toBe(200);
    await open.finished;
    const hold = simulator.hold({ endpoint: 'account/list' }, 'before-reply');
    const mine = simulator.broker.sessionsOf('sam')[0]?.accessToken ?? '';
    expect((await renew(mine)).status).toBe(200);
    for (const unused of [kims, hold]) unused.drop();
    await kims.finished;
  });

  test('a second connection to the host waits with the first', async () => {
    const token = await signIn();
    const host = 'live.tradovateapi.com';
    const hold = simulator.hold({ endpoint: 'renewaccesstoken', host }, 'before-request');
    const first = renew(token);
    await hold.reached;
    const second = call('https://live.tradovateapi.com/v1/account/list');
    const demo = await call('https://demo.tradovateapi.com/v1/account/list');
    expect(demo.status).toBe(401);
    expect(simulator.broker.journal).toHaveLength(2);
    hold.release();
    expect((await first).status).toBe(200);
    expect((await second).status).toBe(401);
  });
});

describe('the socket', () => {
  /** A socket through the proxy; frames are collected, and `next` waits for the first that fits. */
  async function openSocket(host = 'live.tradovateapi.com') {
    const tunnel = await openTunnel(simulator.proxyPort, host);
    const socket = new WebSocket(`wss://${host}/v1/websocket`, { createConnection: () => tunnel });
    const frames: string[] = [];
    socket.on('message', (data: Buffer) => frames.push(data.toString()));
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    const opened = new Promise<void>((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    });
    await opened;
    const next = (part: string): Promise<string> =>
      eventually(() => {
        const frame = frames.find((text) => text.includes(part));
        if (frame === undefined) throw new Error(`no frame with ${part} in ${frames.join(' ')}`);
        return frame;
      });
    const ask = async (endpoint: string, id: number, query = '', body = ''): Promise<unknown> => {
      socket.send(`${endpoint}\n${id}\n${query}\n${body}`);
      const frame = await next(`"i":${id}`);
      return (JSON.parse(frame.slice(1)) as unknown[])[0];
    };
    return { socket, frames, closed, next, ask };
  }

  test('opens, authorizes, synchronises, beats and tells of changes', async () => {
    simulator.broker.settings.heartbeatMs = 5;
    const token = await signIn();
    const { socket, frames, next, ask } = await openSocket();
    await next('o');
    expect(await ask('account/list', 1)).toMatchObject({ s: 401, i: 1 });
    expect(await ask('authorize', 2, '', 'wrong')).toEqual({
      s: 401,
      i: 2,
      d: 'Invalid access token',
    });
    expect(await ask('authorize', 3, '', token)).toEqual({ s: 200, i: 3 });
    socket.send('[]');
    expect(await ask('user/syncrequest', 4, '', '{"users":[20001]}')).toMatchObject({
      s: 200,
      d: { users: [{ name: 'sam' }], accounts: [{ name: 'SAM-LIVE' }], orders: [{}], fills: [] },
    });
    expect(await ask('user/syncrequest', 5)).toMatchObject({ s: 400 });
    expect(await ask('order/list', 6)).toMatchObject({ s: 200, d: [{ action: 'Sell' }] });
    expect(await ask('nothing/here', 7)).toEqual({ s: 404, i: 7 });
    simulator.broker.fault({ endpoint: 'account/list', fault: 'penalty' });
    expect(await ask('account/list', 8)).toMatchObject({ s: 200, d: { 'p-time': 15 } });
    simulator.broker.pushProps('sam', {
      entityType: 'position',
      eventType: 'Updated',
      entity: { id: 1 },
    });
    expect(await next('"props"')).toContain('"eventType":"Updated"');
    await eventually(() =>
      expect(frames.filter((frame) => frame === 'h').length).toBeGreaterThan(2),
    );
    expect(frames[0]).toBe('o');
    socket.terminate();
    const entry = simulator.broker.journal.find(({ endpoint }) => endpoint === 'websocket');
    expect(entry).toMatchObject({ user: 'sam', appId: 'Copier', status: 101 });
    await eventually(() => expect(entry?.finishedAt).toBe(now));
  });

  test('market data takes the market-data token, user data does not', async () => {
    await signIn();
    const md = simulator.broker.issued.mdAccessTokens[0]?.token ?? '';
    const data = await openSocket('md.tradovateapi.com');
    expect(await data.ask('authorize', 1, '', md)).toMatchObject({ s: 200 });
    const user = await openSocket();
    expect(await user.ask('authorize', 1, '', md)).toMatchObject({ s: 401 });
  });

  test('an evicted session hears shutdown and is closed, or is cut without a word', async () => {
    const { settings } = simulator.broker.user('sam');
    settings.closedSessionAnswers = 'shutdown';
    const polite = await openSocket();
    expect(await polite.ask('authorize', 1, '', await signIn())).toMatchObject({ s: 200 });
    simulator.broker.openSession('sam');
    expect(polite.frames.join()).not.toContain('shutdown');
    simulator.broker.openSession('sam');
    expect(await polite.next('shutdown')).toContain('"reasonCode":"ConnectionQuotaReached"');
    await polite.closed;
    expect(polite.frames.at(-1)).toBe('c[3000,"Go away!"]');

    settings.closedSessionAnswers = 'timeout-408';
    const rude = await openSocket();
    expect(await rude.ask('authorize', 1, '', await signIn())).toMatchObject({ s: 200 });
    simulator.broker.closeSession(simulator.broker.sessionsOf('sam').at(-1)?.id ?? '');
    expect(await rude.closed).toBe(1006);
    expect(rude.frames.join()).not.toContain('shutdown');
  });

  test.each<[UserSettings['socketAtExpiry'], number]>([
    ['closes', WebSocket.CLOSED],
    ['stays', WebSocket.OPEN],
  ])('at expiry it %s', async (what, state) => {
    simulator.broker.user('sam').settings.socketAtExpiry = what;
    const { socket, ask } = await openSocket();
    expect(await ask('authorize', 1, '', await signIn())).toMatchObject({ s: 200 });
    now += 80 * 60_000;
    simulator.broker.sweep();
    if (what === 'stays') expect(await ask('account/list', 2)).toMatchObject({ s: 401 });
    await eventually(() => expect(socket.readyState).toBe(state));
  });

  test('maintenance shuts everybody down and lets nobody in', async () => {
    const { next, closed } = await openSocket();
    simulator.broker.settings.maintenance = true;
    expect(await next('shutdown')).toContain('"reasonCode":"Maintenance"');
    await closed;
    await expect(openSocket()).rejects.toThrow('503');
  });

  test('a host its users have moved away from answers 421, too many get 429', async () => {
    const { broker } = simulator;
    broker.user('sam').settings.apiHosts = { live: 'live-firm.tradovateapi.com' };
    await expect(openSocket()).rejects.toThrow('421');
    broker.addUser({ name: 'kim', password: 'made-up' });
    const mixed = await openSocket();
    expect(await mixed.ask('authorize', 1, '', await signIn())).toMatchObject({ s: 421 });
    await mixed.closed;
    const moved = await openSocket('live-firm.tradovateapi.com');
    expect(await moved.ask('authorize', 1, '', await signIn())).toMatchObject({ s: 200 });
    broker.settings.misdirectedHosts = ['demo.tradovateapi.com'];
    await expect(openSocket('demo.tradovateapi.com')).rejects.toThrow('421');
    broker.fault({ endpoint: 'websocket', fault: 'rate-429', lockMs: 0 });
    await expect(openSocket()).rejects.toThrow('429');
    await expect(openSocket('nobody.tradovateapi.com')).rejects.toThrow('404');
  });
});

describe('the web trader', () => {
  test.each([
    ['https://trader.tradovate.com/welcome', 200, 'text/html'],
    ['https://topstep.tradovate.com/trading-mode', 200, 'text/html'],
    ['https://apex.tradovate.com/trader', 200, 'text/html'],
    ['https://web.ninjatrader.com/welcome?noform', 200, 'text/html'],
    ['https://trader.tradovate.com/assets/trader.js', 200, 'text/javascript'],
    ['https://trader.tradovate.com/assets/oauth.js', 200, 'text/javascript'],
    ['https://trader.tradovate.com/assets/trader.css', 200, 'text/css'],
    ['https://trader.tradovate.com/favicon.ico', 200, 'image/svg+xml'],
    ['https://trader.tradovate.com/', 302, 'text/html'],
    ['https://trader.tradovate.com/nothing', 404, 'text/html'],
  ])('%s', async (url, status, type) => {
    const answer = await call(url);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain(type);
    expect(answer.headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'/,
    );
    // The form is rendered by the script, late; nothing of it is in the document.
    expect(type === 'text/html' && answer.body.includes('password-input')).toBe(false);
  });

  test('the authorize page gives a code to the registered redirect only', async () => {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: sampleOAuthApp.clientId,
      redirect_uri: sampleOAuthApp.redirectUris[0] ?? '',
      state: 'a b',
    });
    const page = await call(`https://trader.tradovate.com/oauth?${query.toString()}`);
    expect(page.body).toContain('id="password-input"');
    const refused = await call('https://trader.tradovate.com/oauth?client_id=9');
    expect([refused.status, refused.body]).toEqual([
      400,
      expect.stringContaining('Wrong client_id'),
    ]);
    const decide = async (
      sent: Record<string, unknown>,
      q = query.toString(),
    ): Promise<unknown> => {
      const answer = await call('https://web.ninjatrader.com/oauth/decision', {
        method: 'POST',
        body: JSON.stringify({ query: `?${q}`, name: 'sam', ...sent }),
      });
      return JSON.parse(answer.body);
    };
    expect(await decide({ allow: true, password: 'no' })).toHaveProperty('errorText');
    expect(await decide({ allow: false })).toEqual({
      location: 'https://example.com/oauth/callback?error=access_denied&state=a+b',
    });
    expect(await decide({ allow: true, password: 'made-up' }, 'client_id=9')).toEqual({
      errorText: 'Wrong client_id',
    });
    const allowed = (await decide({ allow: true, password: 'made-up' })) as { location: string };
    const back = new URL(allowed.location);
    expect(back.searchParams.get('state')).toBe('a b');
    simulator.broker.settings.oauthEchoesState = false;
    const silent = (await decide({ allow: true, password: 'made-up' })) as { location: string };
    expect(new URL(silent.location).searchParams.has('state')).toBe(false);
    const exchanged = await call('https://live.tradovateapi.com/auth/oauthtoken', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: back.searchParams.get('code') ?? '',
        redirect_uri: query.get('redirect_uri') ?? '',
        client_id: sampleOAuthApp.clientId,
        client_secret: sampleOAuthApp.clientSecret,
      }).toString(),
    });
    expect(JSON.parse(exchanged.body)).toHaveProperty('access_token');
  });
});

describe('the control page', () => {
  const post = async (path: string, body: unknown): Promise<{ status: number; value: unknown }> => {
    const response = await fetch(simulator.controlUrl + path, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: response.status, value: await response.json() };
  };
  const state = async (): Promise<Record<string, unknown>> =>
    (await (await fetch(`${simulator.controlUrl}/state`)).json()) as Record<string, unknown>;

  test('changes and shows everything, but no token', async () => {
    expect((await fetch(simulator.controlUrl)).headers.get('content-type')).toContain('text/html');
    await signIn();
    expect(await post('/users', { name: 'kim', password: 'made-up' })).toMatchObject({
      status: 200,
      value: { name: 'kim' },
    });
    const opened = await post('/sessions', { open: 'kim', appId: 'Desktop' });
    await post('/settings', {
      broker: { dateSkewMs: 5 },
      user: 'kim',
      settings: { lifetimeMs: 1000 },
    });
    await post('/faults', { endpoint: 'me', fault: 'html', times: 'forever' });
    const seen = await state();
    expect(seen).toMatchObject({
      settings: { dateSkewMs: 5 },
      users: [
        { name: 'sam', sessions: [{ appId: 'Copier' }] },
        { name: 'kim', settings: { lifetimeMs: 1000 }, sessions: [{ appId: 'Desktop' }] },
      ],
      faults: [{ rule: { endpoint: 'me', fault: 'html' }, left: 'forever' }],
      journal: [{ endpoint: 'accesstokenrequest' }],
    });
    const everything = JSON.stringify(seen);
    for (const { token } of simulator.broker.issued.accessTokens) {
      expect(everything).not.toContain(token);
    }
    await post('/sessions', { close: (opened.value as { id: string }).id });
    await post('/faults', { clear: true });
    expect(await state()).toMatchObject({ users: [{}, { sessions: [] }], faults: [] });
  });

  test('says what cannot be done, and can take the network away', async () => {
    expect(await post('/users', { name: 'sam' })).toMatchObject({
      status: 400,
      value: { error: expect.stringContaining('exists') as unknown },
    });
    expect(await post('/nothing', {})).toMatchObject({ status: 404 });
    await post('/network', { offline: true });
    await expect(signIn()).rejects.toThrow();
    await post('/network', { offline: false });
    expect(await signIn()).not.toBe('undefined');
  });
});
