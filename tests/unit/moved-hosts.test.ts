/**
 * A login that the broker moves to another host, by the real keeper against the local Tradovate:
 * followed where the person has allowed it, kept at the old host as long as that answers, and no
 * token for anybody else (FACTS.md §0, rows 13, 17, 18, 21).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describe as describeCause } from '../../utils/words/cause.ts';
import { isBrokerHost } from '../../utils/tradovate/hosts.ts';
import { sentence } from '../sentence.ts';
import type { UserSettings } from '../simulator/broker-types.ts';
import { inWords } from './in-words.ts';
import { PASSWORD, World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OLD = 'demo.tradovateapi.com';
const FIRM = 'demo-firm.tradovateapi.com';
const NEXT = 'demo-next.ninjatrader.com';

/** A login that was signed in as the broker's settings want it. */
async function signedIn(settings: Partial<UserSettings> = {}, ...permitted: string[]) {
  const world = await World.create({ name: 'sam', settings });
  for (const host of permitted) world.permitted.add(host);
  expect(await world.signIn('sam')).toEqual({ ok: true });
  return world;
}

const settings = (world: World) => world.broker.user('sam').settings;

/** The browser's permissions change, and the keeper is told. */
async function permit(world: World, change: Record<string, boolean>): Promise<void> {
  for (const [host, allowed] of Object.entries(change)) {
    if (allowed) world.permitted.add(host);
    else world.permitted.delete(host);
  }
  await world.keeper.permissionsChanged();
}

/** Which hosts were called since `from`, in order, each once. */
const called = (world: World, from = 0) => [
  ...new Set(world.requests.slice(from).map(({ url }) => new URL(url).host)),
];

/** Passes `hours` and gives the hosts that were called meanwhile. */
async function passing(world: World, hours: number): Promise<string[]> {
  const from = world.requests.length;
  await world.pass(hours * HOUR);
  return called(world, from);
}

async function expectKept(world: World): Promise<void> {
  expect((await world.standing('sam')).state).toBe('connected');
  expect(await world.works('sam')).toBe(true);
  expect(world.calls('accesstokenrequest')).toBe(1);
}

describe('a host that is named and not yet allowed', () => {
  test('changes nothing while the old one still serves, and is asked for', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM }, oldHost: 'still-serves' });
    expect(await passing(world, 10)).toEqual([OLD]);
    await expectKept(world);
    expect(await world.standing('sam')).toMatchObject({
      allow: FIRM,
      why: { cause: 'host-named', host: FIRM },
    });
  });

  test('is asked for as soon as a renewal names it', async () => {
    const world = await signedIn({ oldHost: 'still-serves' });
    settings(world).apiHosts = { demo: FIRM };
    const { id: loginId } = await world.record('sam');
    world.now += 10 * MINUTE;
    expect(await world.keeper.renewNow({ loginId })).toEqual({ ok: true });
    expect((await world.standing('sam')).allow).toBe(FIRM);
  });

  test('changes nothing while the old one still renews', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM } });
    await expectKept(world);
    expect(await passing(world, 10)).toEqual([OLD]);
    await expectKept(world);
    // A check answered "not here" is made up for by a renewal: one every 45 minutes, not more.
    expect(world.calls('renewaccesstoken')).toBeLessThanOrEqual(15);
  });

  test('is the next step once the old one sends everything away; the token is kept', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM } });
    settings(world).oldHost = 'sends-away';
    const token = await world.token('sam');
    await world.pass(50 * MINUTE);
    expect(await world.standing('sam')).toMatchObject({
      state: 'reconnecting',
      allow: FIRM,
      why: { cause: 'host-moved', host: FIRM },
    });
    expect(await world.token('sam')).toBe(token);
    expect(called(world)).toEqual([OLD]);
    // Redirects are no successes: the other logins keep their share of renewals.
    expect((await world.record('sam')).renewalCalls).toHaveLength(1);
    await world.pass(30 * MINUTE);
    expect(await world.standing('sam')).toMatchObject({
      state: 'expired',
      allow: FIRM,
      why: { cause: 'expired-moved' },
    });
    const { why } = await world.standing('sam');
    expect(why && describeCause(why).nextStep).toBe(
      sentence('cause_allow_reconnect', { host: FIRM }),
    );
  });

  test('is followed at once when it is allowed, and from then on', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM } });
    settings(world).oldHost = 'sends-away';
    await world.pass(50 * MINUTE);
    const from = world.requests.length;
    await permit(world, { [FIRM]: true });
    expect(called(world, from)).toEqual([FIRM]);
    expect(await world.standing('sam')).toMatchObject({
      state: 'connected',
      allow: null,
      why: null,
      proof: { at: world.now, by: 'renewal' },
    });
    expect((await world.record('sam')).issuedBy).toBe(FIRM);
    expect(await passing(world, 10)).toEqual([FIRM]);
    await expectKept(world);
    const told = (await world.vault.journal()).map(({ what, host }) => `${what} ${host}`);
    expect(told).toContain(`host named ${FIRM}`);
    expect(told).toContain(`host allowed ${FIRM}`);
  });

  test('is asked for a proof when it is allowed before it is needed', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM }, oldHost: 'still-serves' });
    const from = world.requests.length;
    await permit(world, { [FIRM]: true });
    expect(called(world, from)).toEqual([FIRM]);
    await expectKept(world);
    expect(await world.standing('sam')).toMatchObject({ why: null, proof: { by: 'probe' } });
  });

  test('has the last word on a token that the old one refuses', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM }, slots: 1 });
    world.broker.openSession('sam');
    await world.pass(50 * MINUTE);
    expect(await world.standing('sam')).toMatchObject({ state: 'reconnecting', allow: FIRM });
    await permit(world, { [FIRM]: true });
    expect(await world.standing('sam')).toMatchObject({
      state: 'disconnected',
      why: { cause: 'rejected' },
    });
  });

  test('does not hold up a reconnect, which the old one still takes', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM } });
    const { id: loginId } = await world.record('sam');
    await world.sleep(3 * HOUR);
    expect((await world.standing('sam')).state).toBe('expired');
    expect(await world.keeper.reconnect({ loginId, password: PASSWORD })).toEqual({ ok: true });
    expect(called(world)).toEqual([OLD]);
    expect((await world.standing('sam')).state).toBe('connected');
  });
});

describe('a host that is allowed', () => {
  test('is followed as soon as it is named', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM } }, FIRM);
    expect(called(world)).toEqual([OLD, FIRM]);
    expect(await passing(world, 10)).toEqual([FIRM]);
    await expectKept(world);
  });

  test('is followed when a renewal names it', async () => {
    const world = await signedIn({}, FIRM);
    settings(world).apiHosts = { demo: FIRM };
    expect(await passing(world, 10)).toEqual([OLD, FIRM]);
    await expectKept(world);
  });

  test('is kept through replies that name none', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM } }, FIRM);
    settings(world).omitApiHosts = true;
    expect(await passing(world, 10)).toEqual([FIRM]);
  });

  test('is found through a renewal on the old one, when that sends data away before it names it', async () => {
    const world = await signedIn({}, FIRM);
    Object.assign(settings(world), { apiHosts: { demo: FIRM }, omitApiHosts: true });
    await world.pass(50 * MINUTE);
    await expectKept(world);
    settings(world).omitApiHosts = false;
    expect(await passing(world, 3)).toContain(FIRM);
    await expectKept(world);
  });

  test('is left again for where the broker names next', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM } }, FIRM, NEXT);
    world.broker.addUser({
      name: 'kim',
      password: PASSWORD,
      settings: { apiHosts: { demo: FIRM } },
    });
    settings(world).apiHosts = { demo: NEXT };
    expect(await passing(world, 3)).toEqual([FIRM, NEXT]);
    expect(await passing(world, 3)).toEqual([NEXT]);
    await expectKept(world);
  });

  test('and is switched off is no loss: the host where every login begins knows the next', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM } }, FIRM);
    settings(world).apiHosts = null;
    expect(await passing(world, 3)).toEqual([FIRM, OLD]);
    expect(await passing(world, 3)).toEqual([OLD]);
    await expectKept(world);
  });

  test('that does not answer yet is no loss: the one that issued the token is asked', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM }, oldHost: 'still-serves' }, FIRM);
    world.intercept = (url) =>
      new URL(url).host === FIRM ? new TypeError('no such host') : undefined;
    await world.pass(10 * HOUR);
    await expectKept(world);
    world.intercept = null;
    await world.pass(2 * HOUR);
    expect(await passing(world, 3)).toEqual([FIRM]);
  });

  test('that does not know the old one’s token is no proof against it', async () => {
    const refusing = { oldHost: 'still-serves', otherHostToken: 'only-its-issuer' } as const;
    const world = await signedIn({ apiHosts: { demo: FIRM }, ...refusing }, FIRM);
    await world.pass(10 * HOUR);
    await expectKept(world);
  });

  test('and refuses, as does the one that issued the token: that is an end', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM }, slots: 1 }, FIRM);
    world.broker.openSession('sam');
    await world.pass(50 * MINUTE);
    expect(await world.standing('sam')).toMatchObject({ why: { cause: 'rejected' } });
  });

  test('and refuses, while the one that issued the token sends it away: that is an end too', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM }, slots: 1 }, FIRM);
    world.broker.openSession('sam');
    world.intercept = (url) =>
      new URL(url).host === OLD ? new Response(null, { status: 307 }) : undefined;
    await world.pass(50 * MINUTE);
    expect(await world.standing('sam')).toMatchObject({ why: { cause: 'rejected' } });
  });

  test('and taken away again: the old one is asked, as far as it answers', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM } }, FIRM);
    await permit(world, { [FIRM]: false });
    expect(await world.standing('sam')).toMatchObject({ state: 'connected', allow: FIRM });
    expect(await passing(world, 3)).toEqual([OLD]);
    await expectKept(world);
  });

  test('takes the password of a reconnect, and the next try goes elsewhere when it has moved on', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM } }, FIRM);
    const { id: loginId } = await world.record('sam');
    Object.assign(settings(world), { servedAt: { demo: OLD }, oldHost: 'sends-away' });
    await world.sleep(3 * HOUR);
    const from = world.requests.length;
    const again = () => world.keeper.reconnect({ loginId, password: PASSWORD });
    expect(inWords(await again())).toMatchObject({
      ok: false,
      nextStep: sentence('refusal_hostMoved_next'),
    });
    expect(await again()).toEqual({ ok: true });
    expect(called(world, from)).toEqual([FIRM, OLD]);
  });
});

describe('"not here" in other ways', () => {
  test('the broker’s words name the host: it is asked at once', async () => {
    const world = await signedIn({ omitApiHosts: true }, FIRM);
    Object.assign(settings(world), {
      servedAt: { demo: FIRM },
      oldHost: 'sends-away',
      sentAwayBy: 'error-text',
    });
    await world.pass(50 * MINUTE);
    expect((await world.record('sam')).issuedBy).toBe(FIRM);
    await expectKept(world);
  });

  test('the words name a host that is not allowed: it is asked for', async () => {
    const world = await signedIn({ omitApiHosts: true });
    Object.assign(settings(world), {
      servedAt: { demo: FIRM },
      oldHost: 'sends-away',
      sentAwayBy: 'error-text',
    });
    await world.pass(50 * MINUTE);
    expect(await world.standing('sam')).toMatchObject({
      why: { cause: 'host-moved' },
      allow: FIRM,
    });
    expect(called(world)).toEqual([OLD]);
  });

  test('the words at a reconnect name the host: it is asked for, and then used', async () => {
    const world = await signedIn({ omitApiHosts: true });
    const { id: loginId } = await world.record('sam');
    Object.assign(settings(world), {
      servedAt: { demo: FIRM },
      oldHost: 'sends-away',
      sentAwayBy: 'error-text',
    });
    world.intercept = () => new Response(null, { status: 503 });
    await world.sleep(3 * HOUR);
    world.intercept = null;
    const again = () => world.keeper.reconnect({ loginId, password: PASSWORD });
    expect(inWords(await again())).toMatchObject({ ok: false });
    expect((await world.standing('sam')).allow).toBe(FIRM);
    await permit(world, { [FIRM]: true });
    expect(await again()).toEqual({ ok: true });
  });

  test('the words at a reconnect name the other environment: that is for the person to change', async () => {
    const world = await signedIn({ omitApiHosts: true });
    const { id: loginId } = await world.record('sam');
    await world.sleep(3 * HOUR);
    settings(world).signInAt = 'live';
    const again = () => world.keeper.reconnect({ loginId, password: PASSWORD });
    expect(inWords(await again())).toMatchObject({ ok: false, field: 'environment' });
    settings(world).signInAt = 'any';
    expect(await again()).toEqual({ ok: true });
    expect(called(world)).toEqual([OLD]);
  });

  test.each(['redirect-307', 'misdirected-421'] as const)(
    '%s names none: the broker is asked again, not in a loop, and the token kept',
    async (sentAwayBy) => {
      const world = await signedIn({ omitApiHosts: true });
      Object.assign(settings(world), {
        servedAt: { demo: FIRM },
        oldHost: 'sends-away',
        sentAwayBy,
      });
      await world.pass(70 * MINUTE);
      expect(await world.standing('sam')).toMatchObject({
        state: 'reconnecting',
        allow: null,
        why: { cause: 'host-moved' },
      });
      expect(world.requests.length).toBeLessThan(20);
      settings(world).oldHost = 'still-serves';
      await world.pass(10 * MINUTE);
      await expectKept(world);
    },
  );

  test('two hosts that name each other are not asked in a loop', async () => {
    const world = await signedIn({ omitApiHosts: true }, FIRM);
    const text = (host: string) =>
      new Response(JSON.stringify({ errorText: `This operation should be called on ${host}` }));
    world.intercept = (url) => text(new URL(url).host === OLD ? FIRM : OLD);
    await world.pass(70 * MINUTE);
    expect(called(world)).toEqual([OLD, FIRM]);
    expect(world.requests.length).toBeLessThan(30);
  });

  test('a web login is not taken for the reason, and its check pulls no renewal forward', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM } });
    settings(world).oldHost = 'sends-away';
    await world.pass(50 * MINUTE);
    const [renewals, probes] = [world.calls('renewaccesstoken'), world.calls('account/list')];
    await world.keeper.webSessionSeen('sign-in', 1, 'trader.tradovate.com');
    await world.pass(5_000);
    expect(world.calls('account/list')).toBe(probes + 1);
    expect(world.calls('renewaccesstoken')).toBe(renewals);
    expect(await world.standing('sam')).toMatchObject({ why: { cause: 'host-moved' } });
    await world.pass(15 * MINUTE);
    expect(await world.standing('sam')).toMatchObject({ why: { cause: 'host-moved' } });
  });

  test('a session whose keeping is paused is not renewed for it', async () => {
    const world = await signedIn();
    const { id: loginId } = await world.record('sam');
    await world.keeper.pauseKeeping({ loginId });
    Object.assign(settings(world), { servedAt: { demo: FIRM } });
    await world.keeper.webSessionSeen('sign-in', 1, 'trader.tradovate.com');
    await world.pass(20 * MINUTE);
    expect(world.calls('renewaccesstoken')).toBe(0);
  });
});

describe('the broker’s own host', () => {
  test('taken away in the browser: said at once, nothing sent, and given back it is green again', async () => {
    const world = await signedIn();
    const from = world.requests.length;
    await permit(world, { [OLD]: false });
    expect(await world.standing('sam')).toMatchObject({
      state: 'reconnecting',
      allow: OLD,
      why: { cause: 'not-permitted', host: OLD },
    });
    await world.pass(70 * MINUTE);
    expect(called(world, from)).toEqual([]);
    await permit(world, { [OLD]: true });
    await expectKept(world);
    expect(await world.standing('sam')).toMatchObject({ allow: null, why: null });
  });

  test('taken away and given back while no worker ran', async () => {
    const world = await signedIn();
    world.kill();
    world.permitted.delete(OLD);
    await world.boot();
    await world.keeper.permissionsChanged();
    expect(await world.standing('sam')).toMatchObject({ allow: OLD });
  });

  test('the keeper is told of permissions that are none of its business', async () => {
    const world = await signedIn();
    const from = world.requests.length;
    const before = await world.record('sam');
    await permit(world, { [FIRM]: true });
    expect(await world.record('sam')).toEqual(before);
    expect(called(world, from)).toEqual([]);
  });

  test('a limit that the broker has set is not broken for a host that was allowed', async () => {
    const world = await signedIn({ apiHosts: { demo: FIRM }, oldHost: 'still-serves' });
    world.now += 10 * MINUTE;
    world.broker.fault({ endpoint: 'renewaccesstoken', fault: 'rate-429' });
    const { id: loginId } = await world.record('sam');
    await world.keeper.renewNow({ loginId });
    const from = world.requests.length;
    await permit(world, { [FIRM]: true });
    await world.pass(30 * MINUTE);
    expect(called(world, from)).toEqual([]);
  });
});

const EVIL = [
  'evil.example',
  'tradovateapi.com.evil.example',
  `${FIRM}:8443`,
  '10.0.0.1',
  `${FIRM}@evil.example`,
  'https://evil.example',
  'xtradovateapi.com',
];

test.each(EVIL)('bug class 13: %s is never asked, asked for or followed', async (host) => {
  const world = await signedIn({ servedAt: { demo: OLD }, apiHosts: { demo: host } }, ...EVIL);
  expect(await passing(world, 5)).toEqual([OLD]);
  await expectKept(world);
  expect(await world.standing('sam')).toMatchObject({ allow: null, why: null });
});

const anyHost = fc.oneof(
  { arbitrary: fc.constantFrom(OLD, FIRM, NEXT), weight: 8 },
  fc.constantFrom('live.tradovateapi.com', ...EVIL),
  fc.domain(),
  fc.ipV4(),
  fc.string(),
  fc.domain().map((host) => `${host}.tradovateapi.com`),
);
const moment = fc.oneof(
  fc.record({
    settings: fc.record<Partial<UserSettings>>(
      {
        apiHosts: fc.option(fc.record({ demo: anyHost, live: anyHost }), { freq: 9 }),
        servedAt: fc.option(fc.record({ demo: anyHost })),
        oldHost: fc.constantFrom('still-serves', 'renews', 'sends-away'),
        sentAwayBy: fc.constantFrom('redirect-307', 'misdirected-421', 'error-text'),
        otherHostToken: fc.constantFrom('valid', 'refused', 'only-its-issuer'),
        omitApiHosts: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ permit: fc.dictionary(anyHost, fc.boolean(), { minKeys: 2, maxKeys: 4 }) }),
  { arbitrary: fc.record({ passMs: fc.integer({ min: 0, max: 2 * HOUR }) }), weight: 2 },
  fc.record({ reconnect: fc.constant(true) }),
);

test('bug class 13: no token and no password goes to a host that is not the broker’s and allowed', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 6, maxLength: 16 }), async (moments) => {
      const world = await World.create({ name: 'sam' });
      await world.signIn('sam');
      for (const host of [FIRM, NEXT, ...EVIL]) world.permitted.add(host);
      const { id: loginId } = await world.record('sam');
      for (const what of moments) {
        if ('settings' in what) Object.assign(settings(world), what.settings);
        if ('permit' in what) await permit(world, what.permit);
        if ('passMs' in what) await world.pass(what.passMs);
        if ('reconnect' in what) await world.keeper.reconnect({ loginId, password: PASSWORD });
      }
      for (const { url, init, permitted } of world.requests) {
        const { host } = new URL(url);
        reached.add(host);
        expect(permitted && isBrokerHost(host)).toBe(true);
        expect(init.redirect).toBe('manual');
      }
    }),
    // Which hosts are reached is asked below: by chance alone one of them might not be.
    { numRuns: 100, seed: 7 },
  );
  // It would hold of a keeper that calls nobody.
  expect([...reached]).toEqual(expect.arrayContaining([OLD, FIRM, NEXT]));
});
