import { expect, test } from 'vitest';
import { bySeverity } from '../../../components/popup/order.ts';
import { summary } from '../../../components/parts/summary.ts';
import { sentence } from '../../sentence.ts';
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
  expect(summary(logins, NOW)).toBe(
    sentence('summary_paused', { connected: '2', logins: '5', paused: '1' }),
  );
  expect(summary([], NOW)).toBe(sentence('summary_none'));
});
