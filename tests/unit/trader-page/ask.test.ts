import { defineExtensionMessaging } from '@webext-core/messaging';
import { afterEach, beforeEach, expect, type Mock, test, vi } from 'vitest';
import { askQuietly, isOrphaned } from '../../../utils/trader-page/ask.ts';
import type { Card } from '../../../utils/trader-page/card.ts';
import type { ProtocolMap } from '../../../utils/messages/protocol.ts';

interface Runtime {
  id: string | undefined;
  sendMessage: Mock;
}
const { runtime } = vi.hoisted((): { runtime: Runtime } => ({
  runtime: { id: 'abc', sendMessage: vi.fn() },
}));
vi.mock('wxt/browser', () => ({ browser: { runtime } }));

const card: Card = {
  css: '',
  language: 'en',
  announcement: 'A',
  region: 'B',
  head: 'C',
  body: [],
  foot: [],
  reload: 'D',
};

beforeEach(() => {
  runtime.id = 'abc';
  runtime.sendMessage.mockReset();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('the messaging library of the background understands it', async () => {
  type Listener = (message: unknown, sender: object, reply: (answer: unknown) => void) => unknown;
  let listener: Listener = () => false;
  vi.stubGlobal('chrome', {
    runtime: {
      onMessage: {
        addListener: (added: Listener) => {
          listener = added;
        },
        removeListener: () => undefined,
      },
    },
  });
  runtime.sendMessage.mockImplementation(
    (message: unknown) => new Promise((reply) => listener(message, { id: 'abc' }, reply)),
  );
  const background = defineExtensionMessaging<ProtocolMap>();
  background.onMessage('signInFormSeen', () => card);
  const calls: string[] = [];
  background.onMessage('webSessionSeen', ({ data }) => {
    calls.push(data.call);
    return undefined;
  });
  expect(await askQuietly('signInFormSeen', null)).toEqual(card);
  await askQuietly('webSessionSeen', { call: 'sign-in' });
  expect(calls).toEqual(['sign-in']);
});

test('asks again while the worker is starting', async () => {
  runtime.sendMessage
    .mockRejectedValueOnce(new Error('Could not establish connection.'))
    .mockResolvedValueOnce(undefined)
    .mockResolvedValueOnce({ res: card });
  expect(await askQuietly('signInFormSeen', null, [1, 1])).toEqual(card);
});

test('gives up in silence', async () => {
  runtime.sendMessage.mockResolvedValue({ err: { message: 'refused' } });
  expect(await askQuietly('signInFormSeen', null, [1, 1])).toBeUndefined();
  expect(runtime.sendMessage).toHaveBeenCalledTimes(3);
});

test('an orphaned script asks nothing', async () => {
  runtime.id = undefined;
  expect(isOrphaned()).toBe(true);
  expect(await askQuietly('signInFormSeen', null)).toBeUndefined();
  expect(runtime.sendMessage).not.toHaveBeenCalled();
});
