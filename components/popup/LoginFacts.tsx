import type { ComponentChildren } from 'preact';
import type { LoginRecord, ProofBy, WebLogin } from '../../utils/records/login.ts';
import type { Standing } from '../../utils/keeper/status/standing.ts';
import { UserNote } from '../parts/UserNote.tsx';
import { list, number, say, sayCount, type MessageKey } from '../../utils/platform/i18n.ts';
import { ago, atSecond, atTime, duration } from '../../utils/words/time.ts';

/** The numbers of one login: how long, how sure, what next, how many sessions. */
export function LoginFacts({
  login,
  stand,
  now,
  children,
}: {
  login: LoginRecord;
  stand: Standing;
  now: number;
  /** After the number of sessions: the way to see which. */
  children: ComponentChildren;
}) {
  const web = login.lastWebLogin;
  return (
    <dl class="facts">
      <Fact name={say('popup_userName')}>{login.userName}</Fact>
      <UserNote login={login} now={now} linked />
      {login.accounts.length > 0 && (
        <Fact name={say('popup_accounts')}>
          {say(login.environment === 'live' ? 'popup_accountsLive' : 'popup_accountsDemo', {
            accounts: list(login.accounts, 'unit'),
            n: number(login.accounts.length),
          })}
        </Fact>
      )}
      {stand.expiresAt !== null && (stand.can.copy || stand.state === 'expired') && (
        <Fact name={say(now < stand.expiresAt ? 'popup_tokenEnds' : 'popup_tokenEnded')}>
          {atSecond(stand.expiresAt, now)}
        </Fact>
      )}
      <Fact name={say('popup_lastProof')}>{proofText(stand, now)}</Fact>
      {stand.nextRenewalAt !== null && (
        <Fact name={say('popup_nextRenewal')}>
          {now < stand.nextRenewalAt ? atSecond(stand.nextRenewalAt, now) : say('popup_dueNow')}
        </Fact>
      )}
      <Fact name={say('popup_sessions')}>
        {stand.slots.known === 0
          ? say('popup_sessionsNone', { allowed: number(stand.slots.allowed) })
          : say('popup_sessionsInUse', {
              allowed: number(stand.slots.allowed),
              known: number(stand.slots.known),
            })}{' '}
        {stand.slots.perhaps > 0 && `${sayCount('popup_sessionsPerhaps', stand.slots.perhaps)} `}
        {children}
        {stand.slots.known + stand.slots.perhaps >= stand.slots.allowed && (
          <span class="warning">{say('popup_sessionsFull')}</span>
        )}
      </Fact>
      {web !== null && (
        <Fact name={say('popup_webLogin')}>
          {say(webLoginKey(web, login.end?.cause === 'evicted'), {
            host: web.host,
            time: atTime(web.at, now),
          })}
        </Fact>
      )}
    </dl>
  );
}

function webLoginKey({ survived }: WebLogin, closed: boolean) {
  if (closed) return 'popup_webLoginClosed';
  if (survived === null) return 'popup_webLoginUnknown';
  return survived ? 'popup_webLoginSurvived' : 'popup_webLoginSilent';
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const PROVEN = {
  'sign-in': 'popup_provenSignIn',
  renewal: 'popup_provenRenewal',
  probe: 'popup_provenCheck',
  refresh: 'popup_provenRefresh',
  link: 'popup_provenLink',
} as const satisfies Record<ProofBy, MessageKey>;

function proofText({ proof, state, why }: Standing, now: number): string {
  if (proof === null) return say('popup_proofNever');
  // A live link that is not up says nothing against the session.
  return state === 'connected' || why?.cause === 'link-opening'
    ? say(PROVEN[proof.by], { ago: ago(now - proof.at) })
    : say('popup_notChecked', { time: atTime(proof.at, now) });
}

/** What stands at the right of a row: the time left while there is a token that may work. */
export function timeLeft(login: LoginRecord, stand: Standing, now: number): string {
  if (login.session === null) return '';
  if (login.end !== null && stand.state !== 'expired') return since(login.end.at, now);
  return stand.state === 'expired'
    ? since(login.session.expiresAt, now)
    : say('popup_left', { duration: duration(login.session.expiresAt - now) });
}

const since = (at: number, now: number) => say('popup_since', { time: atTime(at, now) });
