// Reads the vault first and renders once: no flash, no message, no worker woken.
import { render } from 'preact';
import { paint } from '../../components/paint.tsx';
import { Popup } from './Popup.tsx';

paint((records, stored, app) => render(<Popup records={records} stored={stored} />, app));
