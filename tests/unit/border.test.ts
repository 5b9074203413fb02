import { describe, expect, test } from 'vitest';
import { browser } from 'wxt/browser';
import * as v from 'valibot';
import {
  admit,
  answer,
  MESSAGES,
  type Handlers,
  type Sender,
} from '../../utils/messages/border.ts';
import type { ProtocolMap } from '../../utils/messages/protocol.ts';

const names = Object.keys(MESSAGES) as (keyof ProtocolMap)[];
const fromPages = names.filter((name) => MESSAGES[name].from === 'page');
const fromTrader = names.filter((name) => MESSAGES[name].from === 'trader');

const id = browser.runtime.id;
const OWN = browser.runtime.getURL('/').slice(0, -1);
const page: Sender = { id, url: browser.runtime.getURL('/popup.html') };
const pageInTab: Sender = {
  ...page,
  url: browser.runtime.getURL('/options.html'),
  frameId: 0,
  tab: { id: 3 },
};
const trader: Sender = {
  id,
  url: 'https://trader.tradovate.com/welcome',
  frameId: 0,
  tab: { id: 7 },
};

describe('who may send what', () => {
  test.each(fromPages)('%s: only a page of this extension', (name) => {
    expect(() => admit(name, page)).not.toThrow();
    expect(() => admit(name, pageInTab)).not.toThrow();
    expect(() => admit(name, { ...page, origin: OWN })).not.toThrow();
    for (const sender of [
      trader,
      { ...page, id: 'another-extension' },
      { ...page, url: 'https://trader.tradovate.com/popup.html' },
      { ...page, url: undefined },
      { ...page, origin: 'https://trader.tradovate.com' },
      // A sandboxed frame of one of our pages.
      { ...page, origin: 'null' },
      { id, url: `https://evil.example/?${browser.runtime.getURL('/popup.html')}` },
      {},
    ]) {
      expect(() => admit(name, sender)).toThrow('may not be sent from here');
    }
  });

  test.each(fromTrader)('%s: only the top frame of a broker’s page', (name) => {
    expect(admit(name, trader)).toEqual({
      tabId: 7,
      host: 'trader.tradovate.com',
      consent: false,
    });
    const { origin } = new URL(trader.url ?? '');
    expect(() => admit(name, { ...trader, origin })).not.toThrow();
    const consent = 'https://trader.tradovate.com/oauth?client_id=1';
    expect(admit(name, { ...trader, url: consent }).consent).toBe(true);
    for (const url of ['https://apex.tradovate.com/', 'https://web.ninjatrader.com/x']) {
      expect(() => admit(name, { ...trader, url })).not.toThrow();
    }
    for (const sender of [
      page,
      { ...trader, frameId: 4 },
      { ...trader, origin: 'https://evil.example' },
      { ...trader, origin: 'null' },
      { ...trader, id: 'another-extension' },
      { ...trader, tab: undefined },
      { ...trader, url: 'http://trader.tradovate.com/' },
      { ...trader, url: 'https://trader.tradovate.com.evil.example/' },
      { ...trader, url: 'https://eviltradovate.com/' },
      { ...trader, url: 'https://www.ninjatrader.com/' },
    ]) {
      expect(() => admit(name, sender)).toThrow('may not be sent from here');
    }
  });
});

test('bug class 9: no message has a token in its answer, or asks for one', () => {
  expect(names.filter((name) => /token/i.test(name))).toEqual([]);
});

const edit = {
  loginId: '00000000-0000-4000-8000-000000000001',
  label: 'x',
  slots: 2,
  declared: [],
};

test('an edit that looks as it must is let in', () => {
  expect(v.safeParse(MESSAGES.editLogin.input, edit).success).toBe(true);
});

test.each([
  ['signIn', { password: 'x' }],
  ['signIn', null],
  ['reconnect', { loginId: 'not-a-uuid', password: 'x' }],
  ['renewNow', {}],
  ['editLogin', { ...edit, label: '' }],
  ['editLogin', { ...edit, slots: 0 }],
  ['editLogin', { ...edit, declared: [{ name: '', on: true }] }],
  [
    'editLogin',
    {
      ...edit,
      declared: [
        { name: 'phone', on: true },
        { name: 'Phone', on: false },
      ],
    },
  ],
  ['webSessionSeen', { call: 'everything' }],
  ['signInFormSeen', { host: 'x' }],
  ['loginPicked', { loginId: 'not-a-uuid' }],
  ['openTabWanted', { tabId: 7 }],
] as const)('%s is refused when it does not look as it must', (name, data) => {
  expect(v.safeParse(MESSAGES[name].input, data).success).toBe(false);
});

// The messaging library takes the browser's own name for the API.
Object.assign(globalThis, { chrome: browser });

test('the background answers through the border, and a message it does not know gets no answer', async () => {
  const asked: unknown[] = [];
  answer({
    renewNow: (input: unknown) => {
      asked.push(input);
      return Promise.resolve({ ok: true });
    },
  } as unknown as Handlers);
  // The fake browser names no sender at all, like a message from nowhere.
  const sent = browser.runtime.sendMessage({
    id: 1,
    type: 'renewNow',
    data: { loginId: 'x' },
    timestamp: 1,
  });
  expect(JSON.stringify(await sent)).toContain('Refused');
  await expect(
    Promise.resolve(browser.runtime.sendMessage({ id: 2, type: 'getToken', timestamp: 1 })),
  ).resolves.toBeUndefined();
  expect(asked).toEqual([]);
});
