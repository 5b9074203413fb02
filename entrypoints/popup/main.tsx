// Reads the vault first and renders once: no flash, no message, no worker woken.
import { render } from 'preact';
import { loadUserNote } from '../../components/LateUser.tsx';
import { loadWhy } from '../../components/LateWhy.tsx';
import { paint } from '../../components/paint.tsx';
import { standing } from '../../utils/keeper/standing.ts';
import { systemClock } from '../../utils/platform/clock.ts';
import { Popup } from './Popup.tsx';

paint((records, stored, app) => {
  const draw = () => render(<Popup records={records} stored={stored} />, app);
  const { logins } = stored;
  const now = systemClock.now();
  const why = logins.some((login) => standing(login, now, logins).why !== null);
  void Promise.allSettled([why && loadWhy(), loadUserNote(logins)]).then(draw);
});
