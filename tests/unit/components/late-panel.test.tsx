// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { LatePanel } from '../../../components/popup/LatePanel.tsx';
import { standing } from '../../../utils/keeper/status/standing.ts';
import { green, NOW, settle, show, words } from './page.ts';

/** What becomes of loading the panel's file. */
let arrives: Promise<unknown>;

beforeEach(() => {
  vi.resetModules();
  vi.doMock('../../../components/popup/RowPanel.tsx', async () => {
    await arrives;
    return { RowPanel: ({ name }: { name: string }) => <input aria-label={name} /> };
  });
});

async function open(): Promise<void> {
  const nothing = () => undefined;
  show(
    <LatePanel
      name="pause"
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
    />,
  );
  await settle();
}

test('says that a panel is on its way, then shows it', async () => {
  let arrive: (value: unknown) => void = () => undefined;
  arrives = new Promise((resolve) => (arrive = resolve));
  await open();
  expect(words()).toBe('Opening…');
  arrive(null);
  await vi.waitFor(() => expect(document.querySelector('input[aria-label=pause]')).not.toBeNull());
  expect(words()).toBe('');
});

test('says what to do when a panel cannot be loaded', async () => {
  arrives = Promise.reject(new Error('The extension has been updated.'));
  await open();
  await vi.waitFor(() =>
    expect(document.querySelector('[role=alert]')?.textContent).toMatch(
      /could not be loaded.*open it again/,
    ),
  );
});
