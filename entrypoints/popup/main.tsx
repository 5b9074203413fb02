// Reads the vault first and renders once: no flash, no message, no worker woken.
import { draw, paint } from '../../components/parts/paint.tsx';
import { Popup } from './Popup.tsx';

paint((records, stored, app) => draw(<Popup records={records} stored={stored} />, app));
