import { firstRead } from './first-read.ts';
import { render } from 'preact';
import type { Records } from '../../utils/vault/database.ts';
import { Notice } from './Notice.tsx';
import type { Stored } from './stored.ts';

/** Starts a page: what is stored is read before the first paint, so that nothing flickers or jumps. */
export function paint(page: (records: Records, stored: Stored, app: HTMLElement) => void): void {
  const app = document.getElementById('app');
  if (app === null) throw new Error('The page has no #app.');
  const start = async () => {
    const { records, stored } = await firstRead;
    page(records, stored, app);
  };
  start().catch(() => {
    render(
      <main class="failed">
        <h1>Holdfast</h1>
        <Notice kind="alert">
          <strong>Holdfast cannot read its storage in this browser profile.</strong> Close this
          window and open it again. If that does not help, restart the browser: a full disk or a
          profile in use elsewhere are the usual causes.
        </Notice>
      </main>,
      app,
    );
  });
}
