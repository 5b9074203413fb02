import { draw, paint } from '../../components/parts/paint.tsx';
import { say } from '../../utils/platform/i18n.ts';
import { Options } from './Options.tsx';

document.title = say('options_title');

paint((records, stored, app) => {
  draw(<Options records={records} stored={stored} />, app);
  // The section named in the address did not exist yet when the browser looked for it.
  if (location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView();
});
