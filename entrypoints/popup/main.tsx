// Reads the vault first and renders once: no flash, no message, no worker woken.
import { render } from 'preact';
import { loadUserNote } from '../../components/popup/LateUser.tsx';
import { loadWhy } from '../../components/popup/LateWhy.tsx';
import { paint } from '../../components/parts/paint.tsx';
import { standing } from '../../utils/keeper/status/standing.ts';
import { systemClock } from '../../utils/platform/clock.ts';
import { Popup } from './Popup.tsx';

paint((records, stored, app) => {
  const draw = () => render(<Popup records={records} stored={stored} />, app);
  const { logins } = stored;
  const now = systemClock.now();
  const why = logins.some((login) => standing(login, now, logins).why !== null);
  void Promise.allSettled([why && loadWhy(), loadUserNote(logins)]).then(draw);
});
