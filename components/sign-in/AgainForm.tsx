import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { LoginRecord } from '../../utils/records/login.ts';
import { say } from '../../utils/platform/i18n.ts';
import type { Attempt } from './attempt.ts';
import { Notice, RefusalText } from '../parts/Notice.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SendRow } from './SendRow.tsx';

/** What every way back is given. */
export interface AgainProps {
  login: LoginRecord;
  /** The session lives again by itself: one more sign-in would only close another. */
  needless: boolean;
  onClose: () => void;
  onConnected: () => void;
}

interface Props extends Omit<AgainProps, 'onConnected'> {
  attempt: Attempt;
  /** The refusal belongs to the form as a whole, and to no field of it. */
  asWhole: boolean;
  /** The words of the button. */
  send: string;
  onSend: (insist: boolean) => void;
  children: ComponentChildren;
}

/** The form of a way back. */
export function AgainForm(props: Props) {
  const { login, needless, onClose, attempt, asWhole, send, onSend, children } = props;
  const { form, pending, refusal } = attempt;
  useEffect(() => {
    if (needless && !pending) onClose();
  }, [needless, pending]);
  return (
    <Panel title={say('signIn_reconnect', { label: login.label })} onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSend(false);
        }}
      >
        {refusal !== null && asWhole && (
          <Notice kind="alert">
            <RefusalText refusal={refusal} />
          </Notice>
        )}
        {children}
        <SendRow attempt={attempt} onInsist={() => onSend(true)} onCancel={onClose}>
          {send}
        </SendRow>
      </form>
    </Panel>
  );
}
