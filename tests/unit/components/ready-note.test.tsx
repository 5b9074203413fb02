// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { ReadyNote } from '../../../components/popup/ReadyNote.tsx';
import { atTime } from '../../../utils/words/time.ts';
import { USUAL_STARTS } from '../../../utils/records/settings.ts';
import { greenLogin } from '../../sample-login.ts';
import { central } from '../chicago.ts';
import { sentence } from '../../sentence.ts';
import { show, words } from './page.ts';

const MINUTE = 60_000;
const OPENING = central('2026-11-24T08:30');
const NOW = OPENING - 10 * MINUTE;
const proof = (minutes: number) => ({
  proof: { at: OPENING - minutes * MINUTE, by: 'probe' } as const,
});

const ready = (count: string, kept: string) =>
  sentence('ready_start', { kept, ready: count, time: atTime(OPENING, NOW) });

test('all is well: a tick, and no more words than that', () => {
  show(<ReadyNote starts={USUAL_STARTS} logins={[greenLogin(NOW, proof(30))]} now={NOW} />);
  expect(words()).toBe(`✓ ${ready('1', '1')} `);
});

test('one needs a hand', () => {
  const gone = greenLogin(NOW, { id: 'x', end: { at: NOW, cause: 'evicted' } });
  show(<ReadyNote starts={USUAL_STARTS} logins={[greenLogin(NOW, proof(30)), gone]} now={NOW} />);
  expect(words()).toBe(`${ready('1', '2')} APEX-3 needs a sign-in.`);
});

test('a password that ends is said although all is well', () => {
  const ending = greenLogin(NOW, { ...proof(30), passwordExpiresAt: NOW + 30 * 60 * MINUTE });
  show(<ReadyNote starts={USUAL_STARTS} logins={[ending]} now={NOW} />);
  expect(words()).toBe(`✓ ${ready('1', '1')} APEX-3’s password ends tomorrow.`);
});

test('late, and why', () => {
  const now = OPENING + 3 * MINUTE;
  show(<ReadyNote starts={USUAL_STARTS} logins={[greenLogin(now, proof(-2))]} now={now} />);
  expect(words()).toContain(sentence('ready_late', { time: atTime(OPENING + 2 * MINUTE, now) }));
});

test('nothing at another time', () => {
  const now = OPENING + 120 * MINUTE;
  show(<ReadyNote starts={USUAL_STARTS} logins={[greenLogin(now)]} now={now} />);
  expect(words()).toBe('');
});
