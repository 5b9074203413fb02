import type { ComponentChildren } from 'preact';
import type { LoginRecord } from '../../utils/records/login.ts';
import type { Standing } from '../../utils/keeper/status/standing.ts';
import { UserNote } from '../parts/UserNote.tsx';
import { ago, atSecond, atTime, CALLS, duration } from '../../utils/words/time.ts';

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
      <Fact name="User name">{login.userName}</Fact>
      <UserNote login={login} now={now} linked />
      {login.accounts.length > 0 && (
        <Fact name="Accounts">
          {login.accounts.length} on {login.environment}: {login.accounts.join(', ')}
        </Fact>
      )}
      {stand.expiresAt !== null && (stand.can.copy || stand.state === 'expired') && (
        <Fact name={now < stand.expiresAt ? 'Token ends' : 'Token ended'}>
          {atSecond(stand.expiresAt, now)}
        </Fact>
      )}
      <Fact name="Last proof">{proofText(stand, now)}</Fact>
      {stand.nextRenewalAt !== null && (
        <Fact name="Next renewal">
          {now < stand.nextRenewalAt ? atSecond(stand.nextRenewalAt, now) : 'due now'}
        </Fact>
      )}
      <Fact name="Sessions">
        {stand.slots.known === 0
          ? `none known, ${stand.slots.allowed} allowed`
          : `at least ${stand.slots.known} of ${stand.slots.allowed} in use`}{' '}
        {children}
        {stand.slots.known >= stand.slots.allowed && (
          <span class="warning">One more sign-in may close the oldest.</span>
        )}
      </Fact>
      {web !== null && (
        <Fact name="Web login">
          seen {atTime(web.at, now)} at {web.host}:{' '}
          {login.end?.cause === 'evicted'
            ? 'it closed this session'
            : SURVIVED[String(web.survived)]}
        </Fact>
      )}
    </dl>
  );
}

const SURVIVED: Record<string, string> = {
  true: 'this session survived it',
  false: 'this session has not answered since',
  null: 'not yet known whether this session survived it',
};

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function proofText({ proof, state, why }: Standing, now: number): string {
  if (proof === null) return 'never checked';
  // A live link that is not up says nothing against the session.
  return state === 'connected' || why?.cause === 'link-opening'
    ? `proven ${ago(now - proof.at)} by ${CALLS[proof.by]}`
    : `not checked since ${atTime(proof.at, now)}`;
}

/** What stands at the right of a row: the time left while there is a token that may work. */
export function timeLeft(login: LoginRecord, stand: Standing, now: number): string {
  if (login.session === null) return '';
  if (login.end !== null && stand.state !== 'expired') return `since ${atTime(login.end.at, now)}`;
  return stand.state === 'expired'
    ? `since ${atTime(login.session.expiresAt, now)}`
    : `${duration(login.session.expiresAt - now)} left`;
}
