// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { ConnectForm } from '../../../components/sign-in/ConnectForm.tsx';
import { refuse, type Reason, type Refusal } from '../../../utils/keeper/status/refusal.ts';
import type { Answer } from '../../../utils/messages/protocol.ts';
import { duration } from '../../../utils/words/time.ts';
import { sentence } from '../../sentence.ts';
import { button, description, field, send, settle, show } from './page.ts';

const ask = vi.hoisted(() => vi.fn<(what: string, input: unknown) => Promise<Answer>>());
vi.mock('../../../utils/messages/protocol.ts', () => ({ ask }));

const onConnected = vi.fn();

const typed = {
  appId: 'My bot',
  cid: '4711',
  secret: 's3cret',
  userName: 'trader_9',
  password: 'pw',
  label: '',
};

const refusal = (why: Reason, over: Partial<Refusal> = {}): Refusal =>
  refuse(why, { said: 'Broker words', ...over });

beforeEach(async () => {
  vi.clearAllMocks();
  ask.mockResolvedValue({ ok: true });
  show(<ConnectForm onConnected={onConnected} />);
  await settle();
});

function fill() {
  for (const [name, value] of Object.entries(typed)) field(name).value = value;
  document.querySelector<HTMLInputElement>('input[value=demo]')?.click();
}

const keptFields = () =>
  Object.fromEntries(Object.keys(typed).map((name) => [name, field(name).value]));

test('sends everything once, and starts afresh', async () => {
  fill();
  await send();
  expect(ask).toHaveBeenCalledExactlyOnceWith('signIn', {
    brand: 'tradovate',
    environment: 'demo',
    label: 'trader_9',
    userName: 'trader_9',
    password: 'pw',
    appId: 'My bot',
    appVersion: '1.0',
    cid: '4711',
    secret: 's3cret',
    keepSecret: false,
  });
  expect(onConnected).toHaveBeenCalledOnce();
  expect(field('password').value).toBe('');
  expect(field('appVersion').value).toBe('1.0');
});

test('says at each field what is missing, and goes to the first', async () => {
  await send();
  expect(ask).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(document.querySelector('input[value=live]'));
  expect(description(field('cid'))).toContain(sentence('signIn_wrongCid'));
  expect(description(field('password'))).toContain(sentence('signIn_missingPassword'));
  expect(field('label').getAttribute('aria-invalid')).toBeNull();
});

test.each<[Reason, string, string]>([
  ['user-closed', 'userName', 'has closed this user. Ask the broker’s support.'],
  ['wrong-credentials', 'password', 'does not accept this user name and password. Check both.'],
  ['app-not-registered', 'appId', 'does not know this API key. Check app ID, cid and secret'],
])('%s lands at its field', async (why, name, words) => {
  fill();
  ask.mockResolvedValueOnce(refusal(why));
  await send();
  expect(document.activeElement).toBe(field(name));
  expect(field(name).getAttribute('aria-invalid')).toBe('true');
  expect(description(field(name))).toContain(words);
  expect(description(field(name))).toContain('Broker words');
  expect(document.querySelectorAll('[role=alert]')).toHaveLength(1);
});

test('a refusal about the environment lands at the choice', async () => {
  fill();
  ask.mockResolvedValueOnce(refusal('wrong-environment'));
  await send();
  const group = document.querySelector('[role=radiogroup][aria-invalid=true]');
  expect(group?.textContent).toContain('belongs to the other environment.');
  expect(document.activeElement).toBe(document.querySelector('input[value=live]'));
});

test('what was typed stays; only a refused password goes', async () => {
  fill();
  ask.mockResolvedValueOnce(refusal('app-not-registered'));
  await send();
  expect(keptFields()).toEqual(typed);
  ask.mockResolvedValueOnce(refusal('wrong-credentials'));
  await send();
  expect(keptFields()).toEqual({ ...typed, password: '' });
});

test('a wait holds the button and keeps the form for the identical next try', async () => {
  fill();
  ask.mockResolvedValueOnce(refusal('penalty', { waitMs: 14_000, ticket: 't1' }));
  await send();
  const wait = sentence('signIn_tryAgainIn', { duration: duration(14_000) });
  expect(button(wait).getAttribute('aria-disabled')).toBe('true');
  expect(keptFields()).toEqual(typed);
  await send();
  expect(ask).toHaveBeenCalledTimes(1);
});

test('a shown password is never left to the browser’s memory of forms', async () => {
  const reveal = field('password').parentElement?.querySelector('button');
  const isNow = () => [
    field('password').type,
    field('password').autocomplete,
    reveal?.textContent,
    reveal?.getAttribute('aria-label'),
  ];
  const label = sentence('signIn_password');
  const hidden = ['password', 'current-password', 'Show', `Show ${label}`];
  expect(isNow()).toEqual(hidden);
  reveal?.click();
  await settle();
  expect(isNow()).toEqual(['text', 'off', 'Hide', `Hide ${label}`]);
  reveal?.click();
  await settle();
  expect(isNow()).toEqual(hidden);
  reveal?.click();
  await settle();
  await send();
  expect(isNow()).toEqual(hidden);
});

test('says so when the background part is silent', async () => {
  fill();
  ask.mockRejectedValueOnce(new Error('Could not establish connection.'));
  await send();
  expect(document.querySelector('[role=alert]')?.textContent).toContain(
    'background part did not answer',
  );
  expect(keptFields()).toEqual(typed);
});
