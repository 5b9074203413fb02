import { say } from '../../utils/platform/i18n.ts';
import { Panel } from '../parts/Panel.tsx';
import type { AgainProps } from './AgainForm.tsx';

/** A login that a later version brought here, in a way that this one has no form for. */
export function UnknownWay({ login, onClose }: Pick<AgainProps, 'login' | 'onClose'>) {
  return (
    <Panel title={say('signIn_reconnect', { label: login.label })} onClose={onClose}>
      <p>{say('signIn_unknownWay')}</p>
    </Panel>
  );
}
