// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { OAuthForm } from '../../../components/sign-in/OAuthForm.tsx';
import { refuse } from '../../../utils/keeper/status/refusal.ts';
import type { Answer } from '../../../utils/messages/protocol.ts';
import { TWIN_HOSTS } from '../../../utils/tradovate/hosts.ts';
import { sentence } from '../../sentence.ts';
import { description, field, send, settle, show, words } from './page.ts';

const ask = vi.hoisted(() => vi.fn<(what: string, input: unknown) => Promise<Answer>>());
const requestHosts = vi.hoisted(() => vi.fn<(...hosts: string[]) => Promise<boolean>>());
const granted = vi.hoisted(() => vi.fn<() => string | null>());
vi.mock('../../../utils/messages/protocol.ts', () => ({ ask }));
vi.mock('../../../utils/platform/request-host.ts', () => ({ requestHosts }));
vi.mock('../../../utils/platform/identity.ts', () => ({
  grantedClientId: granted,
  redirectUri: () => 'https://made-up.chromiumapp.org/',
}));

const onConnected = vi.fn();
const own = { clientId: '1001', secret: 's3cret' };
const input = { brand: 'tradovate', environment: 'demo', userName: 'sam', label: 'sam' };

beforeEach(() => {
  vi.clearAllMocks();
  granted.mockReturnValue(null);
  ask.mockResolvedValue({ ok: true });
});

async function open() {
  show(<OAuthForm onConnected={onConnected} />);
  await settle();
  document.querySelector<HTMLInputElement>('input[value=demo]')?.click();
  field('userName').value = 'sam';
}

async function fillApp() {
  field('clientId').value = own.clientId;
  field('secret').value = own.secret;
  await settle();
}

test('sends the app of the person, on the real system', async () => {
  await open();
  await fillApp();
  await send();
  const sent = { ...input, ...own, keepSecret: false, twin: false };
  expect(ask).toHaveBeenCalledExactlyOnceWith('signInByOAuth', sent);
  expect(requestHosts).not.toHaveBeenCalled();
  expect(onConnected).toHaveBeenCalledOnce();
});

test('an app of the development system needs access to its hosts, and nothing is lost without', async () => {
  await open();
  await fillApp();
  field('twin').click();
  requestHosts.mockResolvedValueOnce(false);
  await send();
  expect(requestHosts).toHaveBeenCalledExactlyOnceWith(...Object.values(TWIN_HOSTS));
  expect(ask).not.toHaveBeenCalled();
  expect(description(field('twin'))).toContain(sentence('signIn_twinNotAllowed'));
  expect(field('secret').value).toBe(own.secret);
  requestHosts.mockResolvedValueOnce(true);
  await send();
  expect(ask.mock.calls[0]?.[1]).toMatchObject({ twin: true });
});

test('with a client ID granted to Holdfast asks for no app, unless the person has one', async () => {
  granted.mockReturnValue('granted-id');
  await open();
  expect(words()).not.toContain(sentence('signIn_clientSecret'));
  ask.mockResolvedValueOnce(refuse('app-not-registered', { during: 'oauth' }));
  await send();
  expect(document.querySelector('[role=alert]')?.textContent).toContain('application not found');
  await send();
  const sent = { ...input, clientId: 'granted-id', keepSecret: false, twin: false };
  expect(ask).toHaveBeenLastCalledWith('signInByOAuth', sent);
  field('own').click();
  await settle();
  expect(words()).toContain(sentence('signIn_clientSecret'));
});
