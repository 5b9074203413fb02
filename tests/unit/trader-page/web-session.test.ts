// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import type { WebCall } from '../../../utils/records/login.ts';
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
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page, its requests and whether it shows a sign-in form. */
function page() {
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
  vi.useFakeTimers({ now: 100_000 });
  const onCall = vi.fn<(call: WebCall) => void>();
  const life = new AbortController();
  const shown = { form: false };
  watchWebSession({ onCall, isFormShown: () => shown.form, signal: life.signal });
  const entry = (path: string, responseStatus = 200, ago = 1_000): object => ({
    name: `https://live.tradovateapi.com/v1/${path}`,
    responseStatus,
    responseEnd: performance.now() - ago,
  });
  const calls = (...paths: string[]) =>
    report({ getEntries: () => paths.map((path) => entry(`auth/${path}`)) });
  return {
    observe,
    disconnect,
    onCall,
    life,
    shown,
    entry,
    calls,
    report: (all: unknown[]) => report({ getEntries: () => all }),
  };
}

test('reports answered, recent calls, until stopped', () => {
  const { observe, disconnect, onCall, life, entry, report } = page();
  expect(observe).toHaveBeenCalledExactlyOnceWith({ type: 'resource', buffered: true });
  report([
    entry('auth/accesstokenrequest'),
    entry('account/list'),
    entry('auth/accesstokenrequest', 401),
    entry('auth/accesstokenrequest', 0),
    // Seen by the script that ran here before an update of the extension.
    entry('auth/accesstokenrequest', 200, 99_000),
    entry('auth/renewaccesstoken'),
  ]);
  vi.advanceTimersByTime(60_000);
  expect(onCall.mock.calls).toEqual([['sign-in'], ['renewal']]);
  life.abort();
  expect(disconnect).toHaveBeenCalledOnce();
});

test('a sign-in after which the form is still there was refused', () => {
  const { onCall, shown, calls } = page();
  shown.form = true;
  calls('accesstokenrequest');
  vi.advanceTimersByTime(3_000);
  expect(onCall.mock.calls).toEqual([['sign-in']]);
  vi.advanceTimersByTime(3_000);
  expect(onCall.mock.calls).toEqual([['sign-in'], ['refused']]);
  calls('accesstokenrequest');
  vi.advanceTimersByTime(1_000);
  shown.form = false;
  vi.advanceTimersByTime(60_000);
  expect(onCall.mock.calls).toEqual([['sign-in'], ['refused'], ['sign-in']]);
});

test('a page that calls again and again is told of now and then, and at the end', () => {
  const { onCall, calls, life } = page();
  for (let time = 0; time < 100; time++) {
    calls('accesstokenrequest', 'renewaccesstoken');
    vi.advanceTimersByTime(100);
  }
  const told = (call: WebCall) => onCall.mock.calls.filter(([one]) => one === call).length;
  expect(told('sign-in')).toBeLessThanOrEqual(5);
  expect(told('renewal')).toBe(1);
  const before = told('sign-in');
  calls('accesstokenrequest');
  vi.advanceTimersByTime(5_000);
  // The last one may be the one that went through.
  expect(told('sign-in')).toBe(before + 1);
  calls('accesstokenrequest', 'accesstokenrequest');
  life.abort();
  vi.advanceTimersByTime(60_000);
  expect(told('sign-in')).toBe(before + 2);
});
