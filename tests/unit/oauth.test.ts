/** Signing in on the broker's own page, with the person's own registered app. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RefusalInWords } from '../../utils/words/refusal.ts';
import type { OAuthInput } from '../../utils/messages/protocol.ts';
import type { MessageKey } from '../../utils/platform/i18n.ts';
import { knownSessions } from '../../utils/keeper/status/sessions.ts';
import { KNOWN_HOSTS, TWIN_HOSTS } from '../../utils/tradovate/hosts.ts';
import { authorizeUrl, readRedirect } from '../../utils/tradovate/oauth.ts';
import { readRedeemed } from '../../utils/tradovate/replies.ts';
import { nextCheck } from '../../utils/keeper/when/trading-day.ts';
import { sampleOAuthApp } from '../simulator/broker-types.ts';
import { sentence } from '../sentence.ts';
import { ASKS, atPage, oauthInputOf, signsInAs } from './broker-page.ts';
import { inWords } from './in-words.ts';
import { titles } from './shown-notices.ts';
import { PASSWORD, REDIRECT_URI, World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function open(...names: string[]) {
  const world = await World.create(...names.map((name) => ({ name })));
  atPage(world, names[0] ?? '');
  return world;
}

const redeemed = (world: World) =>
  world.requests
    .filter(({ url }) => url.endsWith('/auth/oauthtoken'))
    .map(({ init }) => Object.fromEntries(new URLSearchParams(init.body as string)));

describe('the page that is shown', () => {
  test.each([
    [{ brand: 'tradovate' }, 'https://trader.tradovate.com/oauth'],
    [{ brand: 'ninjatrader' }, 'https://web.ninjatrader.com/oauth'],
    [{ brand: 'tradovate', twin: true }, 'https://trader-d.tradovate.com/oauth'],
    [{ brand: 'ninjatrader', twin: true }, 'https://trader.devel.ninjatrader.dev/oauth'],
  ] as const)('is that of the front door: %j', (door, page) => {
    const url = new URL(
      authorizeUrl(door, { clientId: '10 01', redirectUri: REDIRECT_URI, state: 's' }),
    );
    expect(url.origin + url.pathname).toBe(page);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: '10 01',
      redirect_uri: REDIRECT_URI,
      state: 's',
    });
  });
});

describe('where it leads', () => {
  const asked = { redirectUri: REDIRECT_URI, state: 'mine' };
  test.each([
    ['a code', `${REDIRECT_URI}?code=c&state=mine`, { code: 'c' }],
    ['the state of another', `${REDIRECT_URI}?code=c&state=yours`, { kind: 'foreign-answer' }],
    ['no state', `${REDIRECT_URI}?code=c`, { kind: 'foreign-answer' }],
    ['elsewhere', 'https://evil.example/?code=c&state=mine', { kind: 'redirect-mismatch' }],
    ['another path', `${REDIRECT_URI}x?code=c&state=mine`, { kind: 'redirect-mismatch' }],
    ['nonsense', 'nonsense', { kind: 'redirect-mismatch' }],
    ['no code', `${REDIRECT_URI}?state=mine`, { kind: 'unreadable' }],
    ['denied', `${REDIRECT_URI}?error=access_denied&state=mine`, { kind: 'access-denied' }],
    [
      'an unknown app',
      `${REDIRECT_URI}?error=unauthorized_client&state=mine`,
      { kind: 'app-not-registered' },
    ],
    [
      'another redirect',
      `${REDIRECT_URI}?error=invalid_request&error_description=redirect_uri+mismatch&state=mine`,
      { kind: 'redirect-mismatch' },
    ],
    [
      'something new',
      `${REDIRECT_URI}?error=odd&state=mine&code=c`,
      { kind: 'refused', said: 'odd' },
    ],
  ])('%s', (_, address, read) => expect(readRedirect(address, asked)).toMatchObject(read));

  test('10,000 addresses: no crash, and no code without the state', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webQueryParameters(), fc.string()), (tail) => {
        for (const address of [tail, REDIRECT_URI + tail, `${REDIRECT_URI}?code=c&${tail}`]) {
          expect(readRedirect(address, asked)).not.toHaveProperty('code');
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

test('10,000 answers to a code: a token with nothing wrong beside it, or a failure', () => {
  const good = { access_token: 'made-up', refresh_token: 'r', expires_in: 4800 };
  fc.assert(
    fc.property(
      fc.constantFrom('error', 'errorText', 'p-ticket', ...Object.keys(good)),
      fc.jsonValue(),
      (name, value) => {
        const body = JSON.stringify({ ...good, [name]: value });
        const read = readRedeemed({ status: 200, body, date: null, retryAfterMs: null });
        if (read.kind !== 'issued') return;
        expect(read.accessToken).toBe(name === 'access_token' ? value : 'made-up');
        expect(typeof value === 'string' && value !== '' && name.startsWith('error')).toBe(false);
        expect(read.lifeMs === undefined || read.lifeMs >= 1_000).toBe(true);
      },
    ),
    { numRuns: 10_000 },
  );
});

describe('a sign-in', () => {
  test('sends the code once, is proven, and is kept by renewals for a day', async () => {
    const world = await open('sam');
    expect(await world.keeper.signInByOAuth(oauthInputOf('sam'))).toEqual({ ok: true });
    expect(redeemed(world)).toEqual([
      {
        grant_type: 'authorization_code',
        code: expect.stringMatching(/./) as string,
        redirect_uri: REDIRECT_URI,
        client_id: sampleOAuthApp.clientId,
        client_secret: sampleOAuthApp.clientSecret,
      },
    ]);
    expect(await world.record('sam')).toMatchObject({
      way: 'oauth',
      userId: world.broker.user('sam').id,
      session: { lifeMs: 80 * MINUTE },
      refresh: { until: world.now + 26 * HOUR },
    });
    expect((await world.standing('sam')).state).toBe('connected');
    expect(world.calls('me')).toBe(1);
    await world.pass(24 * HOUR);
    expect(await world.works('sam')).toBe(true);
    expect(world.broker.allSessions()).toHaveLength(1);
    expect(redeemed(world)).toHaveLength(1);
  });

  test('leaves secret and refresh token sealed, or nowhere when the secret is not to be kept', async () => {
    const world = await open('sam');
    await world.keeper.signInByOAuth(oauthInputOf('sam', { keepSecret: false }));
    const { id, refresh } = await world.record('sam');
    expect(refresh).toBeNull();
    expect(await world.vault.refreshToken(id)).toBeUndefined();
    expect(await world.vault.appSecret(id)).toBeUndefined();
    const stored = JSON.stringify([await world.vault.logins(), await world.vault.journal()]);
    expect(stored).not.toContain(sampleOAuthApp.clientSecret);
  });

  const refused = async (
    happens: (world: World) => void,
    change: Partial<OAuthInput> = {},
  ): Promise<RefusalInWords> => {
    const world = await open('sam');
    happens(world);
    const answer = await world.keeper.signInByOAuth(oauthInputOf('sam', change));
    expect(answer.ok).toBe(false);
    expect(await world.vault.logins()).toEqual([]);
    expect(await world.vault.journal()).toEqual([]);
    return inWords(answer) as RefusalInWords;
  };
  const landing = (query: string) => (world: World) => {
    world.person = (url) => {
      const state = new URL(url).searchParams.get('state') ?? '';
      return { address: `${REDIRECT_URI}?${query}&state=${state}` };
    };
  };

  test.each<[string, (world: World) => void, Partial<OAuthInput>, string, MessageKey]>([
    ['a closed window', (world) => (world.person = () => ASKS), {}, 'form', 'refusal_windowClosed'],
    ['a denial', landing('error=access_denied'), {}, 'form', 'refusal_accessDenied'],
    ['a used code', landing('code=used'), {}, 'form', 'refusal_codeRefused'],
    ['a wrong secret', () => undefined, { secret: 'wrong' }, 'apiKey', 'refusal_ownApp'],
    [
      'ten minutes',
      (world) => (world.person = () => ({ kind: 'authorization-timed-out' })),
      {},
      'form',
      'refusal_authorizationTimedOut',
    ],
    [
      'the other environment',
      (world) =>
        world.broker.fault({
          endpoint: 'oauthtoken',
          fault: 'error-text',
          text: 'This should be called on live.tradovateapi.com',
        }),
      {},
      'environment',
      'cause_wrongEnvironment',
    ],
    [
      'a penalty',
      (world) => world.broker.fault({ endpoint: 'oauthtoken', fault: 'penalty', pTime: 15 }),
      {},
      'form',
      'cause_penalty',
    ],
    [
      'a fault of the broker',
      (world) => world.broker.fault({ endpoint: 'oauthtoken', fault: 'error-500' }),
      {},
      'form',
      'cause_brokerError',
    ],
  ])('after %s says so, and leaves nothing behind', async (_, happens, change, field, key) => {
    const answer = await refused(happens, change);
    expect(answer).toMatchObject({ field });
    expect(answer.sentence).toBe(sentence(key));
    expect(answer.nextStep).toBeTruthy();
  });

  test('of a login that is here opens no window', async () => {
    const world = await open('sam');
    await world.keeper.signInByOAuth(oauthInputOf('sam'));
    world.person = () => {
      throw new Error('A window was opened.');
    };
    expect(inWords(await world.keeper.signInByOAuth(oauthInputOf('SAM')))).toMatchObject({
      field: 'userName',
    });
    expect(inWords(await world.signIn('sam'))).toMatchObject({ field: 'userName' });
  });

  test('is filed under who really signed in, unless that one is here', async () => {
    const world = await open('kim');
    await world.keeper.signInByOAuth(oauthInputOf('sam', { label: 'Copier' }));
    expect(await world.record('kim')).toMatchObject({ label: 'Copier', userName: 'kim' });
    expect(inWords(await world.keeper.signInByOAuth(oauthInputOf('sam')))).toMatchObject({
      field: 'userName',
      sentence: sentence('refusal_otherUser'),
      said: 'kim',
    });
  });

  test('of two at once: each window for itself, and nobody else waits', async () => {
    const world = await open('sam');
    for (const name of ['kim', 'lee']) world.broker.addUser({ name, password: PASSWORD });
    const windows: (() => void)[] = [];
    world.person = (url) =>
      new Promise((resolve) => {
        const name = windows.length === 0 ? 'sam' : 'kim';
        windows.push(() => resolve(signsInAs(world, name, url)));
      });
    const answers = ['sam', 'kim'].map((name) => world.keeper.signInByOAuth(oauthInputOf(name)));
    await expect.poll(() => windows.length).toBe(2);
    expect((await world.standing('sam')).busy).toBe('sign-in');
    expect(await world.signIn('lee')).toEqual({ ok: true });
    for (const close of windows.reverse()) close();
    expect(await Promise.all(answers)).toEqual([{ ok: true }, { ok: true }]);
    for (const name of ['sam', 'kim', 'lee']) expect(await world.works(name)).toBe(true);
  });

  test.each(['window', 'redeem', 'answered'])(
    'that the worker did not survive (%s) leaves no half login, and its row says so',
    async (where) => {
      const world = await open('sam');
      const died = new Promise<void>((resolve) => {
        world.onStep = (what) => {
          if (what !== where) return;
          world.kill();
          resolve();
        };
      });
      await Promise.race([died, world.keeper.signInByOAuth(oauthInputOf('sam'))]);
      world.onStep = null;
      await world.boot();
      await world.keeper.wake();
      const { id, session } = await world.record('sam');
      expect(session).toBeNull();
      expect(await world.vault.token(id)).toBeUndefined();
      expect(await world.vault.appSecret(id)).toBeUndefined();
      expect(await world.standing('sam')).toMatchObject({
        state: 'disconnected',
        why: { cause: 'interrupted' },
        can: { reconnect: true },
      });
      const { clientSecret: secret } = sampleOAuthApp;
      expect(await world.keeper.reconnectByOAuth({ loginId: id, secret })).toEqual({ ok: true });
      expect((await world.standing('sam')).state).toBe('connected');
    },
  );
});

describe('the refresh token', () => {
  /** Signed in, then asleep for `hours`. */
  const slept = async (hours: number, before?: (world: World) => void) => {
    const world = await open('sam');
    await world.keeper.signInByOAuth(oauthInputOf('sam'));
    before?.(world);
    await world.sleep(hours * HOUR);
    return world;
  };
  const grants = (world: World) => redeemed(world).map(({ grant_type }) => grant_type);

  test('brings a login back that was slept through, without a click', async () => {
    const world = await slept(8);
    expect(grants(world)).toEqual(['authorization_code', 'refresh_token']);
    expect((await world.standing('sam')).state).toBe('connected');
    await world.pass(10 * HOUR);
    expect(await world.works('sam')).toBe(true);
    expect(grants(world)).toHaveLength(2);
    // It rotated: the one that came with the refresh is the one that is held.
    await world.sleep(8 * HOUR);
    expect(grants(world)).toHaveLength(3);
    expect((await world.standing('sam')).state).toBe('connected');
  });

  test('is on disk anew before anything is asked with the token it brought', async () => {
    const world = await open('sam');
    await world.keeper.signInByOAuth(oauthInputOf('sam'));
    const { id } = await world.record('sam');
    const before = await world.vault.refreshToken(id);
    world.onStep = (what) => {
      if (what === 'written' && redeemed(world).length === 2) world.kill();
    };
    void world.sleep(8 * HOUR);
    await expect.poll(() => redeemed(world).length).toBe(2);
    await expect.poll(() => world.vault.refreshToken(id)).not.toBe(before);
    world.onStep = null;
    await world.boot();
    await world.pass(2 * MINUTE);
    expect((await world.standing('sam')).state).toBe('connected');
    expect(await world.works('sam')).toBe(true);
  });

  test('that is refused is tried again after ten minutes, up to its own end', async () => {
    const world = await slept(8, ({ broker }) =>
      broker.fault({ endpoint: 'oauthtoken', fault: 'error-200', text: 'invalid_token', times: 2 }),
    );
    expect(await world.standing('sam')).toMatchObject({
      state: 'expired',
      why: { healsAt: world.now + 10 * MINUTE },
    });
    await world.pass(21 * MINUTE);
    expect(grants(world)).toHaveLength(4);
    expect((await world.standing('sam')).state).toBe('connected');

    const gone = await slept(8, ({ broker }) => {
      broker.fault({
        endpoint: 'oauthtoken',
        fault: 'error-200',
        text: 'invalid_token',
        times: Infinity,
      });
    });
    await gone.pass(48 * HOUR);
    const [first, ...tries] = gone.requests.filter(({ url }) => url.endsWith('oauthtoken'));
    expect(tries.length).toBeLessThanOrEqual(18 * 6 + 1);
    expect((tries.at(-1)?.at ?? 0) - (first?.at ?? 0)).toBeLessThanOrEqual(26 * HOUR);
    // Nothing but the check before trading begins.
    expect(gone.alarm).toBe(nextCheck(gone.now));
  });

  test('is left alone where another sign-in took the session: taking it back would close that one', async () => {
    const world = await open('sam');
    await world.keeper.signInByOAuth(oauthInputOf('sam'));
    world.broker.openSession('sam');
    world.broker.openSession('sam');
    world.now += MINUTE;
    await world.keeper.webSessionSeen('sign-in', 1, 'trader.tradovate.com');
    expect((await world.standing('sam')).why?.cause).toBe('evicted');
    await world.pass(20 * HOUR);
    expect(grants(world)).toEqual(['authorization_code']);
    // A person's click is another thing.
    const { id: loginId } = await world.record('sam');
    expect(await world.keeper.reconnectByOAuth({ loginId })).toEqual({ ok: true });
    expect(grants(world)).toEqual(['authorization_code', 'refresh_token']);
    expect((await world.standing('sam')).state).toBe('connected');
  });

  test('is left alone while all slots are known to be in use', async () => {
    const world = await open('sam');
    await world.keeper.signInByOAuth(oauthInputOf('sam'));
    const { id: loginId } = await world.record('sam');
    await world.keeper.editLogin({ loginId, label: 'sam', slots: 1, declared: [] });
    world.now += MINUTE;
    await world.keeper.webSessionSeen('sign-in', 1, 'trader.tradovate.com');
    await world.sleep(81 * MINUTE);
    expect((await world.standing('sam')).state).toBe('expired');
    expect(grants(world)).toEqual(['authorization_code']);
  });
});

/** Whoever renews is answered with the token of that user. */
function renewsAs(world: World, name: string): void {
  const { id: userId } = world.broker.user(name);
  world.intercept = (url) =>
    url.endsWith('/renewaccesstoken')
      ? Response.json({
          accessToken: `${name}s-token`,
          userId,
          expirationTime: '2036-01-01T00:00:00Z',
        })
      : undefined;
}

/** Neither the broker says whose a token is, nor the token itself. */
const unidentified = (world: World, status = 403) => {
  world.intercept = (url) => {
    if (url.endsWith('/auth/me')) return new Response('', { status });
    return url.endsWith('/auth/oauthtoken')
      ? Response.json({ access_token: 'a-token-that-tells-nothing', expires_in: 4800 })
      : undefined;
  };
};

describe('a reconnect', () => {
  const ended = async () => {
    const world = await open('sam');
    world.broker.addUser({ name: 'kim', password: PASSWORD });
    await world.keeper.signInByOAuth(oauthInputOf('sam'));
    world.broker.settings.refreshTokenMs = 1;
    world.broker.closeSession(world.broker.sessionsOf('sam')[0]?.id ?? '');
    world.now += 30 * HOUR;
    await world.keeper.wake();
    const { id: loginId } = await world.record('sam');
    const asked: boolean[] = [];
    return { world, loginId, asked };
  };

  test('is silent where the broker still knows this browser', async () => {
    const { world, loginId, asked } = await ended();
    world.person = (url, interactive) => {
      asked.push(interactive);
      return signsInAs(world, 'sam', url);
    };
    expect(await world.keeper.reconnectByOAuth({ loginId })).toEqual({ ok: true });
    expect(asked).toEqual([false]);
    expect((await world.standing('sam')).state).toBe('connected');
  });

  test('shows the window where the broker knows nobody, or somebody else', async () => {
    const { world, loginId, asked } = await ended();
    world.person = (url, interactive) => {
      asked.push(interactive);
      return signsInAs(world, interactive ? 'sam' : 'kim', url);
    };
    expect(await world.keeper.reconnectByOAuth({ loginId })).toEqual({ ok: true });
    expect(asked).toEqual([false, true]);
    expect(await world.record('sam')).toMatchObject({ userId: world.broker.user('sam').id });
    expect(await world.works('sam')).toBe(true);
  });

  test('takes nobody’s word for a token that came without a window', async () => {
    const { world, loginId, asked } = await ended();
    world.person = (url, interactive) => {
      asked.push(interactive);
      return interactive ? ASKS : signsInAs(world, 'kim', url);
    };
    unidentified(world);
    await world.keeper.reconnectByOAuth({ loginId });
    expect(asked).toEqual([false, true]);
    expect((await world.standing('sam')).state).not.toBe('connected');
  });

  test('that fails leaves the cause as it was, and is on record for the next look', async () => {
    const { world, loginId } = await ended();
    const { why } = await world.standing('sam');
    world.person = () => ASKS;
    expect(inWords(await world.keeper.reconnectByOAuth({ loginId }))).toMatchObject({
      field: 'form',
    });
    expect((await world.standing('sam')).why).toEqual(why);
    expect(await world.record('sam')).toMatchObject({
      signInFailed: { kind: 'window-closed', at: world.now },
    });
  });

  test('asks for the secret where it is not kept', async () => {
    const world = await open('sam');
    await world.keeper.signInByOAuth(oauthInputOf('sam', { keepSecret: false }));
    await world.sleep(8 * HOUR);
    const { id: loginId } = await world.record('sam');
    expect(inWords(await world.keeper.reconnectByOAuth({ loginId }))).toMatchObject({
      field: 'apiKey',
    });
    const { clientSecret: secret } = sampleOAuthApp;
    expect(await world.keeper.reconnectByOAuth({ loginId, secret })).toEqual({ ok: true });
  });
});

describe('with the logins of two users held', () => {
  /** Sam has lost the session, kim has one, and the broker's page still knows kim. */
  const two = async () => {
    const world = await open('sam', 'kim');
    for (const name of ['sam', 'kim']) {
      atPage(world, name);
      expect(await world.keeper.signInByOAuth(oauthInputOf(name))).toEqual({ ok: true });
      await world.pass(MINUTE);
    }
    world.broker.settings.refreshTokenMs = 1;
    const { id: loginId } = await world.record('sam');
    await world.keeper.pauseKeeping({ loginId });
    await world.pass(30 * HOUR);
    const asked: boolean[] = [];
    world.person = (url, interactive) => {
      asked.push(interactive);
      return signsInAs(world, 'kim', url);
    };
    return { world, loginId, asked };
  };
  test('no step without a window is taken, as the page may know the other', async () => {
    const { world, loginId, asked } = await two();
    world.person = (_, interactive) => {
      asked.push(interactive);
      return ASKS;
    };
    await world.keeper.reconnectByOAuth({ loginId });
    expect(asked).toEqual([true]);
  });

  test('who was signed in by mistake is told of, and is checked at once', async () => {
    const { world, loginId } = await two();
    const kim = world.broker.sessionsOf('kim').map(({ id }) => id);
    world.broker.openSession('kim');
    const answer = inWords(await world.keeper.reconnectByOAuth({ loginId }));
    expect(answer).toMatchObject({ field: 'userName', said: 'kim' });
    // Kim's oldest session was closed by it, which is ours.
    expect(world.broker.sessionsOf('kim').some(({ id }) => kim.includes(id))).toBe(false);
    await expect.poll(async () => (await world.standing('kim')).state).toBe('disconnected');
    expect((await world.standing('kim')).why).toMatchObject({ certainty: 'likely' });
    expect((await world.standing('sam')).state).not.toBe('connected');
  });

  test.each([403, 500])('whose token it is has to be known (/auth/me: %i)', async (status) => {
    const { world, loginId } = await two();
    unidentified(world, status);
    const before = await world.token('sam');
    const answer = inWords(await world.keeper.reconnectByOAuth({ loginId }));
    expect(answer).toMatchObject({
      field: 'userName',
      sentence: sentence('refusal_userUnknown'),
    });
    expect(await world.token('sam')).toBe(before);
    expect((await world.standing('sam')).state).not.toBe('connected');
    await expect.poll(async () => (await world.record('kim')).proof?.at).toBe(world.now);
  });

  test('a broker that fails for a moment is asked again whose it is', async () => {
    const { world, loginId } = await two();
    let asked = 0;
    world.person = (url) => signsInAs(world, 'sam', url);
    world.intercept = (url) =>
      url.endsWith('/auth/me') && asked++ === 0 ? new Response('', { status: 503 }) : undefined;
    expect(await world.keeper.reconnectByOAuth({ loginId })).toEqual({ ok: true });
  });

  test('a renewal that brings another user’s token is damage, and that user is checked', async () => {
    const { world } = await two();
    const { id: loginId } = await world.record('kim');
    const before = await world.token('kim');
    world.broker.addUser({ name: 'lee', password: PASSWORD });
    expect(await world.signIn('lee')).toEqual({ ok: true });
    await world.pass(20 * MINUTE);
    renewsAs(world, 'lee');
    await world.keeper.renewNow({ loginId });
    world.intercept = null;
    expect(await world.token('kim')).toBe(before);
    expect(await world.standing('kim')).toMatchObject({
      state: 'disconnected',
      why: { cause: 'token-of-other' },
    });
    await expect.poll(async () => (await world.record('lee')).proof?.at).toBe(world.now);
  });

  test('so it is where whose it was had not been known until then', async () => {
    const world = await open('sam', 'kim');
    unidentified(world);
    expect(await world.keeper.signInByOAuth(oauthInputOf('sam'))).toEqual({ ok: true });
    world.intercept = null;
    await world.signIn('kim');
    renewsAs(world, 'kim');
    const { id: loginId } = await world.record('sam');
    await world.pass(MINUTE);
    await world.keeper.renewNow({ loginId });
    expect((await world.record('sam')).end).toMatchObject({ cause: 'damaged' });
  });
});

test('while the window is open nothing waits for it: others are kept, and what they need is told', async () => {
  const world = await open('kim');
  world.broker.addUser({ name: 'sam', password: PASSWORD });
  await world.signIn('sam');
  let shown = () => {};
  const window = new Promise<void>((resolve) => (shown = resolve));
  let allow = () => {};
  world.person = (url) => {
    shown();
    return new Promise((resolve) => (allow = () => resolve(signsInAs(world, 'kim', url))));
  };
  const signing = world.keeper.signInByOAuth(oauthInputOf('kim'));
  await window;
  world.broker.closeSession(world.broker.sessionsOf('sam')[0]?.id ?? '');
  world.now += 5 * MINUTE;
  const { id: loginId } = await world.record('sam');
  await world.keeper.webSessionSeen('sign-in', 1, 'trader.tradovate.com');
  await world.keeper.renewNow({ loginId });
  await world.keeper.wake();
  expect(titles(world)).toEqual([sentence('notice_needsSignIn', { label: 'sam' })]);
  allow();
  expect(await signing).toEqual({ ok: true });
  expect((await world.standing('kim')).state).toBe('connected');
});

describe('a public client, for the day the broker grants one', () => {
  const granted = async (metadata: boolean) => {
    const world = await open('sam');
    const app = { ...sampleOAuthApp, redirectUris: [REDIRECT_URI], publicClient: true };
    world.broker.settings.oauthApps = [app];
    if (!metadata) {
      world.intercept = (url) =>
        url.includes('.well-known') ? new Response('', { status: 404 }) : undefined;
    }
    const { secret: _, ...input } = oauthInputOf('sam', { keepSecret: false });
    return { world, input };
  };

  test('sends no secret, and proves with PKCE that the code is its own', async () => {
    const { world, input } = await granted(true);
    let challenge = '';
    world.person = (url) => {
      challenge = new URL(url).searchParams.get('code_challenge') ?? '';
      return signsInAs(world, 'sam', url);
    };
    expect(await world.keeper.signInByOAuth(input)).toEqual({ ok: true });
    const [grant] = redeemed(world);
    expect(grant).not.toHaveProperty('client_secret');
    expect(grant?.['code_verifier']).toMatch(/^[\w.~-]{43,128}$/);
    expect(challenge).toMatch(/^[\w-]{43}$/);
    expect(await world.record('sam')).toMatchObject({ secretless: true, keepsSecret: false });
  });

  test('keeps its refresh token, and reconnects without being asked for a secret', async () => {
    const { world, input } = await granted(true);
    await world.keeper.signInByOAuth(input);
    await world.sleep(8 * HOUR);
    expect(redeemed(world).map(({ grant_type }) => grant_type)).toEqual([
      'authorization_code',
      'refresh_token',
    ]);
    expect(await world.works('sam')).toBe(true);
    world.broker.settings.refreshTokenMs = 1;
    await world.sleep(30 * HOUR);
    const { id: loginId } = await world.record('sam');
    expect(await world.keeper.reconnectByOAuth({ loginId })).toEqual({ ok: true });
  });

  test('does not sign in at all where nobody can tell whether the broker takes PKCE', async () => {
    const { world, input } = await granted(true);
    let windows = 0;
    world.person = (url) => (windows++, signsInAs(world, 'sam', url));
    world.intercept = (url) => (url.includes('.well-known') ? new TypeError('late') : undefined);
    expect(inWords(await world.keeper.signInByOAuth(input))).toMatchObject({ ok: false });
    expect([windows, redeemed(world).length]).toEqual([0, 0]);
    world.intercept = null;
    expect(await world.keeper.signInByOAuth(input)).toEqual({ ok: true });
  });

  test('goes without PKCE where the broker does not announce it', async () => {
    const { world, input } = await granted(false);
    expect(inWords(await world.keeper.signInByOAuth(input))).toMatchObject({ ok: false });
    expect(redeemed(world)[0]).not.toHaveProperty('code_verifier');
  });
});

test('on the development twin nothing is asked of the real system, and it is another login', async () => {
  const world = await open('sam');
  await world.keeper.signInByOAuth(oauthInputOf('sam'));
  const from = world.requests.length;
  for (const host of Object.values(TWIN_HOSTS)) world.permitted.add(host);
  expect(await world.keeper.signInByOAuth(oauthInputOf('sam', { twin: true }))).toEqual({
    ok: true,
  });
  await world.pass(3 * HOUR);
  const twin = (await world.vault.logins()).find((login) => login.twin);
  const hosts = world.requests.slice(from).map(({ url }) => new URL(url).hostname);
  expect(new Set(hosts)).toEqual(new Set([...Object.values(TWIN_HOSTS), KNOWN_HOSTS.demo]));
  expect(twin?.session?.renewals).toBeGreaterThan(0);
  const bearers = world.requests
    .filter(({ url }) => new URL(url).hostname === KNOWN_HOSTS.demo)
    .map(({ init }) => new Headers(init.headers).get('authorization'));
  const token = await world.vault.token(twin?.id ?? '');
  expect(bearers).not.toContain(`Bearer ${token?.accessToken}`);
  // The real system's session is of another user.
  expect(
    knownSessions(await world.record('sam'), world.now, await world.vault.logins()),
  ).toHaveLength(1);
});

test('a login that ran out while all places were taken comes back when one is known to be free', async () => {
  const world = await open('sam');
  await world.keeper.signInByOAuth(oauthInputOf('sam'));
  for (const tab of [1, 2]) {
    await world.keeper.webSessionSeen('sign-in', tab, 'trader.tradovate.com');
    await world.pass(MINUTE);
  }
  await world.sleep(82 * MINUTE);
  const { end } = await world.record('sam');
  expect(end).toMatchObject({ cause: 'expired' });
  await world.pass(10 * MINUTE);
  expect((await world.record('sam')).end).toBeNull();
  expect((await world.standing('sam')).state).toBe('connected');
});
