// Reads the vault first and renders once: no flash, no message, no worker woken.
import { paint } from '../../components/parts/paint.tsx';
import { render } from 'preact';
import { Popup } from './Popup.tsx';

paint((records, stored, app) => render(<Popup records={records} stored={stored} />, app));
