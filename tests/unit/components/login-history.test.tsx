// @vitest-environment happy-dom
import type { JournalDetails } from '../../../utils/records/journal.ts';
import { expect, test } from 'vitest';
import { Legend } from '../../../components/history/Legend.tsx';
import { LoginHistory } from '../../../components/history/LoginHistory.tsx';
import { axis } from '../../../components/history/axis.ts';
import type { LoginRecord } from '../../../utils/records/login.ts';
import type { JournalLine } from '../../../utils/records/journal.ts';
import { atSecond } from '../../../utils/words/time.ts';
import { sentence, sentenceFor } from '../../sentence.ts';
import { green, MINUTE, NOW, show, words } from './page.ts';

const HOUR = 60 * MINUTE;
const SPAN = { from: NOW - 24 * HOUR, until: NOW };

const line = (
  minutes: number,
  what: JournalLine['what'],
  details?: JournalDetails,
): JournalLine => ({
  at: NOW - minutes * MINUTE,
  loginId: green().id,
  what,
  ...details,
});
const LINES = [
  line(50, 'signed in'),
  line(30, 'renewed'),
  line(21, 'warning shown', { host: 'trader.tradovate.com' }),
  line(20, 'web login seen', { host: 'trader.tradovate.com' }),
  line(19, 'ended', { cause: 'evicted' }),
];

const open = (
  change: Partial<LoginRecord> = { end: { at: NOW - 19 * MINUTE, cause: 'evicted' } },
) =>
  show(
    <LoginHistory
      login={green(change)}
      logins={[green(change)]}
      lines={LINES}
      span={SPAN}
      closed={[{ from: NOW - HOUR, until: NOW }]}
    />,
  );

test('drawn, in words and as a table: the same', () => {
  const root = open();
  const parts = [
    sentence('history_aliveFor', { duration: '30 min' }),
    sentence('history_atRiskFor', { duration: '1 min' }),
    sentence('history_deadFor', { duration: '19 min' }),
  ];
  const said = sentenceFor('history_inWords', 1, { parts: parts.join(', ') });
  expect(root.querySelector('svg[role=img]')?.getAttribute('aria-label')).toBe(
    sentence('history_strip', { label: 'APEX-3', words: said }),
  );
  expect(words()).toContain(said);
  expect(root.querySelectorAll('svg[role=img] .bar:not(.at-risk-edge)').length).toBe(3);
  const rows = [...root.querySelectorAll('tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
  expect(rows).toEqual([
    ['13:41', sentence('history_now'), sentence('history_dead'), '19 min', '0'],
    ['13:40', '13:41', sentence('history_atRisk'), '1 min', '0'],
    ['13:10', '13:40', sentence('history_alive'), '30 min', '1'],
  ]);
});

test('why it stands as it does, and the journal without its routine', () => {
  open();
  expect(words()).toContain(sentence('cause_evicted'));
  expect(words()).toContain(
    `${atSecond(NOW - 21 * MINUTE, NOW)} ${sentence('journal_warningShown')} · trader.tradovate.com`,
  );
  expect(words()).toContain(
    `${atSecond(NOW - 19 * MINUTE, NOW)} ${sentence('journal_ended')} · ${sentence('journal_cause_evicted')}`,
  );
  expect(words()).not.toContain(
    `${atSecond(NOW - 30 * MINUTE, NOW)} ${sentence('journal_renewed')}`,
  );
});

test('each condition has a shape of its own in the legend', () => {
  const root = show(<Legend />);
  const shapes = [...root.querySelectorAll('li > svg')].map((svg) =>
    // What tells them apart without colour: no class and no id.
    svg.innerHTML.replaceAll(/ (?:class|id)="[^"]*"/g, '').replaceAll(/url\(#[^)]*-/g, 'url('),
  );
  expect(new Set(shapes).size).toBe(7);
});

test('a day is labelled every six hours, a week every midnight', () => {
  expect(axis(SPAN).map(({ words }) => words)).toEqual(['18:00', '00:00', '06:00', '12:00']);
  const week = axis({ from: NOW - 7 * 24 * HOUR, until: NOW }).map(({ words }) => words);
  expect(week.length).toBe(7);
  expect(week[0]).toBe('Sun 15');
});
