// Reads the vault first and renders once: no flash, no message, no worker woken.
import { render } from 'preact';
import { paint } from '../../components/paint.tsx';
import { Popup } from './Popup.tsx';

paint((vault, logins, app) => render(<Popup vault={vault} logins={logins} />, app));
