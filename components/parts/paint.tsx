import { firstRead } from './first-read.ts';
import { render, type ComponentChild } from 'preact';
import type { Records } from '../../utils/vault/database.ts';
import { language, say } from '../../utils/platform/i18n.ts';
import { Boundary } from './Boundary.tsx';
import { Notice } from './Notice.tsx';
import type { Stored } from './stored.ts';

/** Draws a page; one that cannot be drawn says so. */
export function draw(page: ComponentChild, app: HTMLElement): void {
  render(<Boundary>{page}</Boundary>, app);
}

/** Starts a page: what is stored is read before the first paint, so that nothing flickers or jumps. */
export function paint(page: (records: Records, stored: Stored, app: HTMLElement) => void): void {
  const app = document.getElementById('app');
  if (app === null) throw new Error('The page has no #app.');
  document.documentElement.lang = language();
  const start = async () => {
    const { records, stored } = await firstRead;
    page(records, stored, app);
  };
  start().catch(() => {
    render(
      <main class="failed">
        <h1>Holdfast</h1>
        <Notice kind="alert">
          <strong>{say('parts_noStorage')}</strong> {say('parts_noStorageHelp')}
        </Notice>
      </main>,
      app,
    );
  });
}
