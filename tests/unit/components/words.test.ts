import { expect, test } from 'vitest';
import { bySeverity } from '../../../components/popup/order.ts';
import { summary } from '../../../components/parts/summary.ts';
import { ago, atSecond, atTime, duration } from '../../../utils/words/time.ts';
import { green, MINUTE, NOW } from './page.ts';

test.each([
  [80 * MINUTE, '1 h 20 min'],
  [58.9 * MINUTE, '58 min'],
  [4 * MINUTE + 10_000, '4 min 10 s'],
  [60_000, '1 min'],
  [45_000, '45 s'],
  [-1, '0 s'],
])('duration of %d ms is "%s"', (ms, text) => expect(duration(ms)).toBe(text));

test.each([
  [1_000, 'just now'],
  [30_000, '30 s ago'],
  [2.5 * MINUTE, '2 min ago'],
  [180 * MINUTE, '3 h ago'],
  [49 * 60 * MINUTE, '2 days ago'],
])('%d ms ago is "%s"', (ms, text) => expect(ago(ms)).toBe(text));

test('times of another day carry their date', () => {
  expect(atTime(NOW, NOW)).toBe('14:00');
  expect(atSecond(NOW - 26 * 60 * MINUTE, NOW)).toBe('20 Nov, 12:00:00');
});

test('worst first, and counted', () => {
  const logins = [
    green({ id: 'a' }),
    green({ id: 'b', pausedAt: NOW }),
    green({ id: 'c', end: { at: NOW, cause: 'expired' } }),
    green({ id: 'd', end: { at: NOW, cause: 'evicted' } }),
    green({ id: 'e', proof: null }),
  ];
  expect(bySeverity(logins, NOW)).toEqual(['d', 'c', 'e', 'b', 'a']);
  expect(summary(logins, NOW)).toBe('2 of 5 connected · 1 paused');
  expect(summary([], NOW)).toBe('No logins yet');
});
