import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Declared, LoginRecord } from '../../utils/records/login.ts';
import { standing, type Standing } from '../../utils/keeper/status/standing.ts';
import type { RefusalInWords } from '../../utils/words/refusal.ts';
import { ask, type Answer, type EditInput } from '../../utils/messages/protocol.ts';
import { allowanceSays } from './allowance.ts';
import { Button } from '../parts/Button.tsx';
import { DeclaredSessions } from './DeclaredSessions.tsx';
import { LinkSwitch } from './LinkSwitch.tsx';
import { focusFirstWrong, typed, useMissing } from '../parts/form.ts';
import { Notice, RefusalText } from '../parts/Notice.tsx';
import { Panel } from '../parts/Panel.tsx';
import { answerInWords } from '../parts/answer.ts';
import { StateMark } from '../parts/StateMark.tsx';
import { TextField } from '../parts/TextField.tsx';
import { UserNote } from '../parts/UserNote.tsx';
import { atTime, nameOf, place } from '../../utils/words/time.ts';

interface Props {
  login: LoginRecord;
  logins: readonly LoginRecord[];
  now: number;
  /** Just connected: takes the focus, so that the eye and the screen reader land on it. */
  fresh: boolean;
  onRemoved: (label: string) => void;
}

/** One login on the options page: what it is, its label and sessions to edit, and removing it. */
export function LoginEntry({ login, logins, now, fresh, onRemoved }: Props) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const editOpener = useRef<HTMLButtonElement>(null);
  const removeOpener = useRef<HTMLButtonElement>(null);
  const [panel, setPanel] = useState<'edit' | 'remove' | null>(null);
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<RefusalInWords | null>(null);
  const [done, setDone] = useState('');
  const stand = standing(login, now, logins);

  useLayoutEffect(() => {
    if (!fresh) return;
    heading.current?.focus();
    heading.current?.scrollIntoView({ block: 'center' });
  }, [fresh]);

  function toggle(which: 'edit' | 'remove') {
    setRefusal(null);
    setDone('');
    setPanel(panel === which ? null : which);
  }

  function close() {
    const opener = panel === 'edit' ? editOpener : removeOpener;
    setPanel(null);
    opener.current?.focus();
  }

  async function act(question: () => Promise<Answer>): Promise<boolean> {
    setPending(true);
    setRefusal(null);
    const answer = await answerInWords(question);
    setPending(false);
    if (!answer.ok) setRefusal(answer);
    return answer.ok;
  }

  async function save(edited: Edited) {
    if (!(await act(() => ask('editLogin', { loginId: login.id, ...edited })))) return;
    close();
    setDone('Saved.');
  }

  async function remove() {
    if (await act(() => ask('removeLogin', { loginId: login.id }))) onRemoved(login.label);
  }

  return (
    <li class="entry" data-state={stand.state} aria-labelledby={id}>
      <div class="entry-head">
        <StateMark state={stand.state} />
        <div class="row-words">
          <h3 id={id} ref={heading} tabIndex={-1} class="entry-label">
            {login.label}
          </h3>
          <p class="row-line">
            <span class="word">{stand.word}</span>
            {stand.paused && <span class="chip">Paused</span>}
            <span class="soft">{place(login)}</span>
            <UserNote login={login} now={now} brief />
          </p>
          <p class="soft">
            {login.userName} at {nameOf(login.brand)} ·{' '}
            {login.slots === 1 ? '1 session' : `${login.slots} sessions`} allowed · {cameBy(login)}
          </p>
        </div>
        <div class="actions">
          <Button ref={editOpener} expanded={panel === 'edit'} onClick={() => toggle('edit')}>
            Edit
          </Button>
          <Button ref={removeOpener} expanded={panel === 'remove'} onClick={() => toggle('remove')}>
            Remove
          </Button>
        </div>
      </div>
      <UserFacts login={login} now={now} />
      {login.ledger.hosts.map((host) => (
        <p key={host} class="soft">
          You sign in as this login at {host}.{' '}
          <Button
            kind="quiet"
            label={`Forget ${host}`}
            onClick={() => void act(() => ask('forgetHost', { host }))}
          >
            Forget
          </Button>
        </p>
      ))}
      <LinkSwitch
        login={login}
        now={now}
        onSwitch={(on) => act(() => ask('switchLink', { loginId: login.id, on }))}
      />
      {panel === 'edit' && (
        <Panel title={`Edit ${login.label}`} onClose={close}>
          <EditForm login={login} pending={pending} onSave={save} onClose={close} />
        </Panel>
      )}
      {panel === 'remove' && (
        <Panel title={`Remove ${login.label}?`} about={whatGoes(stand, now)} onClose={close}>
          <div class="actions">
            <Button kind="danger" busy={pending} onClick={() => void remove()}>
              Remove login
            </Button>
            <Button kind="quiet" onClick={close}>
              Cancel
            </Button>
          </div>
        </Panel>
      )}
      {refusal !== null && (
        <Notice kind="alert">
          <RefusalText refusal={refusal} />
        </Notice>
      )}
      <p class="outcome" role="status">
        {done}
      </p>
    </li>
  );
}

function cameBy({ way, keepsSecret }: LoginRecord): string {
  if (way === 'token') return 'taken over from another program';
  const secret = way === 'oauth' ? 'client secret' : 'API secret';
  return `${secret} ${keepsSecret ? 'kept sealed' : 'not kept'}`;
}

/** What the broker has told of the user besides the session: its accounts, and what is the matter. */
function UserFacts({ login, now }: Pick<Props, 'login' | 'now'>) {
  const { accounts, environment } = login;
  const heading = `${accounts.length === 1 ? '1 account' : `${accounts.length} accounts`} on ${environment}`;
  return (
    <>
      {accounts.length > 0 && accounts.length <= FEW && (
        <p class="soft">
          {heading}: {accounts.join(', ')}
        </p>
      )}
      {accounts.length > FEW && (
        <details class="soft">
          <summary>{heading}</summary>
          <p>{accounts.join(', ')}</p>
        </details>
      )}
      <dl class="facts">
        <UserNote login={login} now={now} />
      </dl>
    </>
  );
}

/** So many names are read at a glance. */
const FEW = 5;

/** What becomes of the session: no call is known that closes one (facts §3). */
function whatGoes({ can, expiresAt }: Standing, now: number): string {
  const deleted =
    'Its tokens, its secret and its journal are deleted from this computer. This cannot be undone.';
  if (!can.copy || expiresAt === null) return deleted;
  return (
    `${deleted} The session stays open at the broker, as Holdfast cannot sign out there: until ` +
    `${atTime(expiresAt, now)} it takes up one of the sessions that this user may hold, and other ` +
    'programs that hold its token go on with it.'
  );
}

type Edited = Omit<EditInput, 'loginId'>;

interface EditProps {
  login: LoginRecord;
  pending: boolean;
  onSave: (edited: Edited) => Promise<void>;
  onClose: () => void;
}

function EditForm({ login, pending, onSave, onClose }: EditProps) {
  const form = useRef<HTMLFormElement>(null);
  const { missing, check } = useMissing();
  const [allowed, setAllowed] = useState(login.slots);
  const [declared, setDeclared] = useState<Declared[]>(login.ledger.declared);
  useLayoutEffect(() => {
    if (missing !== null) focusFirstWrong(form.current);
  }, [missing]);

  function submit() {
    const label = typed(form.current, 'label').trim();
    const slots = slotsTyped(form.current);
    const fine = check({
      ...(label === '' && { label: 'Type a label.' }),
      ...(slots === null && { slots: 'Type a whole number from 1 to 50.' }),
    });
    if (fine && slots !== null && !pending) void onSave({ label, slots, declared });
  }

  return (
    <form
      ref={form}
      noValidate
      onInput={() => setAllowed(slotsTyped(form.current) ?? allowed)}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div class="pair">
        <TextField
          name="label"
          label="Label"
          maxLength={60}
          defaultValue={login.label}
          error={missing?.label}
        />
        <TextField
          name="slots"
          label="Sessions this login may hold"
          inputMode="numeric"
          maxLength={2}
          defaultValue={String(login.slots)}
          error={missing?.slots}
        />
      </div>
      <p class="help" aria-live="polite">
        {allowanceSays(allowed)}
      </p>
      <DeclaredSessions declared={declared} onChange={setDeclared} />
      <div class="actions">
        <Button type="submit" kind="primary" busy={pending}>
          Save
        </Button>
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function slotsTyped(form: HTMLFormElement | null): number | null {
  const text = typed(form, 'slots').trim();
  const number = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= 50 ? number : null;
}
