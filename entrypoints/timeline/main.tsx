import { draw, paint } from '../../components/parts/paint.tsx';
import { say } from '../../utils/platform/i18n.ts';
import { openVault } from '../../utils/vault/vault.ts';
import { HistoryPage } from './HistoryPage.tsx';

document.title = say('history_title');
paint((_records, stored, app) => {
  void openVault().then(async (vault) => {
    const journal = await vault.journal();
    draw(<HistoryPage vault={vault} stored={stored} journal={journal} />, app);
    // The login named in the address did not exist yet when the browser looked for it.
    if (location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView();
  });
});
