import { describe, expect, test } from 'vitest';
import { createClient } from '../../utils/tradovate/client.ts';
import { hostsFor, isBrokerHost, KNOWN_HOSTS } from '../../utils/tradovate/hosts.ts';

const KNOWN = KNOWN_HOSTS.demo;
const FIRM = 'demo-firm.tradovateapi.com';
const OTHER = 'demo-other.tradovateapi.com';

test.each<[string, Parameters<typeof hostsFor>, string[]]>([
  ['nothing named yet', ['demo', {}, null], [KNOWN]],
  ['the known host named', ['demo', { demo: KNOWN }, KNOWN], [KNOWN]],
  ['another one named', ['demo', { demo: FIRM }, KNOWN], [FIRM, KNOWN]],
  ['followed there', ['demo', { demo: FIRM }, FIRM], [FIRM, KNOWN]],
  ['moved on', ['demo', { demo: OTHER }, FIRM], [OTHER, FIRM, KNOWN]],
  ['one named for the other environment', ['demo', { live: FIRM }, null], [KNOWN]],
  ['an evil one, as no reply can name it', ['demo', { demo: 'evil.example' }, null], [KNOWN]],
  ['an evil issuer, as no reply can come from it', ['demo', {}, 'evil.example'], [KNOWN]],
  ['live', ['live', { demo: FIRM }, KNOWN_HOSTS.live], [KNOWN_HOSTS.live]],
])('the hosts that may serve a login: %s', (_, args, hosts) => {
  expect(hostsFor(...args)).toEqual(hosts);
});

test.each(Object.values(KNOWN_HOSTS))('%s is one of the broker’s', (host) => {
  expect(isBrokerHost(host)).toBe(true);
});

describe('bug class 13: the client calls', () => {
  const asked: string[] = [];
  const client = (permitted: string[]) => {
    asked.length = 0;
    return createClient({
      fetch: (url) => {
        asked.push(url);
        return Promise.resolve(new Response('[]'));
      },
      onLine: () => true,
      mayCall: (host) => Promise.resolve(permitted.includes(host)),
    });
  };

  test('a host of the broker that is permitted', async () => {
    expect(await client([FIRM]).probe(FIRM, 'token', 1_000)).toEqual({ kind: 'proven' });
    expect(asked).toEqual([`https://${FIRM}/v1/account/list`]);
  });

  test.each([
    ['that is not permitted', FIRM, [KNOWN]],
    ['that is not the broker’s, whatever is permitted', 'evil.example', ['evil.example']],
    ['with a port', `${FIRM}:8443`, [FIRM, `${FIRM}:8443`]],
    ['that is an address', '10.0.0.1', ['10.0.0.1']],
    ['with a user name before it', `${FIRM}@evil.example`, ['evil.example', FIRM]],
  ])('none %s', async (_, host, permitted) => {
    for (const call of ['renew', 'probe'] as const) {
      const reply = await client(permitted)[call](host, 'token', 1_000);
      expect(reply).toEqual({ kind: 'not-permitted' });
      expect(asked).toEqual([]);
    }
  });
});
