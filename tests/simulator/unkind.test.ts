// How unkind the broker can be: limits, refusals and losses that are documented, or that somebody has seen.
import { describe, expect, test } from 'vitest';
import { sampleApp, sampleOAuthApp, type Fault, type UserSettings } from './broker-types.ts';
import { makeWorld, parse } from './by-hand.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

describe('a penalty', () => {
  test('belongs to network and endpoint, not to the user that met it', () => {
    const { broker, renew, list, token, pass } = makeWorld();
    broker.addUser({ name: 'tom', password: 'made-up' });
    const sam = token();
    const tom = broker.openSession('tom').accessToken;
    broker.fault({ endpoint: 'renewaccesstoken', user: 'sam', fault: 'penalty' });
    expect(parse(renew(sam))).toHaveProperty('p-ticket');
    expect(parse(renew(tom, { ip: '192.0.2.99' }))).toHaveProperty('p-ticket');
    expect(list(tom).status).toBe(200);
    expect(parse(renew(tom, { ip: '198.51.100.1' }))).toHaveProperty('accessToken');
    pass(15 * second);
    expect(parse(renew(sam))).toHaveProperty('accessToken');
  });

  test('with a captcha holds all renewals of the network for an hour, and each try makes it a new hour', () => {
    const { broker, renew, token, pass } = makeWorld({
      user: { settings: { lifetimeMs: 9 * hour } },
    });
    broker.addUser({ name: 'tom', password: 'made-up', settings: { lifetimeMs: 9 * hour } });
    const sam = token();
    const tom = broker.openSession('tom').accessToken;
    broker.fault({ endpoint: 'renewaccesstoken', fault: 'captcha' });
    renew(sam);
    pass(59 * minute);
    expect(parse(renew(tom))).toHaveProperty('p-captcha');
    pass(59 * minute);
    expect(parse(renew(sam))).toHaveProperty('p-captcha');
    pass(hour);
    expect(parse(renew(tom))).toHaveProperty('accessToken');
  });

  test('one ticket that is served lets the network in, and leaves the other tickets good', () => {
    const { broker, signIn, pass } = makeWorld();
    broker.addUser({ name: 'tom', password: 'made-up' });
    broker.fault({ endpoint: 'accesstokenrequest', fault: 'penalty' });
    const sam = parse(signIn());
    const tom = parse(signIn({ name: 'tom' }));
    pass(15 * second);
    expect(parse(signIn({ 'p-ticket': sam['p-ticket'] }))).toHaveProperty('accessToken');
    expect(parse(signIn({ name: 'tom', 'p-ticket': tom['p-ticket'] }))).toHaveProperty(
      'accessToken',
    );
    expect(parse(signIn())).toHaveProperty('accessToken');
  });

  test('may come with its ticket in a 429', () => {
    const { broker, renew, token, pass } = makeWorld();
    const mine = token();
    broker.fault({ endpoint: 'renewaccesstoken', fault: 'ticket-429', pTime: 20 });
    const reply = renew(mine);
    expect(reply.status).toBe(429);
    expect(parse(reply)).toEqual({ 'p-ticket': expect.any(String) as unknown, 'p-time': 20 });
    pass(20 * second);
    expect(parse(renew(mine))).toHaveProperty('accessToken');
  });
});

describe('a 429', () => {
  test('lasts its hour for that user, everywhere, and for nobody else', () => {
    const { broker, renew, list, signIn, token, pass } = makeWorld();
    broker.addUser({ name: 'tom', password: 'made-up' });
    const mine = token();
    broker.fault({ endpoint: 'renewaccesstoken', fault: 'rate-429' });
    expect(renew(mine)).toMatchObject({ status: 429, body: '' });
    expect(renew(broker.openSession('tom').accessToken).status).toBe(200);
    pass(hour);
    expect(renew(mine).status).toBe(200);
    broker.fault({ user: 'sam', fault: 'rate-429' });
    signIn();
    expect(list(mine).status).toBe(429);
  });

  test('starts anew for whoever does not wait', () => {
    const { broker, renew, token, pass, outcome } = makeWorld({
      user: { settings: { lifetimeMs: 9 * hour } },
    });
    const mine = token();
    broker.fault({ endpoint: 'renewaccesstoken', fault: 'rate-429' });
    renew(mine);
    for (let tries = 0; tries < 3; tries += 1) {
      pass(59 * minute);
      expect(renew(mine).status).toBe(429);
      expect(outcome()).toBe('locked-429');
    }
    pass(hour);
    expect(renew(mine).status).toBe(200);
  });

  test('follows a 423', () => {
    const { broker, renew, list, token } = makeWorld();
    const mine = token();
    broker.fault({ endpoint: 'renewaccesstoken', fault: 'locked-423' });
    expect([renew(mine).status, list(mine).status, renew(mine).status]).toEqual([423, 429, 429]);
  });

  test('is over at once where a gateway said it in passing', () => {
    const { broker, renew, token } = makeWorld();
    const mine = token();
    broker.fault({ endpoint: 'renewaccesstoken', fault: 'rate-429', lockMs: 0 });
    expect([renew(mine).status, renew(mine).status]).toEqual([429, 200]);
  });

  test('may say when to come back, in seconds or as a date, and says it again', () => {
    const { broker, renew, token, now, pass } = makeWorld();
    const mine = token();
    const until = new Date(now() + 90 * second).toUTCString();
    broker.fault({
      endpoint: 'renewaccesstoken',
      fault: 'rate-429',
      lockMs: 90 * second,
      retryAfter: { seconds: 90, as: 'date' },
    });
    expect(renew(mine).headers['retry-after']).toBe(until);
    expect(renew(mine).headers['retry-after']).toBe(until);
    pass(90 * second);
    broker.fault({
      endpoint: 'renewaccesstoken',
      fault: 'unavailable-503',
      retryAfter: { seconds: 120, as: 'seconds' },
    });
    expect(renew(mine)).toMatchObject({ status: 503, headers: { 'retry-after': '120' } });
  });
});

describe('laid faults', () => {
  test.each<[Fault, number, RegExp]>([
    ['unauthorized-401', 401, /^$/],
    ['forbidden-403', 403, /<html>/],
    ['bad-gateway-502', 502, /<html>/],
  ])('%s comes for a token that lives', (fault, status, body) => {
    const { broker, list, token } = makeWorld();
    const mine = token();
    broker.fault({ endpoint: 'account/list', fault });
    const reply = list(mine);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatch(body);
    expect(list(mine).status).toBe(200);
  });

  test('any status with any body', () => {
    const { broker, list, token } = makeWorld();
    const mine = token();
    broker.fault({
      endpoint: 'account/list',
      fault: 'status',
      status: 418,
      text: 'short and stout',
    });
    expect(list(mine)).toMatchObject({ status: 418, body: 'short and stout' });
  });

  test('a dropped connection, before or after the broker has acted', () => {
    const { broker, renew, token } = makeWorld();
    const mine = token();
    broker.fault({ endpoint: 'renewaccesstoken', fault: 'dropped' });
    expect(renew(mine)).toMatchObject({ status: 0, delivery: 'dropped' });
    expect(broker.sessionsOf('sam')[0]?.renewals).toBe(0);
    broker.fault({ endpoint: 'renewaccesstoken', fault: 'dropped', executes: true });
    expect(renew(mine)).toMatchObject({ status: 0, delivery: 'dropped' });
    expect(broker.sessionsOf('sam')[0]?.renewals).toBe(1);
    expect(renew(mine).status).toBe(401);
  });
});

describe('authentication', () => {
  test('ten a minute and address where so set, of all kinds together', () => {
    const { broker, renew, signIn, token, pass } = makeWorld();
    broker.settings.budgets = { ...broker.settings.budgets, authentications: true };
    let mine = token();
    for (let more = 0; more < 8; more += 1) mine = token(renew(mine));
    expect(parse(signIn({ password: 'no' }))).toHaveProperty('errorText');
    expect(parse(renew(mine))).toHaveProperty('p-ticket');
    pass(minute);
    expect(parse(renew(mine))).toHaveProperty('accessToken');
  });

  test('a wrong password can be a 401', () => {
    const { broker, signIn } = makeWorld();
    broker.settings.wrongPassword = 'unauthorized-401';
    const reply = signIn({ password: 'no' });
    expect(reply.status).toBe(401);
    expect(parse(reply)['errorText']).toMatch(/^Incorrect username or password/);
  });

  test('a budget may answer a 429 with a ticket in it', () => {
    const { broker, renew, token } = makeWorld();
    const { budgets } = broker.settings;
    broker.settings.budgets = {
      ...budgets,
      renewals: true,
      renewalsPerHour: 0,
      answer: 'ticket-429',
    };
    const reply = renew(token());
    expect(reply.status).toBe(429);
    expect(parse(reply)).toMatchObject({ 'p-time': 15 });
  });
});

describe('idleness', () => {
  test('can be ended by a renewal alone', () => {
    const settings = { inactivityMs: hour, idleUntil: 'renewal' } as const;
    const { renew, list, token, pass, outcome } = makeWorld({ user: { settings } });
    let mine = token();
    pass(59 * minute);
    mine = token(renew(mine));
    pass(59 * minute);
    expect(list(mine).status).toBe(200);
    pass(2 * minute);
    expect(list(mine).status).toBe(401);
    expect(outcome()).toBe('401-inactive');
  });
});

describe('after a renewal', () => {
  test('the old token can live for some seconds more', () => {
    const { renew, list, token, pass, outcome } = makeWorld({
      user: { settings: { oldTokenGraceMs: 30 * second } },
    });
    const old = token();
    renew(old);
    pass(29 * second);
    expect(list(old).status).toBe(200);
    pass(second);
    expect(list(old).status).toBe(401);
    expect(outcome()).toBe('401-replaced');
  });
});

describe('a refresh grant', () => {
  const grant = (world: ReturnType<typeof makeWorld>, more: Record<string, string>) =>
    world.call('POST', '/v1/auth/oauthtoken', {
      form: {
        client_id: sampleOAuthApp.clientId,
        client_secret: sampleOAuthApp.clientSecret,
        ...more,
      },
    });
  function signedIn(settings: Partial<UserSettings>) {
    const world = makeWorld({ user: { settings } });
    const redirectUri = sampleOAuthApp.redirectUris[0] ?? '';
    const verdict = world.broker.authorize(
      { responseType: 'code', clientId: sampleOAuthApp.clientId, redirectUri },
      { name: 'sam', password: 'made-up' },
    );
    const code = 'code' in verdict ? verdict.code : '';
    const reply = grant(world, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
    });
    const refresh = (token = String(parse(reply)['refresh_token'])) =>
      grant(world, { grant_type: 'refresh_token', refresh_token: token });
    return { ...world, refresh };
  }

  test('can go on in the session it belongs to, also after its end', () => {
    const { broker, refresh, pass } = signedIn({ refreshStaysInSession: true });
    const session = broker.sessionsOf('sam')[0];
    pass(minute);
    const next = parse(refresh());
    expect(next['access_token']).toBe(session?.accessToken);
    pass(2 * hour);
    expect(broker.sessionsOf('sam')).toEqual([]);
    expect(parse(refresh(String(next['refresh_token'])))).toHaveProperty('access_token');
    expect(broker.sessionsOf('sam')).toEqual([session]);
    expect(broker.allSessions()).toHaveLength(1);
  });

  test('is refused there once the session was closed, and closes nobody else’s', () => {
    const { broker, refresh } = signedIn({ refreshStaysInSession: true });
    broker.openSession('sam');
    broker.openSession('sam');
    expect(parse(refresh())).toMatchObject({ error: 'invalid_token' });
    expect(broker.sessionsOf('sam')).toHaveLength(2);
  });

  test('of a locked user is refused, and can be redeemed when the lock is gone', () => {
    const { sam, refresh } = signedIn({});
    sam.settings.status = 'TemporaryLocked';
    expect(parse(refresh())).toMatchObject({ error: 'access_denied' });
    sam.settings.status = 'Active';
    expect(parse(refresh())).toHaveProperty('access_token');
  });

  test('is sent away like any other call by a host that serves the user no more', () => {
    const { sam, refresh } = signedIn({});
    sam.settings.apiHosts = { live: 'live-firm.tradovateapi.com' };
    sam.settings.oldHost = 'sends-away';
    expect(refresh()).toMatchObject({
      status: 307,
      headers: { location: 'https://live-firm.tradovateapi.com/v1/auth/oauthtoken' },
    });
  });
});

describe('social sign-in', () => {
  const social = (world: ReturnType<typeof makeWorld>, origin?: string) =>
    world.call('POST', '/v1/auth/socialtokenrequest', {
      body: { provider: 'google' },
      ...(origin === undefined ? {} : { headers: { origin } }),
    });
  const page = 'https://trader.tradovate.com';

  test('opens a session for the web page alone, and takes a place like any other', () => {
    const world = makeWorld({ user: { settings: { slots: 1 } } });
    world.broker.settings.socialKnows = 'sam';
    const mine = world.token();
    expect(parse(social(world))).toHaveProperty('errorText');
    const reply = parse(social(world, page));
    expect(reply).toMatchObject({ name: 'sam', apiHosts: { live: 'live.tradovateapi.com' } });
    expect(world.list(mine).status).toBe(408);
    expect(world.broker.sessionsOf('sam')).toMatchObject([{ via: 'social' }]);
  });

  test('is refused where the browser knows nobody', () => {
    expect(parse(social(makeWorld(), page))).toHaveProperty('errorText');
  });
});

describe('what is said', () => {
  test('Date may be missing', () => {
    const { broker, list, token } = makeWorld();
    broker.settings.omitDate = true;
    expect(list(token()).headers).not.toHaveProperty('date');
  });

  test('in 2021 there was no market-data token and no host', () => {
    const { signIn, renew, token } = makeWorld({ user: { settings: { replyShape: '2021' } } });
    const first = signIn();
    const known = ['accessToken', 'expirationTime', 'userStatus', 'userId', 'name', 'hasLive'];
    expect(Object.keys(parse(first)).sort()).toEqual(known.sort());
    expect(Object.keys(parse(renew(token(first)))).sort()).toEqual(known);
  });

  test('positions and orders have a time, and a user’s properties can be asked for', () => {
    const { call, token, sam } = makeWorld();
    const mine = token();
    const time = expect.stringMatching(/^2026-.*Z$/) as unknown;
    for (const path of ['/v1/position/list', '/v1/order/list']) {
      expect(parse(call('GET', path, { token: mine }))).toMatchObject([{ timestamp: time }]);
    }
    const properties = call('GET', `/v1/userProperty/deps?masterid=${sam.id}`, { token: mine });
    expect(properties).toMatchObject({ status: 200, body: '[]' });
  });
});

test.each([
  ['live-api.staging.ninjatrader.dev', 'live'],
  ['demo-api.staging.ninjatrader.dev', 'demo'],
  ['demo-api.devel.ninjatrader.dev', 'demo'],
  ['md-api.staging.ninjatrader.dev', 'other'],
  ['live-api-d.tradovate.com', 'live'],
  ['demo-d.tradovateapi.com', 'demo'],
  ['demo-api.elsewhere.ninjatrader.dev', null],
])('%s is %s', (host, environment) => {
  const { broker, signIn } = makeWorld();
  expect(broker.environmentOf(host)).toBe(environment);
  const signsIn = environment === 'live' || environment === 'demo';
  expect(signIn({ cid: sampleApp.cid }, { host }).status).toBe(signsIn ? 200 : 404);
});
