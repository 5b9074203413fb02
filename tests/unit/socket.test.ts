/** The broker's frames as documented and as garbage, and what a conversation makes of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  converse,
  readFrame,
  request,
  type Counts,
  type Loss,
} from '../../utils/tradovate/socket.ts';

describe('a frame', () => {
  test.each([
    ['o', { type: 'o', messages: [] }],
    ['h', { type: 'h', messages: [] }],
    ['c[3000,"Go away!"]', { type: 'c', messages: [] }],
    ['a[{"s":200,"i":1}]', { type: 'a', messages: [{ s: 200, i: 1 }] }],
    ['a[{"e":"props","d":{}},{"i":2}]', { type: 'a', messages: [{ e: 'props', d: {} }, { i: 2 }] }],
    ['a[]', { type: 'a', messages: [] }],
    ['a', { type: 'a', messages: [] }],
    ['a{"s":200}', { type: 'a', messages: [] }],
    ['a[{"s":200', { type: 'a', messages: [] }],
    ['a[null,7,"x",[]]', { type: 'a', messages: [{}, {}, {}, []] }],
    ['', { type: '', messages: [] }],
    ['<html>', { type: '<', messages: [] }],
  ])('%j', (text, frame) => {
    expect(readFrame(text)).toEqual(frame);
  });

  test('whatever comes is read without an exception, and ends or opens nothing by itself', () => {
    const garbage = fc.oneof(
      fc.string(),
      fc.json().map((json) => `a${json}`),
      fc.json().map((json) => `a[${json}]`),
      fc.json().map((json) => `a[{"e":"props","d":${json}}]`),
      fc.json().map((json) => `a[{"i":2,"s":200,"d":${json}}]`),
    );
    fc.assert(
      fc.property(fc.array(garbage.filter((text) => !/^[oc]/.test(text))), (frames) => {
        const sent: string[] = [];
        const hear = converse('token', (text) => sent.push(text));
        for (const frame of frames) {
          const heard = hear(frame);
          if (heard === null || typeof heard === 'string') continue;
          for (const count of Object.values(heard)) expect(count).toBeGreaterThanOrEqual(0);
        }
        expect(sent.join('')).not.toContain('token');
      }),
    );
  });

  test('a request has four lines', () => {
    expect(request('authorize', 1, 'the token')).toBe('authorize\n1\n\nthe token');
  });
});

/** What came of each frame, and what was sent. */
function talk(...frames: string[]): { heard: (Counts | Loss | null)[]; sent: string[] } {
  const sent: string[] = [];
  const hear = converse('the token', (text) => sent.push(text));
  return { heard: frames.map((frame) => hear(frame)), sent };
}

const reply = (i: number, s: number, d?: unknown) => `a${JSON.stringify([{ i, s, d }])}`;
const event = (e: string, d: unknown) => `a${JSON.stringify([{ e, d }])}`;
const change = (entityType: string, entity: unknown, eventType = 'Updated') =>
  event('props', { entityType, eventType, entity });

const SNAPSHOT = {
  users: [{ id: 1 }],
  accounts: [{ id: 11 }, { id: 12 }],
  positions: [
    { id: 21, netPos: 1 },
    { id: 22, netPos: -2 },
    { id: 23, netPos: 0 },
  ],
  orders: [
    { id: 21, ordStatus: 'Working' },
    { id: 32, ordStatus: 'Filled' },
  ],
  fills: null,
};
const UP = ['o', reply(1, 200), reply(2, 200, SNAPSHOT)];

describe('a conversation', () => {
  test('authorises after the opening, asks for what is open, and counts it', () => {
    const { heard, sent } = talk(...UP);
    expect(sent[0]).toBe('authorize\n1\n\nthe token');
    expect(sent[1]).toMatch(/^user\/syncrequest\n2\n\n\{/);
    expect(JSON.parse(sent[1]?.split('\n')[3] ?? '')).toEqual({
      splitResponses: false,
      entityTypes: ['account', 'position', 'order'],
    });
    expect(sent).toHaveLength(2);
    expect(heard).toEqual([null, null, { accounts: 2, positions: 2, orders: 1 }]);
  });

  test.each<[string, string[], { accounts: number; positions: number; orders: number }]>([
    ['a position that is closed', [change('position', { id: 21, netPos: 0 })], counts(2, 1, 1)],
    ['a position that is turned', [change('position', { id: 21, netPos: -3 })], counts(2, 2, 1)],
    ['a flat one that is opened', [change('position', { id: 23, netPos: 5 })], counts(2, 3, 1)],
    [
      'a new order',
      [change('order', { id: 40, ordStatus: 'Working' }, 'Created')],
      counts(2, 2, 2),
    ],
    ['the same order told twice', [order(40), order(40)], counts(2, 2, 2)],
    [
      'an order that is filled',
      [change('order', { id: 21, ordStatus: 'Filled' })],
      counts(2, 2, 0),
    ],
    ['a deleted account', [change('account', { id: 12 }, 'Deleted')], counts(1, 2, 1)],
    ['another kind of thing', [change('cashBalance', { id: 21 }, 'Deleted')], counts(2, 2, 1)],
    ['a thing without an id', [change('order', { ordStatus: 'Working' })], counts(2, 2, 1)],
    ['nothing at all', [change('order', null)], counts(2, 2, 1)],
    ['a word that only looks like a kind', [change('constructor', { id: 1 })], counts(2, 2, 1)],
    [
      'a second part of the answer',
      [reply(2, 200, { orders: [{ id: 9, ordStatus: 'Working' }] })],
      counts(2, 2, 2),
    ],
  ])('follows %s', (_, frames, expected) => {
    expect(talk(...UP, ...frames).heard.at(-1)).toEqual(expected);
  });

  test('a change that comes before the answer is no answer', () => {
    expect(talk('o', reply(1, 200), order(40)).heard.at(-1)).toBeNull();
  });

  test('the answer and a change in one frame are counted together', () => {
    const both = `a[${[reply(2, 200, SNAPSHOT), order(40)].map((one) => one.slice(2, -1)).join()}]`;
    expect(talk('o', reply(1, 200), both).heard.at(-1)).toEqual(counts(2, 2, 2));
  });

  test.each<[string, string, Loss]>([
    ['maintenance', event('shutdown', { reasonCode: 'Maintenance' }), 'maintenance'],
    [
      'too many connections',
      event('shutdown', { reasonCode: 'ConnectionQuotaReached' }),
      'connection-quota',
    ],
    ['too many networks', event('shutdown', { reasonCode: 'IPQuotaReached' }), 'ip-quota'],
    ['a new reason', event('shutdown', { reasonCode: 'toString' }), 'shutdown'],
    ['no reason', event('shutdown', null), 'shutdown'],
    ['a close', 'c[3000,"Go away!"]', 'closed'],
    ['a refused token', reply(1, 401, 'Invalid access token'), 'refused'],
    ['a refused question', reply(2, 403), 'refused'],
    ['a wrong host', reply(1, 421, 'Misdirected request'), 'closed'],
    ['a fault', reply(2, 500), 'closed'],
    ['a limit', reply(1, 429), 'limited'],
    [
      'a penalty in place of the answer',
      reply(2, 200, { 'p-ticket': 't', 'p-time': 15 }),
      'limited',
    ],
    ['a captcha', reply(1, 200, { 'p-ticket': 't', 'p-time': 15, 'p-captcha': true }), 'limited'],
  ])('ends with %s', (_, frame, why) => {
    const { heard, sent } = talk('o', frame);
    expect(heard.at(-1)).toBe(why);
    expect(sent).toHaveLength(1);
  });
});

function counts(accounts: number, positions: number, orders: number) {
  return { accounts, positions, orders };
}

function order(id: number): string {
  return change('order', { id, ordStatus: 'Working' }, 'Created');
}
