// A broker with one login and a clock that is moved by hand, for the simulator's own tests.
import { Broker } from './broker.ts';
import { sampleApp, type BrokerReply, type BrokerSettings, type NewUser } from './broker-types.ts';

export type Reply = Record<string, unknown>;

/** The broker, its login, and short ways to call it. */
export function makeWorld(
  options: { settings?: Partial<BrokerSettings>; user?: Partial<NewUser> } = {},
) {
  let now = Date.UTC(2026, 10, 23, 14, 30);
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const broker = new Broker({
    clock: { now: () => now },
    random,
    ...(options.settings ? { settings: options.settings } : {}),
  });
  const sam = broker.addUser({ name: 'sam', password: 'made-up', ...options.user });
  const call = (
    method: string,
    path: string,
    init: {
      host?: string;
      token?: string;
      body?: unknown;
      form?: Record<string, string>;
      headers?: Record<string, string>;
      ip?: string;
    } = {},
  ): BrokerReply =>
    broker.handle({
      method,
      host: init.host ?? 'live.tradovateapi.com',
      path,
      headers: {
        ...(init.token === undefined ? {} : { authorization: `Bearer ${init.token}` }),
        ...(init.form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...init.headers,
      },
      body: init.form
        ? new URLSearchParams(init.form).toString()
        : init.body === undefined
          ? ''
          : typeof init.body === 'string'
            ? init.body
            : JSON.stringify(init.body),
      ip: init.ip ?? '192.0.2.10',
    });
  const credentials = {
    name: 'sam',
    password: 'made-up',
    appId: 'Copier',
    appVersion: '1.0',
    deviceId: 'device-1',
    cid: sampleApp.cid as number | string,
    sec: sampleApp.sec,
  };
  const signIn = (over: Reply = {}, init: { host?: string; ip?: string } = {}): BrokerReply =>
    call('POST', '/v1/auth/accesstokenrequest', { body: { ...credentials, ...over }, ...init });
  const renew = (token: string, init: { host?: string; ip?: string } = {}): BrokerReply =>
    call('GET', '/v1/auth/renewaccesstoken', { token, ...init });
  const list = (token: string, host = 'live.tradovateapi.com'): BrokerReply =>
    call('GET', '/v1/account/list', { token, host });
  return {
    broker,
    sam,
    call,
    signIn,
    renew,
    list,
    credentials,
    now: () => now,
    pass: (ms: number) => void (now += ms),
    token: (reply: BrokerReply = signIn()) => String(parse(reply)['accessToken']),
    outcome: () => broker.journal.at(-1)?.outcome,
  };
}

export const parse = (reply: BrokerReply): Reply => JSON.parse(reply.body) as Reply;
