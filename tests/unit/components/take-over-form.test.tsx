// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { Connect } from '../../../components/sign-in/Connect.tsx';
import { refuse } from '../../../utils/keeper/status/refusal.ts';
import type { Answer } from '../../../utils/messages/protocol.ts';
import { sentence } from '../../sentence.ts';
import { button, description, field, send, settle, show, words } from './page.ts';

const ask = vi.hoisted(() => vi.fn<(what: string, input: unknown) => Promise<Answer>>());
vi.mock('../../../utils/messages/protocol.ts', () => ({ ask }));

const onConnected = vi.fn();

beforeEach(async () => {
  vi.clearAllMocks();
  ask.mockResolvedValue({ ok: true });
  show(<Connect onConnected={onConnected} />);
  await settle();
  document.querySelector<HTMLInputElement>('input[name=way][value=token]')?.click();
  await settle();
});

function fill() {
  field('pasted').value = '{"accessToken": "made-up"}';
  field('label').value = ' Copier ';
  document.querySelector<HTMLInputElement>('input[value=demo]')?.click();
}

test('sends what was pasted as it is, and says to stop the other program', async () => {
  expect(words()).toContain(sentence('signIn_beforeTakeOver_stop'));
  fill();
  await send();
  expect(ask).toHaveBeenCalledExactlyOnceWith('takeOver', {
    brand: 'tradovate',
    environment: 'demo',
    pasted: '{"accessToken": "made-up"}',
    userName: '',
    label: 'Copier',
  });
  expect(onConnected.mock.calls).toEqual([['options_takenOver']]);
  expect(field('pasted').value).toBe('');
});

test('says what is missing before it asks', async () => {
  await send();
  expect(ask).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(document.querySelector('input[value=live]'));
  expect(description(field('pasted'))).toContain(sentence('signIn_missingToken'));
});

test.each([
  ['token-refused', 'pasted', 'does not accept this token here. It has run out'],
  ['user-name-needed', 'userName', 'does not say whose token it is. Type the user name'],
] as const)(
  '%s lands at %s, and what was pasted stays for the next try',
  async (why, name, words) => {
    fill();
    ask.mockResolvedValueOnce(refuse(why));
    await send();
    expect(document.activeElement).toBe(field(name));
    expect(description(field(name))).toContain(words);
    expect(field('pasted').value).toContain('made-up');
  },
);

test('a token is not shown unasked, and never left to the browser’s memory of forms', async () => {
  expect(field('pasted').type).toBe('password');
  expect(field('pasted').autocomplete).toBe('off');
  fill();
  button('Show').click();
  await settle();
  expect(field('pasted').type).toBe('text');
  expect(field('pasted').autocomplete).toBe('off');
});
