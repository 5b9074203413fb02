// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { recogniseCall, watchWebSession } from '../../../utils/trader-page/web-session.ts';

test.each([
  ['https://live.tradovateapi.com/v1/auth/accesstokenrequest', 'sign-in'],
  ['https://demo.tradovateapi.com/v1/auth/accessTokenRequest', 'sign-in'],
  ['https://live-d.tradovateapi.com/auth/AccessTokenRequest?x=1', 'sign-in'],
  ['https://a.b.tradovateapi.com/v1/auth/accesstokenrequest/', 'sign-in'],
  ['https://live.tradovateapi.com/v1/auth/renewaccesstoken', 'renewal'],
  ['https://live.tradovateapi.com/auth/renewAccessToken', 'renewal'],
  ['https://live.tradovateapi.com/v1/auth/me', null],
  ['https://live.tradovateapi.com/v1/auth/accesstokenrequests', null],
  ['https://live.tradovateapi.com/v1/auth/oauthtoken', null],
  ['http://live.tradovateapi.com/v1/auth/accesstokenrequest', null],
  ['https://tradovateapi.com.evil.example/v1/auth/accesstokenrequest', null],
  ['https://evil.example/?https://live.tradovateapi.com/v1/auth/accesstokenrequest', null],
  ['https://evil-tradovateapi.com/v1/auth/accesstokenrequest', null],
  ['', null],
])('%s is %s', (url, call) => {
  expect(recogniseCall(url)).toBe(call);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('reports answered, recent calls, each once, until stopped', () => {
  let report: (list: { getEntries: () => unknown[] }) => void = () => undefined;
  const observe = vi.fn();
  const disconnect = vi.fn();
  vi.stubGlobal(
    'PerformanceObserver',
    class {
      constructor(callback: typeof report) {
        report = callback;
      }
      observe = observe;
      disconnect = disconnect;
    },
  );
  vi.spyOn(performance, 'now').mockReturnValue(100_000);
  const onCall = vi.fn();
  const life = new AbortController();
  watchWebSession({ onCall, signal: life.signal });
  expect(observe).toHaveBeenCalledExactlyOnceWith({ type: 'resource', buffered: true });

  const entry = (path: string, responseStatus = 200, responseEnd = 99_000): object => ({
    name: `https://live.tradovateapi.com/v1/${path}`,
    responseStatus,
    responseEnd,
  });
  report({
    getEntries: () => [
      entry('auth/accesstokenrequest'),
      entry('account/list'),
      entry('auth/accesstokenrequest', 401),
      entry('auth/accesstokenrequest', 0),
      // Seen by the script that ran here before an update of the extension.
      entry('auth/accesstokenrequest', 200, 1_000),
      entry('auth/renewaccesstoken'),
    ],
  });
  expect(onCall.mock.calls).toEqual([['sign-in'], ['renewal']]);
  life.abort();
  expect(disconnect).toHaveBeenCalledOnce();
});
