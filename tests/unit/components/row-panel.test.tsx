// @vitest-environment happy-dom
import { render } from 'preact';
import { expect, test, vi } from 'vitest';
import { RowPanel, type PanelName } from '../../../components/popup/RowPanel.tsx';
import { standing } from '../../../utils/keeper/status/standing.ts';
import { green, NOW, settle, show } from './page.ts';

vi.mock('../../../utils/messages/protocol.ts', () => ({ ask: vi.fn() }));

const nothing = () => undefined;
const panel = (name: PanelName) => (
  <RowPanel
    key={name}
    name={name}
    login={green()}
    logins={[]}
    stand={standing(green(), NOW)}
    now={NOW}
    clipboard={{
      last: null,
      say: nothing,
      openVault: () => Promise.reject(new Error('Not opened here.')),
    }}
    onClose={nothing}
    onConnected={nothing}
    onPause={nothing}
  />
);
const group = () => document.querySelector('[role=group]');

test('a panel is there in the frame in which it is asked for', () => {
  const panels: PanelName[] = ['reconnect', 'pause', 'copy', 'sessions'];
  for (const name of panels) {
    show(panel(name));
    expect(group()?.querySelector('h3')?.textContent).not.toBe('');
    expect(group()?.querySelectorAll('p, button, input').length).toBeGreaterThan(0);
  }
});

test('a panel that takes the place of another takes the focus too', async () => {
  const root = show(panel('pause'));
  await settle();
  const first = group();
  expect(document.activeElement).toBe(first);
  render(panel('copy'), root);
  await settle();
  expect(group()).not.toBe(first);
  expect(group()?.contains(document.activeElement)).toBe(true);
});
