import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Declared, LoginRecord } from '../../utils/records/login.ts';
import { standing, type Standing } from '../../utils/keeper/status/standing.ts';
import type { RefusalInWords } from '../../utils/words/refusal.ts';
import { ask, type Answer, type EditInput } from '../../utils/messages/protocol.ts';
import { list, say, sayCount } from '../../utils/platform/i18n.ts';
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
import { stateInWords } from '../../utils/words/state.ts';
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
    setDone(say('options_saved'));
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
            <span class="word">{stateInWords(stand.state)}</span>
            {stand.paused && <span class="chip">{say('options_paused')}</span>}
            <span class="soft">{place(login)}</span>
            <UserNote login={login} now={now} brief />
          </p>
          <p class="soft">
            {say('options_userAtBroker', { user: login.userName, broker: nameOf(login.brand) })} ·{' '}
            {sayCount('options_sessionsAllowed', login.slots)} · {cameBy(login)}
          </p>
        </div>
        <div class="actions">
          <Button ref={editOpener} expanded={panel === 'edit'} onClick={() => toggle('edit')}>
            {say('options_edit')}
          </Button>
          <Button ref={removeOpener} expanded={panel === 'remove'} onClick={() => toggle('remove')}>
            {say('options_remove')}
          </Button>
        </div>
      </div>
      <UserFacts login={login} now={now} />
      {login.ledger.hosts.map((host) => (
        <p key={host} class="soft">
          {say('options_signsInAt', { host })}{' '}
          <Button
            kind="quiet"
            label={say('options_forgetHost', { host })}
            onClick={() => void act(() => ask('forgetHost', { host }))}
          >
            {say('options_forget')}
          </Button>
        </p>
      ))}
      <LinkSwitch
        login={login}
        now={now}
        onSwitch={(on) => act(() => ask('switchLink', { loginId: login.id, on }))}
      />
      {panel === 'edit' && (
        <Panel title={say('options_editLogin', { label: login.label })} onClose={close}>
          <EditForm login={login} pending={pending} onSave={save} onClose={close} />
        </Panel>
      )}
      {panel === 'remove' && (
        <Panel
          title={say('options_removeQuestion', { label: login.label })}
          about={whatGoes(stand, now)}
          onClose={close}
        >
          <div class="actions">
            <Button kind="danger" busy={pending} onClick={() => void remove()}>
              {say('options_removeLogin')}
            </Button>
            <Button kind="quiet" onClick={close}>
              {say('options_cancel')}
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
  if (way === 'unknown') return say('options_cameByUnknown');
  if (way === 'token') return say('options_cameByToken');
  if (way === 'oauth') {
    return say(keepsSecret ? 'options_clientSecretKept' : 'options_clientSecretNotKept');
  }
  return say(keepsSecret ? 'options_apiSecretKept' : 'options_apiSecretNotKept');
}

/** What the broker has told of the user besides the session: its accounts, and what is the matter. */
function UserFacts({ login, now }: Pick<Props, 'login' | 'now'>) {
  const { accounts, environment } = login;
  const heading = sayCount(`options_accounts_${environment}`, accounts.length);
  const names = list(accounts, 'unit');
  return (
    <>
      {accounts.length > 0 && accounts.length <= FEW && (
        <p class="soft">{say('options_namedAccounts', { accounts: heading, names })}</p>
      )}
      {accounts.length > FEW && (
        <details class="soft">
          <summary>{heading}</summary>
          <p>{names}</p>
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

/** What becomes of the session: no call is known that closes one (FACTS.md §3). */
function whatGoes({ can, expiresAt }: Standing, now: number): string {
  const deleted = say('options_removeDeletes');
  if (!can.copy || expiresAt === null) return deleted;
  return `${deleted} ${say('options_removeStaysOpen', { time: atTime(expiresAt, now) })}`;
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
      ...(label === '' && { label: say('options_missingLabel') }),
      ...(slots === null && { slots: say('options_wrongSlots') }),
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
          label={say('options_label')}
          maxLength={60}
          defaultValue={login.label}
          error={missing?.label}
        />
        <TextField
          name="slots"
          label={say('options_slots')}
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
          {say('options_save')}
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {say('options_cancel')}
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
