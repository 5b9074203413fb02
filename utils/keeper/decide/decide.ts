/**
 * What the keeper does: (record, event, context) -> (record, journal lines, effect). This is the way in;
 * what follows is in a file for each who speaks: the person, the clock, the broker (success, failure),
 * the web login, the browser (hosts) and the live link.
 *
 *   sign-in answered ──► check ──proven──► kept ──due──► renewal ──issued──► kept
 *                          │                 │ web login      │
 *                          │                 └──► check       ├─ 401 ──► check
 *                          ├─ 401 ──► renewal                 └─ anything else ──► kept, tried again later
 *                          └─ anything else ──► kept, checked again later
 *
 *   401 to a check and to a renewal in a row ──► ended
 *   "not here" to a check ──► renewal, which names the host; to a renewal ──► tried at the next host
 *
 * Invariants, each with a property test: a renewal never becomes a sign-in; a token is given up
 * only after two refusals in a row or its own end; whatever happens there is a later deadline as
 * long as the session lives; `call` is written before the call is made.
 */
import { HOUR } from '../../durations.ts';
import { BY_HOLDFAST, type Call, type LoginRecord } from '../../records/login.ts';
import { FAILURES } from '../../tradovate/failure.ts';
import { isFailure, type Outcome } from '../../tradovate/outcome.ts';
import { ALLOWED } from '../when/renewals.ts';
import { afterClockSetBack, due, leaving, online } from './clock.ts';
import type { Answered, KeeperEvent } from './events.ts';
import { callFailed, isWrongHost, refreshFailed, signInFailed } from './failure.ts';
import { permissionsChanged } from './hosts.ts';
import { linkNews } from './link.ts';
import { pause, renewNow, resume, yieldTo } from './person.ts';
import { begin, step, type Context, type Step } from './step.ts';
import { issued, proven, takenOver, type Made } from './success.ts';
import { checkAfterSignIn, tabLeft, webSession } from './web-login.ts';

/**
 * One step, and then what is due. The caller holds the login's lock, so a call that is still written
 * down was interrupted.
 */
export function decide(stored: LoginRecord, event: KeeperEvent, context: Context): Step {
  const before = afterClockSetBack(stored, context.now);
  if (event.type !== 'answered' && before.call !== null) {
    const interrupted: Answered = { type: 'answered', outcome: { kind: 'interrupted' } };
    const { record, journal } = answered(before, interrupted, context);
    const next = decide(record, event, context);
    return { ...next, journal: [...journal, ...next.journal] };
  }
  const after =
    event.type === 'answered' ? answered(before, event, context) : asked(before, event, context);
  return after.effect === null ? due(after, context) : after;
}

function asked(
  before: LoginRecord,
  event: Exclude<KeeperEvent, { type: 'answered' }>,
  context: Context,
): Step {
  const { now } = context;
  switch (event.type) {
    case 'wake':
      return step(before);
    case 'online':
      return online(before, now);
    case 'leaving':
      return leaving(before, context);
    case 'sign-in':
      return begin(step(before), 'sign-in', now);
    case 'taken-over':
      return takenOver(before, event.token, event.host, now);
    case 'renew-now':
      return renewNow(before, context);
    case 'pause':
      return pause(before, now);
    case 'yield':
      return yieldTo(before, event.tabId, now);
    case 'resume':
      return resume(before, now);
    case 'web-session':
      return webSession(before, event, context);
    case 'tab-left':
      return tabLeft(before, event, now);
    case 'sibling-signed-in':
      return checkAfterSignIn(before, BY_HOLDFAST, context);
    case 'permissions':
      return permissionsChanged(before, event.denied, now);
    case 'link':
      return linkNews(before, event.news, context);
  }
}

function answered(before: LoginRecord, answer: Answered, context: Context): Step {
  const { now, random } = context;
  const call = before.call;
  if (call === null) return step(before);
  const { outcome, host, denied } = answer;
  const record: LoginRecord = {
    ...before,
    call: null,
    ...(denied ? { deniedHosts: [...denied] } : {}),
    renewalCalls: counted(before, call, outcome, now),
  };
  const made: Made = { ...call, host: host ?? null };
  if (outcome.kind === 'issued') return issued(record, outcome, made, context);
  if (outcome.kind === 'proven') {
    return proven({ ...record, accounts: outcome.accounts ?? record.accounts }, call.kind, now);
  }
  if (isWrongHost(outcome, call)) record.wrongHost = made.host;
  if (call.kind === 'sign-in') return signInFailed(record, outcome, now);
  if (call.kind === 'refresh') return refreshFailed(record, outcome, now, random);
  return callFailed(record, outcome, made, context);
}

/**
 * The renewals of the last hour, with this one if the broker may have counted it: successes
 * (FACTS.md §2).
 */
function counted(
  { renewalCalls }: LoginRecord,
  call: Call,
  outcome: Outcome,
  now: number,
): number[] {
  const free = isFailure(outcome) && FAILURES[outcome.kind].renewal === 'not counted';
  const recent = renewalCalls.filter((at) => at > now - 2 * HOUR);
  return (call.kind === 'renewal' && !free ? [...recent, call.since] : recent).slice(-ALLOWED);
}
