import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Broker } from './broker.ts';
import {
  sampleOAuthApp,
  type BrokerReply,
  type BrokerSettings,
  type ClosedSessionAnswer,
  type Fault,
  type UserSettings,
} from './broker-types.ts';
import { makeWorld, parse, type Reply } from './by-hand.ts';

const minute = 60_000;
const wrongPassword =
  'Incorrect username or password. Please try again, noting that passwords are case-sensitive.';

describe('signing in', () => {
  test('answers with tokens, expiry and hosts, and opens a session', () => {
    const { broker, signIn, sam, now } = makeWorld();
    const reply = signIn();
    expect(reply.status).toBe(200);
    const body = parse(reply);
    expect(body).toMatchObject({
      userStatus: 'Active',
      userId: sam.id,
      name: 'sam',
      hasLive: true,
      expirationTime: new Date(now() + 80 * minute).toISOString(),
      apiHosts: { live: 'live.tradovateapi.com', demo: 'demo.tradovateapi.com' },
    });
    expect(body['mdAccessToken']).not.toBe(body['accessToken']);
    const [session] = broker.sessionsOf('sam');
    expect(session).toMatchObject({
      appId: 'Copier',
      deviceId: 'device-1',
      openedAt: now(),
      accessToken: body['accessToken'],
    });
    expect(broker.issued.accessTokens).toEqual([
      { token: body['accessToken'], user: 'sam', appId: 'Copier', sessionId: session?.id },
    ]);
    expect(broker.journal).toHaveLength(1);
    expect(broker.journal[0]).toMatchObject({
      endpoint: 'accesstokenrequest',
      path: '/v1/auth/accesstokenrequest',
      user: 'sam',
      sessionId: session?.id,
      status: 200,
      outcome: 'token',
      from: 'program',
      sentCookie: false,
    });
  });

  test.each([
    ['/v1/auth/accesstokenrequest'],
    ['/v1/auth/accessTokenRequest'],
    ['/auth/accesstokenrequest'],
    ['/auth/accessTokenRequest'],
  ])('%s is the same endpoint', (path) => {
    const { call, credentials } = makeWorld();
    expect(parse(call('POST', path, { body: credentials }))).toHaveProperty('accessToken');
  });

  test.each<[string, Reply, Partial<UserSettings>, Reply]>([
    ['wrong password', { password: 'no' }, {}, { errorText: wrongPassword }],
    ['case of the password', { password: 'MADE-UP' }, {}, { errorText: wrongPassword }],
    ['unknown user', { name: 'nobody' }, {}, { errorText: wrongPassword }],
    ['wrong sec', { sec: 'no' }, {}, { errorText: 'The app is not registered' }],
    ['wrong cid', { cid: 9 }, {}, { errorText: 'The app is not registered' }],
    ['no app', { cid: undefined, sec: undefined }, {}, { errorText: 'The app is not registered' }],
    ['closed', {}, { status: 'Closed' }, { userStatus: 'Closed', errorText: 'Access is denied' }],
    ['locked', {}, { status: 'TemporaryLocked' }, { userStatus: 'TemporaryLocked' }],
    ['initiated', {}, { status: 'Initiated' }, { userStatus: 'Initiated' }],
    ['unconfirmed', {}, { status: 'UnconfirmedEmail' }, { userStatus: 'UnconfirmedEmail' }],
    [
      'compromised password',
      { hibpCheck: true },
      { hibpHint: 'PasswordCompromised' },
      { hibpHint: 'PasswordCompromised' },
    ],
    [
      'expired password',
      {},
      { passwordExpired: true, passwordExpirationTime: '2026-11-01T00:00:00.000Z' },
      { passwordExpirationTime: '2026-11-01T00:00:00.000Z' },
    ],
    [
      'wrong environment',
      {},
      { signInAt: 'demo' },
      { errorText: 'This operation should be called on demo.tradovateapi.com' },
    ],
  ])('refuses with HTTP 200 and errorText: %s', (_name, over, settings, expected) => {
    const { broker, signIn, outcome } = makeWorld({ user: { settings } });
    const reply = signIn(over);
    expect(reply.status).toBe(200);
    const body = parse(reply);
    expect(body).toMatchObject(expected);
    expect(body['errorText']).toEqual(expect.stringMatching(/./));
    expect(body).not.toHaveProperty('accessToken');
    // Failures omit apiHosts (FACTS.md §2).
    expect(body).not.toHaveProperty('apiHosts');
    expect(outcome()).toBe('errorText');
    expect(broker.sessionsOf('sam')).toHaveLength(0);
  });

  test.each<[string, Reply, Partial<UserSettings>, Partial<BrokerSettings>]>([
    ['cid as text', { cid: '8' }, {}, {}],
    ['a compromised password nobody asked about', {}, { hibpHint: 'PasswordCompromised' }, {}],
    [
      'no app where none is required',
      { cid: undefined, sec: undefined },
      {},
      { requireApp: false },
    ],
    ['the host it belongs to', {}, { signInAt: 'live' }, {}],
  ])('accepts %s', (_name, over, settings, brokerSettings) => {
    const { signIn } = makeWorld({ user: { settings }, settings: brokerSettings });
    expect(parse(signIn(over))).toHaveProperty('accessToken');
  });

  test.each<[Partial<UserSettings>, (body: Reply, now: number) => void]>([
    [{ omitMdToken: true }, (body) => expect(body).not.toHaveProperty('mdAccessToken')],
    [{ omitExpirationTime: true }, (body) => expect(body).not.toHaveProperty('expirationTime')],
    [{ omitApiHosts: true }, (body) => expect(body).not.toHaveProperty('apiHosts')],
    [
      { expirationAs: 'ms', lifetimeMs: 5 * minute },
      (body, now) => expect(body['expirationTime']).toBe(now + 5 * minute),
    ],
    [
      { apiHosts: { demo: 7, live: 'live-firm.tradovateapi.com' } },
      (body) =>
        expect(body['apiHosts']).toMatchObject({
          demo: 7,
          live: 'live-firm.tradovateapi.com',
          mdLive: 'md.tradovateapi.com',
        }),
    ],
    [
      { passwordExpirationTime: '2027-01-01T00:00:00.000Z' },
      (body) => expect(body['passwordExpirationTime']).toBe('2027-01-01T00:00:00.000Z'),
    ],
    [{ orgName: 'Sample Firm' }, (body) => expect(body['orgName']).toBe('Sample Firm')],
    [
      { alsoSaid: { userStatus: 'TemporaryLocked', expirationTime: 7 } },
      (body) => expect(body).toMatchObject({ userStatus: 'TemporaryLocked', expirationTime: 7 }),
    ],
  ])('shapes the reply by %j', (settings, check) => {
    const world = makeWorld({ user: { settings } });
    check(parse(world.signIn()), world.now());
    check(parse(world.renew(world.token())), world.now());
  });

  test('the web page needs no app, an impostor without its Origin does', () => {
    const { broker, call } = makeWorld();
    const body = { name: 'sam', password: 'made-up', appId: 'tradovate_trader(web)' };
    const headers = { origin: 'https://trader.tradovate.com' };
    expect(parse(call('POST', '/v1/auth/accesstokenrequest', { body }))).toHaveProperty(
      'errorText',
    );
    const reply = call('POST', '/v1/auth/accesstokenrequest', { body, headers });
    expect(parse(reply)).toHaveProperty('accessToken');
    expect(reply.headers['access-control-allow-origin']).toBe('https://trader.tradovate.com');
    expect(broker.journal.at(-1)).toMatchObject({ from: 'web', origin: headers.origin });
  });

  test.each([['{"name":'], ['[1]'], ['']])('a body of %j is a 400', (body) => {
    const { call } = makeWorld();
    expect(call('POST', '/v1/auth/accesstokenrequest', { body }).status).toBe(400);
  });

  test('after several failures right credentials are called wrong for a while, when set so', () => {
    const { signIn, pass } = makeWorld({ settings: { distrustAfterFailures: 2 } });
    signIn({ password: 'a' });
    signIn({ password: 'b' });
    expect(parse(signIn())['errorText']).toBe(wrongPassword);
    pass(5 * minute);
    expect(parse(signIn())).toHaveProperty('accessToken');
  });

  test('throws for programming mistakes only', () => {
    const { broker } = makeWorld();
    expect(() => broker.user('nobody')).toThrow('No user nobody');
    expect(() => broker.openSession('nobody')).toThrow('No user');
    expect(() => broker.closeSession('s99')).toThrow('No session');
    expect(() => broker.addUser({ name: 'sam', password: 'x' })).toThrow('exists');
  });
});

describe('slots', () => {
  test('the third sign-in closes the oldest, and a renewal does not make a session younger', () => {
    const { broker, signIn, renew, list, token, pass } = makeWorld();
    const first = token();
    pass(minute);
    const second = token();
    pass(minute);
    const renewed = token(renew(first));
    signIn();
    expect(list(renewed).status).toBe(408);
    expect(list(second).status).toBe(200);
    expect(broker.sessionsOf('sam')).toHaveLength(2);
  });

  test('live and demo share the slots unless told apart', () => {
    const { broker, sam, signIn } = makeWorld({ user: { settings: { slots: 1 } } });
    const demo = { host: 'demo.tradovateapi.com' };
    signIn();
    signIn({}, demo);
    expect(broker.sessionsOf('sam').map(({ environment }) => environment)).toEqual(['demo']);
    sam.settings.slotsPer = 'environment';
    signIn();
    expect(broker.sessionsOf('sam')).toHaveLength(2);
  });

  test('another program takes a slot and is told of', () => {
    const { broker, list, token } = makeWorld();
    const events: string[] = [];
    const stop = broker.on((event) => events.push(event.type));
    const mine = token();
    broker.openSession('sam');
    broker.openSession('sam', 'Desktop');
    expect(list(mine).status).toBe(408);
    expect(events).toEqual([
      'session-opened',
      'call',
      'session-opened',
      'session-closed',
      'session-opened',
      'call',
    ]);
    stop();
    broker.openSession('sam');
    expect(events).toHaveLength(6);
    expect(broker.sessionsOf('sam').map(({ appId }) => appId)).toEqual([
      'Desktop',
      'Other Program',
    ]);
  });

  test.each<[ClosedSessionAnswer, number, string]>([
    ['unauthorized-401', 401, '401-closed'],
    ['timeout-408', 408, '408-closed'],
    ['empty-429', 429, '429-closed'],
    ['server-error-500', 500, '500-closed'],
    ['bad-gateway-502', 502, '502-closed'],
    ['forbidden-403', 403, '403-closed'],
    ['silence', 0, 'silence-closed'],
    ['shutdown', 401, '401-closed'],
  ])('%s is what a closed session gets, also for a renewal', (answer, status, word) => {
    const { broker, list, renew, token, outcome } = makeWorld({
      user: { settings: { closedSessionAnswers: answer } },
    });
    const mine = token();
    broker.closeSession(broker.sessionsOf('sam')[0]?.id ?? '');
    for (const reply of [list(mine), renew(mine)]) {
      expect(reply.status).toBe(status);
      expect(reply.body).toBe('');
      expect(outcome()).toBe(word);
    }
    broker.settings.unauthorizedBody = 'access-denied';
    expect(list(mine).body).toBe(status === 401 || status === 403 ? 'Access is denied' : '');
  });

  test('a mixture is what a closed session gets, every call another answer', () => {
    const { broker, list, token } = makeWorld({
      user: { settings: { closedSessionAnswers: 'mixture' } },
    });
    const mine = token();
    broker.closeSession(broker.sessionsOf('sam')[0]?.id ?? '');
    const statuses = Array.from({ length: 8 }, () => list(mine).status);
    expect(statuses).toEqual([500, 408, 401, 0, 429, 502, 403, 500]);
  });

  test('never more than the slots, always the oldest, and renewals count for nothing', () => {
    const step = fc.oneof(
      fc.constant('sign-in' as const),
      fc.constant('other' as const),
      fc.constant('renew' as const),
      fc.constant('close' as const),
      fc.constant('wait' as const),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.tuple(step, fc.nat(1000)), { maxLength: 40 }),
        (slots, steps) => {
          const { broker, signIn, renew, pass } = makeWorld({ user: { settings: { slots } } });
          for (const [what, pick] of steps) {
            const before = broker.sessionsOf('sam').map(({ id }) => id);
            const any = broker.sessionsOf('sam')[pick % Math.max(before.length, 1)];
            const after = (): string[] => broker.sessionsOf('sam').map(({ id }) => id);
            switch (what) {
              case 'sign-in':
              case 'other': {
                if (what === 'sign-in') signIn();
                else broker.openSession('sam');
                const kept = before.slice(Math.max(before.length - slots + 1, 0));
                expect(after().slice(0, -1)).toEqual(kept);
                expect(before).not.toContain(after().at(-1));
                break;
              }
              case 'renew':
                if (any) expect(parse(renew(any.accessToken))).toHaveProperty('accessToken');
                expect(after()).toEqual(before);
                break;
              case 'close':
                if (any) broker.closeSession(any.id);
                expect(after()).toEqual(before.filter((id) => id !== any?.id));
                break;
              case 'wait':
                pass(pick * 100);
            }
            expect(after().length).toBeLessThanOrEqual(slots);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('no token is ever issued twice, even by a random that always says the same', () => {
    const broker = new Broker({ clock: { now: () => 0 }, random: () => 0.5 });
    broker.addUser({ name: 'sam', password: 'made-up' });
    for (let i = 0; i < 20; i += 1) broker.openSession('sam');
    const all = [...broker.issued.accessTokens, ...broker.issued.mdAccessTokens];
    expect(new Set(all.map(({ token }) => token)).size).toBe(40);
  });
});

describe('renewal', () => {
  test.each([['GET'], ['POST']])('by %s gives a different token that lives longer', (method) => {
    const { broker, call, token, pass, now } = makeWorld();
    const old = token();
    pass(65 * minute);
    const reply = call(method, '/v1/auth/renewAccessToken', { token: old });
    const body = parse(reply);
    expect(body['accessToken']).not.toBe(old);
    expect(Object.keys(body)).toEqual(Object.keys(parse(makeWorld().signIn())));
    expect(body['expirationTime']).toBe(new Date(now() + 80 * minute).toISOString());
    expect(broker.sessionsOf('sam')).toHaveLength(1);
    expect(broker.journal.at(-1)).toMatchObject({
      endpoint: 'renewaccesstoken',
      outcome: 'renewed',
      user: 'sam',
      appId: 'Copier',
    });
  });

  test('the old token is dead at once by default, or lives out its own time', () => {
    const { sam, renew, list, token, pass, outcome } = makeWorld();
    const old = token();
    pass(30 * minute);
    renew(old);
    expect(renew(old).status).toBe(401);
    expect(outcome()).toBe('401-replaced');
    sam.settings.oldTokenAfterRenewal = 'valid';
    expect(list(old).status).toBe(200);
    pass(50 * minute);
    expect(list(old).status).toBe(401);
    expect(outcome()).toBe('401-expired');
  });

  test('an expired, an unknown and a market-data token get 401', () => {
    const { broker, renew, token, pass, outcome } = makeWorld();
    const mine = token();
    const md = broker.issued.mdAccessTokens[0]?.token ?? '';
    expect(renew(md).status).toBe(401);
    expect(renew('made.up.token').status).toBe(401);
    expect(outcome()).toBe('401-unknown');
    pass(80 * minute - 1);
    expect(broker.sessionsOf('sam')).toHaveLength(1);
    pass(1);
    expect(renew(mine).status).toBe(401);
    expect(outcome()).toBe('401-expired');
    expect(broker.sessionsOf('sam')).toHaveLength(0);
  });

  test('a session dies of inactivity when set so, and any call postpones it', () => {
    const { broker, list, renew, token, pass, outcome } = makeWorld({
      user: { settings: { inactivityMs: 60 * minute } },
    });
    const mine = token();
    pass(40 * minute);
    expect(list(mine).status).toBe(200);
    pass(39 * minute);
    const next = token(renew(mine));
    pass(60 * minute + 1);
    expect(renew(next).status).toBe(401);
    expect(outcome()).toBe('401-inactive');
    expect(broker.allSessions()[0]?.state).toBe('inactive');
  });

  test('a user who is locked meanwhile is refused with HTTP 200', () => {
    const { sam, renew, token } = makeWorld();
    const mine = token();
    sam.settings.status = 'TemporaryLocked';
    const reply = renew(mine);
    expect(reply.status).toBe(200);
    expect(parse(reply)).toMatchObject({ userStatus: 'TemporaryLocked' });
  });
});

describe('hosts', () => {
  test('a token works on the other environment, unless that is refused', () => {
    const { sam, list, renew, token, outcome } = makeWorld();
    const mine = token();
    expect(list(mine, 'demo.tradovateapi.com').status).toBe(200);
    sam.settings.otherHostToken = 'refused';
    expect(list(mine, 'demo.tradovateapi.com').status).toBe(401);
    expect(renew(mine, { host: 'demo.tradovateapi.com' }).status).toBe(401);
    expect(outcome()).toBe('401-host');
    expect(list(mine).status).toBe(200);
  });

  test('a moved user is sent on with 307, by the shared host for data only', () => {
    const { sam, list, renew, signIn, token } = makeWorld({
      user: { settings: { apiHosts: { live: 'live-firm.tradovateapi.com' } } },
    });
    const mine = token();
    const reply = list(mine);
    expect(reply.status).toBe(307);
    expect(reply.headers['location']).toBe('https://live-firm.tradovateapi.com/v1/account/list');
    expect(list(mine, 'live-firm.tradovateapi.com').status).toBe(200);
    expect(list(mine, 'demo.tradovateapi.com').status).toBe(200);
    expect(renew(mine).status).toBe(200);
    sam.settings.oldHost = 'sends-away';
    expect(signIn().status).toBe(307);
    sam.settings.oldHost = 'still-serves';
    expect(list(token()).status).toBe(200);
  });

  test.each([
    ['redirect-307', 307, ''],
    ['misdirected-421', 421, ''],
    [
      'error-text',
      200,
      '{"errorText":"This operation should be called on live-firm.tradovateapi.com"}',
    ],
  ] as const)('a moved user can be sent away by %s', (sentAwayBy, status, body) => {
    const { list, token } = makeWorld({
      user: { settings: { apiHosts: { live: 'live-firm.tradovateapi.com' }, sentAwayBy } },
    });
    expect(list(token())).toMatchObject({ status, body });
  });

  test('where a user is served can be another host than the one that is named', () => {
    const { sam, list, token } = makeWorld({
      user: { settings: { apiHosts: { live: 'evil.example' } } },
    });
    sam.settings.servedAt = { live: 'live.tradovateapi.com' };
    expect(list(token()).status).toBe(200);
    sam.settings.servedAt = { live: 'live-firm.tradovateapi.com' };
    expect(list(token()).headers['location']).toContain('https://live-firm.tradovateapi.com/');
    expect(list(token(), 'live-firm.tradovateapi.com').status).toBe(200);
  });

  test('a token may be known to nobody but the host that issued it', () => {
    const { list, renew, token } = makeWorld({
      user: {
        settings: {
          apiHosts: { live: 'live-firm.tradovateapi.com' },
          otherHostToken: 'only-its-issuer',
        },
      },
    });
    const old = token();
    expect(list(old, 'live-firm.tradovateapi.com').status).toBe(401);
    const fresh = token(renew(old));
    expect(renew(fresh, { host: 'live-firm.tradovateapi.com' }).status).toBe(401);
    expect(renew(fresh).status).toBe(200);
  });

  test.each([
    ['live-d.tradovateapi.com', 200],
    ['live-api-d.tradovate.com', 200],
    ['md.tradovateapi.com', 404],
    ['md-demo.tradovateapi.com', 404],
    ['other.tradovateapi.com', 404],
  ])('%s answers the account list with %i', (host, status) => {
    const { list, token } = makeWorld();
    expect(list(token(), host).status).toBe(status);
  });

  test('broker-wide hosts can move too, and the shared one stays', () => {
    const { broker, list, signIn, token } = makeWorld();
    broker.settings.apiHosts = { live: 'live2.tradovateapi.com', demo: 'demo2.tradovateapi.com' };
    const mine = token(signIn());
    expect(list(mine).status).toBe(307);
    expect(list(mine, 'live2.tradovateapi.com').status).toBe(200);
  });
});

describe('reading', () => {
  test('accounts belong to an environment, users are the login', () => {
    const { call, list, token, sam } = makeWorld({
      user: {
        accounts: [
          { name: 'EVAL-1', environment: 'demo', id: 501, userId: 77 },
          { name: 'REAL-1', environment: 'live', id: 502 },
        ],
      },
    });
    const mine = token();
    expect(JSON.parse(list(mine).body)).toMatchObject([
      { id: 502, name: 'REAL-1', userId: sam.id },
    ]);
    expect(JSON.parse(list(mine, 'demo.tradovateapi.com').body)).toMatchObject([
      { id: 501, name: 'EVAL-1', userId: 77, active: true },
    ]);
    const users = call('GET', '/v1/user/list', { token: mine });
    expect(JSON.parse(users.body)).toMatchObject([{ id: sam.id, name: 'sam' }]);
    for (const path of ['/v1/position/list', '/v1/order/list']) {
      expect(JSON.parse(call('GET', path, { token: mine }).body)).toMatchObject([
        { accountId: 502 },
      ]);
    }
  });

  test('the account list can be empty on a good token', () => {
    const { sam, call, list, token } = makeWorld({ user: { settings: { hideAccounts: true } } });
    const mine = token();
    expect(list(mine)).toMatchObject({ status: 200, body: '[]' });
    Object.assign(sam.settings, { hideAccounts: false, accountListNeedsUserId: true });
    expect(list(mine).body).toBe('[]');
    const asked = call('GET', `/v1/account/list?userId=${sam.id}`, { token: mine });
    expect(JSON.parse(asked.body)).toHaveLength(1);
  });

  test('auth/me is for live only and may be late with the user id', () => {
    const { call, token, sam, pass } = makeWorld({
      user: { settings: { meUserIdAfterMs: 2 * minute } },
    });
    const mine = token();
    const demo = call('GET', '/v1/auth/me', { token: mine, host: 'demo.tradovateapi.com' });
    expect(demo.status).toBe(200);
    expect(parse(demo)['errorText']).toContain('should be called on live.tradovateapi.com');
    expect(parse(call('GET', '/v1/auth/me', { token: mine }))).not.toHaveProperty('userId');
    pass(2 * minute);
    const me = parse(call('GET', '/v1/auth/me', { token: mine }));
    expect(me).toMatchObject({ userId: sam.id, name: 'sam' });
    expect(me).not.toHaveProperty('apiHosts');
  });

  test('session statistics are refused by default, and show the latest session when allowed', () => {
    const { broker, sam, call, signIn, token, pass, now } = makeWorld();
    const mine = token();
    const path = `/v1/userSessionStats/deps?masterid=${sam.id}`;
    expect(call('GET', path, { token: mine }).status).toBe(401);
    sam.settings.mayReadSessionStats = true;
    pass(minute);
    broker.openSession('sam');
    signIn({ password: 'no' });
    expect(JSON.parse(call('GET', path, { token: mine }).body)).toEqual([
      { id: sam.id, lastSessionTime: new Date(now()).toISOString(), failedPasswords: 1 },
    ]);
    const other = call('GET', '/v1/userSessionStats/deps?masterid=1', { token: mine });
    expect(other.body).toBe('[]');
    expect(call('GET', '/v1/userSessionStats/list', { token: mine }).status).toBe(200);
  });

  test('a 401 can mean a permission or a device that was not approved', () => {
    const { broker, sam, call, list, renew, token, outcome } = makeWorld({
      user: { settings: { deniedEndpoints: ['order/list'], deviceApproval: true } },
    });
    const mine = token();
    expect(list(mine).status).toBe(401);
    expect(outcome()).toBe('401-denied');
    expect(list(mine, 'demo.tradovateapi.com').status).toBe(200);
    broker.approveDevice('sam', 'device-1');
    expect(list(mine).status).toBe(200);
    expect(call('GET', '/v1/order/list', { token: mine }).status).toBe(401);
    expect(renew(mine).status).toBe(200);
    expect(sam.approvedDevices.has('device-1')).toBe(true);
  });

  test.each([
    ['GET', '/v1/nothing/here', 404],
    ['GET', '/v1/auth/accesstokenrequest', 404],
    ['GET', '/v1/userSession/list', 404],
    ['GET', '/v1/account/list', 401],
  ])('%s %s without a token is an empty %i', (method, path, status) => {
    const { broker, call } = makeWorld();
    expect(call(method, path)).toMatchObject({ status, body: '' });
    broker.settings.anonymousAnswer = 404;
    expect(call(method, path).status).toBe(404);
  });
});

describe('headers', () => {
  test('Date carries the error of the clock, and the reply may be stored unless the client objects', () => {
    const { call, now } = makeWorld({ settings: { dateSkewMs: -7 * minute } });
    const { headers } = call('GET', '/v1/account/list');
    expect(Date.parse(headers['date'] ?? '')).toBe(now() - 7 * minute);
    expect(headers['cache-control']).toBe('private, no-cache');
  });

  test('only the trader hosts may read across origins, and a preflight leaves no trace', () => {
    const { broker, call } = makeWorld();
    const preflight = (origin: string): BrokerReply =>
      call('OPTIONS', '/v1/auth/renewaccesstoken', { headers: { origin } });
    const allowed = preflight('https://web.ninjatrader.com');
    expect(allowed.status).toBe(204);
    expect(allowed.headers['access-control-allow-headers']).toContain('authorization');
    expect(preflight('https://evil.example').headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
    expect(preflight('chrome-extension://abc').headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
    expect(broker.journal).toHaveLength(0);
  });

  test('cookies that go along are seen', () => {
    const { broker, call, signIn } = makeWorld();
    expect(signIn().headers['set-cookie']).toContain('SameSite=None');
    call('GET', '/v1/account/list', { headers: { cookie: 'tv_edge=1' } });
    expect(broker.journal.at(-1)?.sentCookie).toBe(true);
  });

  test('a gateway can refuse extension origins', () => {
    const { broker, call, credentials } = makeWorld();
    const signInAs = (origin: string): number =>
      call('POST', '/v1/auth/accesstokenrequest', { body: credentials, headers: { origin } })
        .status;
    expect(signInAs('moz-extension://abc')).toBe(200);
    broker.settings.refuseExtensionOrigins = true;
    expect(signInAs('moz-extension://abc')).toBe(403);
    expect(signInAs('https://trader.tradovate.com')).toBe(200);
  });
});

describe('penalties', () => {
  test('are an HTTP 200 without the payload, and served by waiting and the right ticket', () => {
    const { broker, signIn, pass, outcome } = makeWorld();
    broker.fault({ endpoint: 'accesstokenrequest', fault: 'penalty', pTime: 10 });
    const first = parse(signIn());
    expect(first).toEqual({ 'p-ticket': expect.any(String) as unknown, 'p-time': 10 });
    expect(outcome()).toBe('penalty');
    const early = parse(signIn({ 'p-ticket': first['p-ticket'] }));
    expect(early['p-ticket']).not.toBe(first['p-ticket']);
    pass(10_000);
    expect(parse(signIn({ 'p-ticket': first['p-ticket'] }))).toHaveProperty('p-time');
    pass(10_000);
    const wrong = parse(signIn({ 'p-ticket': 'wrong' }));
    pass(10_000);
    const changed = parse(signIn({ 'p-ticket': wrong['p-ticket'], deviceId: 'other' }));
    pass(10_000);
    const without = parse(signIn());
    expect(without).toHaveProperty('p-ticket');
    expect(changed).toHaveProperty('p-ticket');
    expect(broker.sessionsOf('sam')).toHaveLength(0);
    pass(10_000);
    // The ticket belongs to the body that was penalised last.
    const again = { deviceId: 'device-1', 'p-ticket': without['p-ticket'] };
    expect(parse(signIn(again))).toHaveProperty('accessToken');
    expect(parse(signIn())).toHaveProperty('accessToken');
  });

  test('on a GET are served by the plain repetition after the wait', () => {
    const { broker, renew, token, pass } = makeWorld();
    const mine = token();
    broker.fault({ endpoint: 'auth/renewAccessToken', fault: 'penalty' });
    expect(parse(renew(mine))).toMatchObject({ 'p-time': 15 });
    pass(14_999);
    expect(parse(renew(mine))).toHaveProperty('p-ticket');
    pass(15_000);
    expect(parse(renew(mine))).toHaveProperty('accessToken');
  });

  test('with a captcha cannot be served by a program; a person or an hour can', () => {
    const { broker, signIn, pass } = makeWorld();
    broker.fault({ fault: 'captcha' });
    const first = parse(signIn());
    expect(first).toMatchObject({ 'p-captcha': true });
    pass(15_000);
    const second = parse(signIn({ 'p-ticket': first['p-ticket'] }));
    expect(second).toMatchObject({ 'p-captcha': true });
    pass(15_000);
    const answered = { 'p-ticket': second['p-ticket'], 'p-captcha': 'made-up' };
    expect(parse(signIn(answered))).toHaveProperty('accessToken');
    broker.fault({ fault: 'captcha' });
    signIn();
    pass(60 * minute);
    expect(parse(signIn())).toHaveProperty('accessToken');
  });

  test('go by the caller’s /24 and the endpoint', () => {
    const { broker, signIn } = makeWorld();
    broker.fault({ fault: 'penalty', endpoint: 'accesstokenrequest' });
    expect(parse(signIn({}, { ip: '192.0.2.1' }))).toHaveProperty('p-ticket');
    expect(parse(signIn({}, { ip: '192.0.2.200' }))).toHaveProperty('p-ticket');
    expect(parse(signIn({}, { ip: '198.51.100.1' }))).toHaveProperty('accessToken');
  });

  test('are forgotten when faults are cleared', () => {
    const { broker, signIn } = makeWorld();
    broker.fault({ fault: 'penalty', times: Infinity });
    signIn();
    expect(broker.pendingFaults()).toHaveLength(1);
    broker.clearFaults();
    expect(parse(signIn())).toHaveProperty('accessToken');
  });
});

describe('faults', () => {
  test.each<[Fault, Partial<BrokerReply>, string]>([
    ['rate-429', { status: 429, body: '' }, 'rate-429'],
    ['error-500', { status: 500, body: '' }, 'error-500'],
    ['unavailable-503', { status: 503, body: '' }, 'unavailable-503'],
    ['error-text', { status: 200, body: '{"errorText":"Access is denied"}' }, 'errorText'],
    [
      'error-200',
      { status: 200, body: '{"error":"invalid_token","error_description":""}' },
      'error',
    ],
    ['html', { status: 200 }, 'html'],
    ['redirect-307', { status: 307, body: '' }, 'redirect-307'],
    ['silence', { status: 0, delivery: 'silence' }, 'silence'],
    ['cut-off', { status: 200, delivery: 'cut-off' }, 'cut-off'],
    ['slow', { status: 200, delayMs: 5000 }, 'renewed'],
  ])('%s', (fault, expected, word) => {
    const { broker, renew, token, outcome, pass } = makeWorld();
    const mine = token();
    broker.fault({ endpoint: 'renewaccesstoken', user: 'sam', host: 'live', fault });
    const reply = renew(mine);
    expect(reply).toMatchObject(expected);
    expect(outcome()).toBe(word);
    if (fault === 'html') expect(reply.headers['content-type']).toContain('text/html');
    if (fault === 'redirect-307') {
      expect(reply.headers['location']).toBe(
        'https://moved-live.tradovateapi.com/v1/auth/renewaccesstoken',
      );
    }
    // The broker acted when the reply was cut off, and did not when there was silence.
    const acted = fault === 'slow' || fault === 'cut-off';
    expect(broker.sessionsOf('sam')[0]?.renewals).toBe(acted ? 1 : 0);
    if (fault === 'rate-429') pass(60 * minute);
    expect(renew(broker.sessionsOf('sam')[0]?.accessToken ?? '').status).toBe(200);
  });

  test('silence can swallow a renewal that was made, a cut-off one that was not', () => {
    const { broker, renew, token } = makeWorld();
    const mine = token();
    broker.fault({ fault: 'cut-off', executes: false });
    expect(renew(mine)).toMatchObject({ delivery: 'cut-off' });
    expect(broker.sessionsOf('sam')[0]?.renewals).toBe(0);
    broker.fault({ fault: 'silence', executes: true });
    expect(renew(mine)).toMatchObject({ delivery: 'silence', status: 0 });
    expect(broker.sessionsOf('sam')[0]?.renewals).toBe(1);
  });

  test('a lock-out is a 423 and then 429 for an hour, for that user only', () => {
    const { broker, signIn, pass } = makeWorld();
    broker.addUser({ name: 'kim', password: 'made-up' });
    broker.fault({ user: 'sam', fault: 'locked-423' });
    expect(signIn().status).toBe(423);
    expect(signIn()).toMatchObject({ status: 429, body: '' });
    expect(signIn({ name: 'kim' }).status).toBe(200);
    pass(60 * minute);
    expect(signIn().status).toBe(200);
  });

  test('happen as often as asked, and only where asked', () => {
    const { broker, signIn, list, token } = makeWorld();
    const mine = token();
    broker.fault({ endpoint: 'account/list', host: 'demo', fault: 'error-500', times: 2 });
    expect(list(mine).status).toBe(200);
    expect(signIn().status).toBe(200);
    const demo = (): number => list(mine, 'demo.tradovateapi.com').status;
    expect([demo(), demo(), demo()]).toEqual([500, 500, 200]);
    broker.fault({ fault: 'error-text', text: 'Custom', user: 'sam', times: Infinity });
    for (let i = 0; i < 5; i += 1) expect(parse(signIn())).toEqual({ errorText: 'Custom' });
  });

  test('maintenance is a 503 or silence for everybody, and leaves sessions alone', () => {
    const { broker, list, token } = makeWorld();
    const mine = token();
    const events: string[] = [];
    broker.on(({ type }) => events.push(type));
    broker.settings.maintenance = true;
    expect(events).toEqual(['settings']);
    expect(list(mine).status).toBe(503);
    broker.settings.maintenanceAnswer = 'silence';
    expect(list(mine)).toMatchObject({ status: 0, delivery: 'silence' });
    broker.settings.maintenance = false;
    expect(list(mine).status).toBe(200);
  });
});

describe('budgets', () => {
  const budgets = (over: Partial<BrokerSettings['budgets']>): BrokerSettings['budgets'] => ({
    renewals: false,
    renewalsPerHour: 15,
    failedSignIns: false,
    failedSignInsPerHour: 5,
    failedMe: false,
    failedMePerHour: 10,
    authentications: false,
    authenticationsPerMinute: 10,
    answer: 'penalty',
    ...over,
  });

  test('fifteen renewals an hour and address, across users, then a wait that doubles', () => {
    const { broker, renew, token, pass } = makeWorld({
      settings: { budgets: budgets({ renewals: true }) },
    });
    let mine = token();
    for (let i = 0; i < 15; i += 1) mine = token(renew(mine));
    expect(parse(renew(mine))).toMatchObject({ 'p-time': 15 });
    expect(parse(renew(mine, { ip: '198.51.100.1' }))).toHaveProperty('accessToken');
    mine = broker.sessionsOf('sam')[0]?.accessToken ?? '';
    pass(15_000);
    mine = token(renew(mine));
    expect(parse(renew(mine))).toMatchObject({ 'p-time': 30 });
    pass(60 * minute);
    expect(parse(renew(mine))).toHaveProperty('accessToken');
  });

  test('the doubled wait is never longer than a lock-out', () => {
    const { renew, token, pass } = makeWorld({
      settings: { budgets: budgets({ renewals: true, renewalsPerHour: 0 }), lockoutMs: 60_000 },
    });
    let mine = token();
    const penalised = () => Number(parse(renew(mine))['p-time']);
    for (const seconds of [15, 30]) {
      expect(penalised()).toBe(seconds);
      pass(seconds * 1000);
      mine = token(renew(mine));
    }
    expect(penalised()).toBe(60);
    // As long as a lock-out: it has lapsed, and the budget is still spent.
    pass(60_000);
    expect(penalised()).toBe(60);
  });

  test('only failed sign-ins count, and the sixth wants a captcha', () => {
    const { signIn, pass } = makeWorld({ settings: { budgets: budgets({ failedSignIns: true }) } });
    for (let i = 0; i < 10; i += 1) signIn();
    for (let i = 0; i < 5; i += 1)
      expect(parse(signIn({ password: 'no' }))).toHaveProperty('errorText');
    expect(parse(signIn())).toMatchObject({ 'p-captcha': true });
    pass(60 * minute);
    expect(parse(signIn())).toHaveProperty('accessToken');
  });

  test('failing auth/me calls have their own, and the answer can be 429', () => {
    const { call, token } = makeWorld({
      settings: { budgets: budgets({ failedMe: true, answer: 'rate-429' }) },
    });
    const mine = token();
    for (let i = 0; i < 10; i += 1) expect(call('GET', '/v1/auth/me').status).toBe(401);
    expect(call('GET', '/v1/auth/me', { token: mine }).status).toBe(429);
  });

  test('are off by default', () => {
    const { renew, token, signIn } = makeWorld();
    let mine = token();
    for (let i = 0; i < 30; i += 1) mine = token(renew(mine));
    for (let i = 0; i < 30; i += 1) signIn({ password: 'no' });
    expect(parse(signIn())).toHaveProperty('accessToken');
  });
});

describe('OAuth', () => {
  const request = {
    responseType: 'code',
    clientId: sampleOAuthApp.clientId,
    redirectUri: sampleOAuthApp.redirectUris[0] ?? '',
    state: 'xyz',
  };
  const makeOAuthWorld = (settings: Partial<UserSettings> = {}) => {
    const world = makeWorld({ user: { settings } });
    const code = (over: Partial<typeof request> & { codeChallenge?: string } = {}): string => {
      const verdict = world.broker.authorize(
        { ...request, ...over, ...(over.codeChallenge ? { codeChallengeMethod: 'S256' } : {}) },
        { name: 'sam', password: 'made-up' },
      );
      if (!('code' in verdict)) throw new Error(verdict.errorText);
      return verdict.code;
    };
    const fields = {
      client_id: sampleOAuthApp.clientId,
      client_secret: sampleOAuthApp.clientSecret,
    };
    const exchange = (over: Record<string, string>): BrokerReply =>
      world.call('POST', '/auth/oauthtoken', {
        form: {
          grant_type: 'authorization_code',
          redirect_uri: request.redirectUri,
          ...fields,
          ...over,
        },
      });
    const refresh = (refreshToken: string): BrokerReply =>
      world.call('POST', '/v1/auth/oauthToken', {
        body: { grant_type: 'refresh_token', refresh_token: refreshToken, ...fields },
      });
    return { ...world, code, exchange, refresh };
  };

  test('a code becomes a token that renews like any other', () => {
    const { broker, code, exchange, renew, list } = makeOAuthWorld();
    const body = parse(exchange({ code: code() }));
    expect(body).toMatchObject({
      token_type: 'bearer',
      expires_in: 4800,
      refresh_token_expires_in: 93_600,
      apiHosts: { live: 'live.tradovateapi.com' },
    });
    expect(body).not.toHaveProperty('error');
    const access = String(body['access_token']);
    expect(list(access).status).toBe(200);
    expect(parse(renew(access))).toHaveProperty('accessToken');
    expect(broker.sessionsOf('sam')).toMatchObject([{ via: 'oauth', appId: 'Sample OAuth App' }]);
    expect(broker.issued.refreshTokens).toEqual([{ token: body['refresh_token'], user: 'sam' }]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['a wrong secret', { client_secret: 'no' }, 'invalid_client'],
    ['a wrong client', { client_id: '9' }, 'invalid_client'],
    ['another redirect', { redirect_uri: 'http://localhost:8123/callback' }, 'invalid_client'],
    ['a wrong code', { code: 'no' }, 'invalid_grant'],
    ['a verifier nobody announced', { code_verifier: 'abc' }, 'invalid_grant'],
    ['another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
  ])('%s is HTTP 200 with error', (_name, over, error) => {
    const { code, exchange } = makeOAuthWorld();
    const reply = exchange({ code: code(), ...over });
    expect(reply.status).toBe(200);
    expect(parse(reply)).toMatchObject({ error });
    expect(parse(reply)).not.toHaveProperty('access_token');
  });

  test('a code works once and for five minutes', () => {
    const { code, exchange, pass } = makeOAuthWorld();
    const once = code();
    expect(parse(exchange({ code: once }))).toHaveProperty('access_token');
    expect(parse(exchange({ code: once }))).toMatchObject({ error: 'invalid_grant' });
    const late = code();
    pass(5 * minute);
    expect(parse(exchange({ code: late }))).toMatchObject({ error: 'invalid_grant' });
  });

  test('refresh tokens rotate per login, so two holders kill each other', () => {
    const { code, exchange, refresh, pass } = makeOAuthWorld();
    const first = String(parse(exchange({ code: code() }))['refresh_token']);
    const second = String(parse(refresh(first))['refresh_token']);
    expect(second).not.toBe(first);
    expect(parse(refresh(first))).toMatchObject({ error: 'invalid_token' });
    const elsewhere = String(parse(exchange({ code: code() }))['refresh_token']);
    expect(parse(refresh(second))).toMatchObject({ error: 'invalid_token' });
    pass(26 * 60 * minute);
    expect(parse(refresh(elsewhere))).toMatchObject({ error: 'invalid_token' });
  });

  test.each<[Partial<UserSettings>, number]>([
    [{}, 2],
    [{ refreshOpensSession: false }, 1],
    [{ oauthOpensSession: false, refreshOpensSession: false }, 0],
    [{ oauthPageOpensSession: true, refreshOpensSession: false }, 2],
  ])('%j: an authorisation and a refresh take %i slots', (settings, taken) => {
    const { broker, code, exchange, refresh } = makeOAuthWorld({ slots: 9, ...settings });
    refresh(String(parse(exchange({ code: code() }))['refresh_token']));
    expect(broker.sessionsOf('sam').filter(({ counted }) => counted)).toHaveLength(taken);
  });

  test('a session that takes no slot neither evicts nor is evicted', () => {
    const { broker, code, exchange, signIn } = makeOAuthWorld({
      slots: 1,
      oauthOpensSession: false,
    });
    const apps = (): string[] => broker.sessionsOf('sam').map(({ appId }) => appId);
    signIn();
    exchange({ code: code() });
    expect(apps()).toEqual(['Copier', 'Sample OAuth App']);
    broker.openSession('sam');
    expect(apps()).toEqual(['Sample OAuth App', 'Other Program']);
  });

  test('PKCE replaces the secret for a public client, and is checked whenever it was announced', () => {
    const { broker, call, code, exchange } = makeOAuthWorld();
    const verifier = 'v'.repeat(50);
    const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
    expect(parse(exchange({ code: code({ codeChallenge }) }))).toMatchObject({
      error: 'invalid_grant',
    });
    const good = exchange({ code: code({ codeChallenge }), code_verifier: verifier });
    expect(parse(good)).toHaveProperty('access_token');
    broker.settings.oauthApps = [{ ...sampleOAuthApp, publicClient: true }];
    const open = (over: Record<string, string>): Reply =>
      parse(
        call('POST', '/auth/oauthtoken', {
          form: {
            grant_type: 'authorization_code',
            client_id: sampleOAuthApp.clientId,
            redirect_uri: request.redirectUri,
            ...over,
          },
        }),
      );
    expect(open({ code: code({ codeChallenge }), code_verifier: verifier })).toHaveProperty(
      'access_token',
    );
    expect(open({ code: code() })).toMatchObject({ error: 'invalid_grant' });
  });

  test.each([
    [{ clientId: '9' }, 'Wrong client_id'],
    [{ redirectUri: 'https://example.com/oauth/callback/' }, 'Wrong redirect_uri'],
    [{ responseType: 'token' }, 'Wrong response_type'],
  ])('the authorize page refuses %j', (over, words) => {
    const { broker, code } = makeOAuthWorld();
    expect(broker.authorizeRefusal({ ...request, ...over })).toBe(words);
    expect(() => code(over)).toThrow(words);
  });

  test('the authorize page wants the right password and an active user', () => {
    const { broker, sam } = makeOAuthWorld();
    const attempt = (password: string): unknown =>
      broker.authorize(request, { name: 'sam', password });
    expect(attempt('no')).toEqual({ errorText: wrongPassword });
    sam.settings.status = 'Closed';
    expect(attempt('made-up')).toEqual({ errorText: 'Access is denied' });
  });

  test('metadata is published on the demo host', () => {
    const { call } = makeOAuthWorld();
    const path = '/.well-known/oauth-authorization-server';
    const reply = call('GET', path, { host: 'demo.tradovateapi.com' });
    expect(parse(reply)['code_challenge_methods_supported']).toEqual(['S256']);
    expect(call('GET', path).status).toBe(404);
  });
});

describe('who a request is about', () => {
  test('token, name, code or refresh token tell', () => {
    const { broker, token } = makeWorld();
    const mine = token();
    const ask = (headers: Record<string, string>, body: string): unknown =>
      broker.identify({
        method: 'POST',
        host: 'live.tradovateapi.com',
        path: '/',
        headers,
        body,
        ip: '',
      });
    expect(ask({ authorization: `Bearer ${mine}` }, '')).toEqual({
      user: 'sam',
      sessionId: broker.sessionsOf('sam')[0]?.id,
      appId: 'Copier',
    });
    expect(ask({}, '{"name":"sam","appId":"X"}')).toEqual({ user: 'sam', appId: 'X' });
    expect(ask({}, '{"name":"nobody"}')).toEqual({});
    expect(ask({}, 'nonsense')).toEqual({});
  });
});
