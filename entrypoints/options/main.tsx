import { paint } from '../../components/parts/paint.tsx';
import { render } from 'preact';
import { Options } from './Options.tsx';

paint((records, stored, app) => {
  render(<Options records={records} stored={stored} />, app);
  // The section named in the address did not exist yet when the browser looked for it.
  if (location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView();
});
