// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { SettingsForm } from '../../../components/options/SettingsForm.tsx';
import { DEFAULTS } from '../../../utils/records/settings.ts';
import { sentence } from '../../sentence.ts';
import { click, description, field, NOW, send, settle, show, words } from './page.ts';

const { ask, showNotice } = vi.hoisted(() => ({
  ask: vi.fn<(name: string, input: unknown) => Promise<{ ok: true }>>(),
  showNotice: vi.fn<(notice: { id: string }) => Promise<void>>(),
}));
vi.mock('../../../utils/messages/protocol.ts', () => ({ ask }));
vi.mock('../../../utils/platform/notifications.ts', () => ({ showNotice, TEST: 'test' }));

beforeEach(() => {
  vi.resetAllMocks();
  ask.mockResolvedValue({ ok: true });
  showNotice.mockResolvedValue();
  show(<SettingsForm settings={DEFAULTS} now={NOW} />);
});

test('as nothing was set: saved unchanged', async () => {
  expect(field('day0').value).toBe('17:00');
  expect(field('day6').value).toBe('');
  await send();
  expect(ask).toHaveBeenCalledWith('editSettings', DEFAULTS);
  expect(words()).toContain(sentence('options_saved'));
});

test('what is set is what is sent', async () => {
  field('day1').value = '9:00 am, 02:00';
  field('day2').value = '';
  field('ready').checked = false;
  field('quiet').checked = true;
  field('from').value = '21:00';
  await send();
  expect(ask).toHaveBeenCalledWith('editSettings', {
    ...DEFAULTS,
    ready: false,
    starts: [1_020, 1_560, 1_980, 4_830, 6_270, 7_710],
    quiet: { on: true, from: 1_260, until: 420 },
  });
});

test('what is wrong is said where it was typed; nothing is sent, and nothing lost', async () => {
  field('day1').value = '8:30, soon';
  field('until').value = '25:00';
  await send();
  expect(description(field('day1'))).toContain(sentence('options_wrongTimes'));
  expect(description(field('until'))).toContain(sentence('options_wrongTime'));
  expect(document.activeElement).toBe(field('until'));
  expect(field('day1').value).toBe('8:30, soon');
  field('until').value = '22:00';
  field('day1').value = '8:30';
  await send();
  expect(description(field('until'))).toContain(sentence('options_sameTime'));
  expect(ask).not.toHaveBeenCalled();
});

test('no answer: not saved, and what was typed is still there', async () => {
  ask.mockRejectedValue(new Error('gone'));
  field('day1').value = '10:00';
  await send();
  expect(words()).toContain(sentence('options_notSaved'));
  expect(field('day1').value).toBe('10:00');
});

test('the test notification says what happened, and what to do when none is seen', async () => {
  await click(sentence('options_test'));
  await settle();
  expect(showNotice).toHaveBeenCalledWith(expect.objectContaining({ id: 'test' }));
  const help = sentence('options_testHelp');
  expect(words()).toContain(`${sentence('options_testShown')} ${help}`);
  showNotice.mockRejectedValue(new Error('no'));
  await click(sentence('options_test'));
  await settle();
  expect(words()).toContain(`${sentence('options_testRefused')} ${help}`);
});
