// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { allowanceSays } from '../../../components/options/allowance.ts';
import { LoginEntry } from '../../../components/options/LoginEntry.tsx';
import type { Declared, LoginRecord } from '../../../utils/records/login.ts';
import type { Answer } from '../../../utils/messages/protocol.ts';
import { atTime } from '../../../utils/words/time.ts';
import { opening, sentence, sentenceFor } from '../../sentence.ts';
import {
  click,
  description,
  field,
  green,
  MINUTE,
  NOW,
  send,
  settle,
  show,
  words,
} from './page.ts';

const ask = vi.hoisted(() => vi.fn<(what: string, input: unknown) => Promise<Answer>>());
vi.mock('../../../utils/messages/protocol.ts', () => ({ ask }));

beforeEach(() => {
  ask.mockReset().mockResolvedValue({ ok: true });
});

async function edit(declared: Declared[] = []): Promise<void> {
  const login = green({ ledger: { ...green().ledger, declared } });
  show(
    <ul>
      <LoginEntry login={login} logins={[login]} now={NOW} fresh={false} onRemoved={() => {}} />
    </ul>,
  );
  await click(sentence('options_edit'));
}

async function declare(name: string): Promise<void> {
  field('declare').value = name;
  await click(sentence('options_add'));
}

const saved = () => (ask.mock.lastCall?.[1] as { declared: Declared[] }).declared;

test('sessions elsewhere are named once, switched off and on, and removed', async () => {
  await edit([{ name: 'phone', on: false }]);
  await declare('TradingView');
  await declare('my copier');
  const [phone, , copier] = document.querySelectorAll<HTMLInputElement>(
    '.declared [type=checkbox]',
  );
  phone?.click();
  copier?.click();
  await settle();
  await send();
  expect(saved()).toEqual([
    { name: 'phone', on: true },
    { name: 'TradingView', on: true },
    { name: 'my copier', on: false },
  ]);
});

test('a removed one is gone when it is saved', async () => {
  await edit([
    { name: 'phone', on: true },
    { name: 'TradingView', on: true },
  ]);
  const remove = sentence('options_removeName', { name: 'phone' });
  document.querySelector<HTMLElement>(`[aria-label="${remove}"]`)?.click();
  await settle();
  expect(document.activeElement).toBe(field('declare'));
  await send();
  expect(saved()).toEqual([{ name: 'TradingView', on: true }]);
});

test.each([
  ['', sentence('options_missingName')],
  ['Phone', sentence('options_nameTwice')],
])('the name "%s" is refused where it was typed', async (name, said) => {
  await edit([{ name: 'phone', on: true }]);
  await declare(name);
  expect(words()).toContain(said);
  expect(document.querySelectorAll('.declared [type=checkbox]')).toHaveLength(1);
});

test('the sentence on the allowance follows the number that is typed', async () => {
  await edit();
  expect(words()).toContain(sentence('options_allowanceTwo'));
  field('slots').value = '1';
  field('slots').dispatchEvent(new Event('input', { bubbles: true }));
  await settle();
  expect(words()).toContain(sentence('options_allowanceOne'));
});

test('the host at which the person uses this login is told, and forgotten on request', async () => {
  const host = 'trader.tradovate.com';
  const login = green({ ledger: { ...green().ledger, hosts: [host] } });
  show(<LoginEntry login={login} logins={[login]} now={NOW} fresh={false} onRemoved={() => {}} />);
  expect(words()).toContain(sentence('options_signsInAt', { host }));
  await click(sentence('options_forget'));
  expect(ask).toHaveBeenCalledWith('forgetHost', { host });
});

const entry = (change: Partial<LoginRecord> = {}, onRemoved = vi.fn()) => {
  const login = green(change);
  show(<LoginEntry login={login} logins={[login]} now={NOW} fresh={false} onRemoved={onRemoved} />);
  return onRemoved;
};

test('removing says what becomes of the session, asks in place, and can be left by keyboard', async () => {
  const removed = entry();
  await click(sentence('options_remove'));
  const panel = document.querySelector<HTMLElement>('.panel');
  expect(document.activeElement).toBe(panel);
  expect(panel?.textContent).toContain(sentence('options_removeQuestion', { label: 'APEX-3' }));
  const time = atTime(NOW + 58 * MINUTE, NOW);
  expect(description(panel as HTMLElement)).toBe(
    `${sentence('options_removeDeletes')} ${sentence('options_removeStaysOpen', { time })}`,
  );
  panel?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  await settle();
  expect(document.activeElement?.textContent).toBe(sentence('options_remove'));
  expect(ask).not.toHaveBeenCalled();

  await click(sentence('options_remove'));
  await click(sentence('options_removeLogin'));
  expect(ask).toHaveBeenCalledExactlyOnceWith('removeLogin', { loginId: green().id });
  expect(removed).toHaveBeenCalledExactlyOnceWith('APEX-3');
});

test('of a session that is over nothing is said when its login is removed', async () => {
  entry({ end: { at: NOW, cause: 'evicted' } });
  await click(sentence('options_remove'));
  expect(words()).toContain(sentence('options_removeDeletes'));
  expect(words()).not.toContain(opening('options_removeStaysOpen'));
});

test('a removal that fails says so and changes nothing', async () => {
  ask.mockRejectedValue(new Error('no background'));
  const removed = entry();
  await click(sentence('options_remove'));
  await click(sentence('options_removeLogin'));
  expect(document.querySelector('[role=alert]')).not.toBeNull();
  expect(removed).not.toHaveBeenCalled();
});

test.each([
  [
    ['DEMO1'],
    sentence('options_namedAccounts', {
      accounts: sentenceFor('options_accounts_demo', 1),
      names: 'DEMO1',
    }),
    false,
  ],
  [
    Array.from({ length: 12 }, (_, at) => `APEX-0${at}`),
    sentenceFor('options_accounts_demo', 12),
    true,
  ],
])('accounts %j are told with their environment', (accounts, said, folded) => {
  entry({ accounts });
  expect(words()).toContain(said);
  for (const account of accounts) expect(words()).toContain(account);
  expect(document.querySelector('details') !== null).toBe(folded);
});

test('a password that ends and a firm are told beside the state', () => {
  entry({ organisation: 'Sample Firm', passwordExpiresAt: NOW + 20 * 60 * 60_000 });
  expect(words()).toContain('demo · Sample Firm, password ends tomorrow');
  expect(words()).toContain('Passwordends at 10:00 tomorrow');
});

test('each allowance has its own sentence', () => {
  expect(new Set([1, 2, 3].map(allowanceSays)).size).toBe(3);
  expect(allowanceSays(50)).toBe(allowanceSays(3));
});

test('the live link says what it costs, and is asked for by its box', async () => {
  const login = green();
  show(
    <ul>
      <LoginEntry login={login} logins={[login]} now={NOW} fresh={false} onRemoved={() => {}} />
    </ul>,
  );
  expect(words()).toContain(sentence('options_liveLinkSocket'));
  const box = document.querySelector<HTMLInputElement>('.live-link [type=checkbox]');
  expect(box?.checked).toBe(false);
  box?.click();
  await settle();
  expect(ask).toHaveBeenLastCalledWith('switchLink', { loginId: login.id, on: true });
});

test('a live link that could not be switched shows as it is', async () => {
  ask.mockRejectedValue(new Error('no background'));
  const login = green();
  show(
    <ul>
      <LoginEntry login={login} logins={[login]} now={NOW} fresh={false} onRemoved={() => {}} />
    </ul>,
  );
  const box = document.querySelector<HTMLInputElement>('.live-link [type=checkbox]');
  box?.click();
  await settle();
  expect(box?.checked).toBe(false);
});
