import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CallKind, LoginRecord } from '../../utils/records/login.ts';
import { standing, type Standing } from '../../utils/keeper/status/standing.ts';
import type { RefusalInWords } from '../../utils/words/refusal.ts';
import { ask, type Answer, type YieldInput } from '../../utils/messages/protocol.ts';
import { requestHosts } from '../../utils/platform/request-host.ts';
import { Button } from '../parts/Button.tsx';
import type { Clipboard } from './clipboard.ts';
import { LoginFacts, timeLeft } from './LoginFacts.tsx';
import { Notice, RefusalText } from '../parts/Notice.tsx';
import { RowPanel, type PanelName } from './RowPanel.tsx';
import { say, type MessageKey, type PlainKey } from '../../utils/platform/i18n.ts';
import { answerInWords } from '../parts/answer.ts';
import { StateMark } from '../parts/StateMark.tsx';
import { UserNote } from '../parts/UserNote.tsx';
import { Why } from '../parts/Why.tsx';
import { stateInWords } from '../../utils/words/state.ts';
import { place } from '../../utils/words/time.ts';

interface Props {
  login: LoginRecord;
  logins: readonly LoginRecord[];
  now: number;
  clipboard: Clipboard;
  /** Open even when there is nothing wrong: the only row there is. */
  alone?: boolean;
  /** Opened to sign this login in again. */
  reconnecting?: boolean;
}

type Question = 'renewNow' | 'pauseKeeping' | 'resumeKeeping' | YieldInput['until'];

function put(question: Question, loginId: string): Promise<Answer> {
  return question === 'time' || question === 'tab'
    ? ask('yieldKeeping', { loginId, until: question })
    : ask(question, { loginId });
}

/** Signing in again is the first choice, unless the session may still heal or a web login would lose its own. */
function reconnectFirst({ state, can, why }: Standing): boolean {
  const yields = why?.cause === 'yielding' || why?.cause === 'tug-of-war';
  return !yields && (state !== 'reconnecting' || !can.copy);
}

const UNDER_WAY = {
  'sign-in': 'popup_signingIn',
  renewal: 'popup_renewing',
  probe: 'popup_checking',
  refresh: 'popup_refreshing',
} as const satisfies Record<CallKind, MessageKey>;

/** One login in the popup: how it stands in two lines, and all about it and to do with it when opened. */
export function LoginRow({
  login,
  logins,
  now,
  clipboard,
  alone = false,
  reconnecting = false,
}: Props) {
  const id = useId();
  const header = useRef<HTMLButtonElement>(null);
  const stand = standing(login, now, logins);
  const [open, setOpen] = useState(alone || reconnecting || stand.why !== null);
  const wrong = stand.state !== 'connected';
  useEffect(() => {
    // Opens by itself when something goes wrong; never closes under the reader's eyes.
    if (wrong) setOpen(true);
  }, [wrong]);

  return (
    <li class="row" data-state={stand.state} aria-labelledby={`${id}-label`}>
      <h2>
        <button
          ref={header}
          type="button"
          class="row-header"
          aria-expanded={open}
          aria-controls={open ? `${id}-body` : undefined}
          onClick={() => setOpen(!open)}
        >
          <StateMark state={stand.state} />
          <span class="row-words">
            <span class="row-label" id={`${id}-label`} title={login.label}>
              {login.label}
            </span>
            <span class="hidden">, </span>
            <span class="row-line">
              <span class="word">{stateInWords(stand.state)}</span>
              <span class="hidden">, </span>
              {stand.paused && (
                <>
                  <span class="chip">{say('popup_paused')}</span>
                  <span class="hidden">, </span>
                </>
              )}
              <span class="soft">
                {stand.busy !== null && stand.busy !== 'sign-in'
                  ? say(UNDER_WAY[stand.busy])
                  : place(login)}
              </span>
              <UserNote login={login} now={now} brief />
            </span>
          </span>
          <span class="hidden">, </span>
          <span class="row-time">{timeLeft(login, stand, now)}</span>
          <svg class="chevron" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
            <path d="m2.5 4.5 3.5 3.5 3.5-3.5" />
          </svg>
        </button>
      </h2>
      {open && (
        <RowBody
          id={`${id}-body`}
          login={login}
          logins={logins}
          stand={stand}
          now={now}
          clipboard={clipboard}
          reconnecting={reconnecting && wrong}
          focusHeader={() => header.current?.focus()}
        />
      )}
    </li>
  );
}

interface BodyProps extends Omit<Props, 'alone' | 'reconnecting'> {
  reconnecting: boolean;
  id: string;
  stand: Standing;
  focusHeader: () => void;
}

function RowBody({
  id,
  login,
  logins,
  stand,
  now,
  clipboard,
  reconnecting,
  focusHeader,
}: BodyProps) {
  const [panel, setPanel] = useState<PanelName | null>(reconnecting ? 'reconnect' : null);
  const [pending, setPending] = useState<Question | 'allow' | null>(null);
  const [done, setDone] = useState('');
  const [refusal, setRefusal] = useState<RefusalInWords | null>(null);
  const openers = {
    reconnect: useRef<HTMLButtonElement>(null),
    pause: useRef<HTMLButtonElement>(null),
    copy: useRef<HTMLButtonElement>(null),
    sessions: useRef<HTMLButtonElement>(null),
  };
  const body = useRef<HTMLDivElement>(null);
  const { activeElement } = document;
  const focused = body.current?.contains(activeElement) === true ? activeElement : null;
  useLayoutEffect(() => {
    // What had the focus may just have gone, say "Renew now" with the session.
    if (focused?.isConnected === false) focusHeader();
  });
  const { can, allow } = stand;
  const calling = stand.busy !== null || pending !== null;
  const copied = clipboard.last?.loginId === login.id ? clipboard.last : null;

  function toggle(which: PanelName) {
    setDone('');
    setRefusal(null);
    setPanel(panel === which ? null : which);
  }

  function close() {
    const opener = panel === null ? null : openers[panel].current;
    setPanel(null);
    opener?.focus();
  }

  function begin(what: Question | 'allow') {
    setPending(what);
    setDone('');
    setRefusal(null);
  }

  async function askFor(host: string) {
    begin('allow');
    const allowed = await requestHosts(host).catch(() => false);
    setPending(null);
    setDone(say(allowed ? 'popup_allowed' : 'popup_notAllowed'));
  }

  async function act(question: Question, words: PlainKey) {
    begin(question);
    const answer = await answerInWords(() => put(question, login.id));
    setPending(null);
    if (answer.ok) setDone(say(words));
    else setRefusal(answer);
  }

  return (
    <div class="row-body" id={id} ref={body}>
      {stand.why !== null && (
        <div class="why">
          <Why why={stand.why} now={now} />
          {allow !== null && (
            <Button kind="primary" busy={pending === 'allow'} onClick={() => void askFor(allow)}>
              {say('popup_allow', { host: allow })}
            </Button>
          )}
        </div>
      )}
      <LoginFacts login={login} stand={stand} now={now}>
        <Button
          ref={openers.sessions}
          kind="quiet"
          expanded={panel === 'sessions'}
          label={say('popup_whichOfThis')}
          onClick={() => toggle('sessions')}
        >
          {say('popup_which')}
        </Button>
      </LoginFacts>
      <a class="row-link" href={`/timeline.html#${login.id}`} target="_blank">
        {say('popup_history')}
      </a>
      <div class="actions">
        {stand.why?.cause === 'tug-of-war' && (
          <>
            <Button
              kind="primary"
              busy={pending === 'time'}
              off={pending !== null}
              onClick={() => void act('time', 'popup_yields')}
            >
              {say('popup_yield')}
            </Button>
            {login.webSessions.some(({ left }) => left !== true) && (
              <Button
                busy={pending === 'tab'}
                off={pending !== null}
                onClick={() => void act('tab', 'popup_yieldsTab')}
              >
                {say('popup_yieldTab')}
              </Button>
            )}
          </>
        )}
        {stand.state !== 'connected' && stand.why?.cause !== 'link-opening' && (
          <Button
            ref={openers.reconnect}
            kind={allow === null && reconnectFirst(stand) ? 'primary' : 'plain'}
            expanded={panel === 'reconnect'}
            busy={stand.busy === 'sign-in' && panel !== 'reconnect'}
            off={!can.reconnect && panel !== 'reconnect'}
            onClick={() => toggle('reconnect')}
          >
            {say('popup_reconnect')}
          </Button>
        )}
        {can.copy && (
          <Button
            busy={pending === 'renewNow' || stand.busy === 'renewal'}
            off={!can.renew || calling}
            onClick={() => void act('renewNow', 'popup_renewed')}
          >
            {say('popup_renew')}
          </Button>
        )}
        {(can.pause || can.resume) && (
          <Button
            ref={openers.pause}
            expanded={can.resume ? undefined : panel === 'pause'}
            busy={pending === 'pauseKeeping' || pending === 'resumeKeeping'}
            off={pending !== null}
            onClick={() =>
              can.resume ? void act('resumeKeeping', 'popup_resumed') : toggle('pause')
            }
          >
            {say(can.resume ? 'popup_resume' : 'popup_pauseKeeping')}
          </Button>
        )}
        {can.copy && (
          <Button ref={openers.copy} expanded={panel === 'copy'} onClick={() => toggle('copy')}>
            {say('popup_copyToken')}
          </Button>
        )}
      </div>
      {panel !== null && (
        <RowPanel
          key={panel}
          name={panel}
          login={login}
          logins={logins}
          stand={stand}
          now={now}
          clipboard={clipboard}
          onClose={close}
          onConnected={() => {
            setPanel(null);
            setDone(say('popup_signedIn'));
          }}
          onPause={() => {
            close();
            void act('pauseKeeping', 'popup_pausedNow');
          }}
        />
      )}
      {refusal !== null && (
        <Notice kind="alert">
          <RefusalText refusal={refusal} />
        </Notice>
      )}
      {copied?.refused === true && <Notice kind="alert">{copied.text(now)}</Notice>}
      <p class="outcome" role="status">
        {copied?.refused === false ? copied.text(now) : done}
      </p>
    </div>
  );
}
