/** What the client sends and takes, whatever the broker answers. */
import { expect, test } from 'vitest';
import { createClient } from '../../utils/tradovate/client.ts';

const HOST = 'demo.tradovateapi.com';
const TOKEN = { accessToken: 'made-up-token', expirationTime: '2026-11-21T12:00:00.000Z' };
const LOGIN = {
  userName: 'sam',
  password: 'made-up-password',
  appId: 'Sample App',
  appVersion: '1.0',
  deviceId: 'made-up-device',
  cid: '8',
  secret: 'made-up-secret',
};

/** A client whose calls are answered with these, one after the other. */
function answering(...replies: Response[]) {
  const bodies: unknown[] = [];
  const client = createClient({
    fetch: (_, { body }) => {
      bodies.push(typeof body === 'string' ? JSON.parse(body) : null);
      const reply = replies.shift();
      return reply ? Promise.resolve(reply) : Promise.reject(new TypeError('No more.'));
    },
    onLine: () => true,
    mayCall: () => Promise.resolve(true),
  });
  return { client, bodies };
}

test.each([
  ['120', 120_000],
  ['Sat, 21 Nov 2026 11:02:00 GMT', 120_000],
  // It has passed already.
  ['Sat, 21 Nov 2026 10:00:00 GMT', undefined],
  ['soon', undefined],
])('a wait told as "%s" is read', async (retryAfter, waitMs) => {
  const headers = { 'Retry-After': retryAfter, Date: 'Sat, 21 Nov 2026 11:00:00 GMT' };
  const { client } = answering(new Response('', { status: 503, headers }));
  const reply = await client.probe(HOST, 'made-up-token', 1_000);
  expect(reply).toEqual({
    kind: 'broker-error',
    status: 503,
    ...(waitMs === undefined ? {} : { waitMs }),
  });
});

test('an answer without end is not read to its end', async () => {
  let sent = 0;
  const flood = new ReadableStream<Uint8Array>({
    pull: (to) => {
      sent += 65_536;
      to.enqueue(new Uint8Array(65_536).fill(32));
    },
  });
  const { client } = answering(new Response(flood));
  expect(await client.probe(HOST, 'made-up-token', 5_000)).toEqual({
    kind: 'unreadable',
    status: 200,
  });
  expect(sent).toBeLessThan(6_000_000);
});

test('an answer that comes in pieces, in the middle of a letter, is whole', async () => {
  const bytes = new TextEncoder().encode('[{"name":"Zürich €"}]');
  const pieces = new ReadableStream<Uint8Array>({
    start: (to) => {
      for (const byte of bytes) to.enqueue(Uint8Array.of(byte));
      to.close();
    },
  });
  const { client } = answering(new Response(pieces));
  expect(await client.probe(HOST, 'made-up-token', 5_000)).toEqual({
    kind: 'proven',
    accounts: ['Zürich €'],
  });
});

test('a broker that wants the client ID as text gets it as text, once', async () => {
  const { client, bodies } = answering(
    new Response('', { status: 400 }),
    Response.json(TOKEN, { status: 200 }),
  );
  expect(await client.signIn(HOST, LOGIN, 1_000)).toMatchObject({ kind: 'issued' });
  expect(bodies).toMatchObject([{ cid: 8 }, { cid: '8' }]);
});

test('whatever else a sign-in is refused with, it is sent once', async () => {
  const { client, bodies } = answering(Response.json({ errorText: 'No.' }));
  expect(await client.signIn(HOST, LOGIN, 1_000)).toMatchObject({ kind: 'refused' });
  const twice = answering(
    new Response('', { status: 400 }),
    Response.json({ errorText: 'Incorrect password' }),
  );
  expect(await twice.client.signIn(HOST, LOGIN, 1_000)).toMatchObject({
    kind: 'wrong-credentials',
  });
  expect([bodies.length, twice.bodies.length]).toEqual([1, 2]);
});

test('a client ID that is no number is sent as text', async () => {
  const { client, bodies } = answering(Response.json(TOKEN));
  await client.signIn(HOST, { ...LOGIN, cid: 'app-8' }, 1_000);
  expect(bodies).toMatchObject([{ cid: 'app-8' }]);
});

test.each([
  [new Response('', { status: 503 }), { kind: 'broker-error' }],
  [Response.json({ code_challenge_methods_supported: ['S256'] }), true],
  [Response.json({}), false],
  [new Response('', { status: 404 }), false],
])('whether the broker takes PKCE is known only from an answer', async (reply, known) => {
  const { client } = answering(reply);
  const answer = await client.takesPkce(1_000);
  if (typeof known === 'boolean') expect(answer).toBe(known);
  else expect(answer).toMatchObject(known);
  expect(await client.takesPkce(1_000)).toMatchObject({ kind: 'unreachable' });
});
