import { expect, test } from 'vitest';
import { bySeverity } from '../../../components/popup/order.ts';
import { summary } from '../../../components/parts/summary.ts';
import { green, NOW } from './page.ts';

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
