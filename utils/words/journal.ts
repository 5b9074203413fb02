/** A line of the journal in words. */
import { say, type PlainKey } from '../platform/i18n.ts';
import type { JournalEvent, JournalLine, TokenPart } from '../records/journal.ts';
import type { CallKind, EndCause } from '../records/login.ts';
import type { FailureKind } from '../tradovate/failure.ts';
import type { Loss } from '../tradovate/socket.ts';
import { atSecond } from './time.ts';

const EVENTS: Record<JournalEvent, PlainKey> = {
  'sign-in started': 'journal_signInStarted',
  'signed in': 'journal_signedIn',
  'taken over': 'journal_takenOver',
  'refresh started': 'journal_refreshStarted',
  refreshed: 'journal_refreshed',
  'renewal started': 'journal_renewalStarted',
  renewed: 'journal_renewed',
  'probe started': 'journal_probeStarted',
  proven: 'journal_proven',
  failed: 'journal_failed',
  interrupted: 'journal_interrupted',
  ended: 'journal_ended',
  'web login seen': 'journal_webLoginSeen',
  asleep: 'journal_asleep',
  'host named': 'journal_hostNamed',
  'host allowed': 'journal_hostAllowed',
  'host taken away': 'journal_hostTakenAway',
  paused: 'journal_paused',
  yielded: 'journal_yielded',
  warned: 'journal_warned',
  'loss told': 'journal_lossTold',
  'warning shown': 'journal_warningShown',
  resumed: 'journal_resumed',
  'token copied': 'journal_tokenCopied',
  edited: 'journal_edited',
  'link on': 'journal_linkOn',
  'link off': 'journal_linkOff',
  'link up': 'journal_linkUp',
  'link lost': 'journal_linkLost',
};

const CALLS: Record<CallKind, PlainKey> = {
  'sign-in': 'journal_during_signIn',
  renewal: 'journal_during_renewal',
  probe: 'journal_during_probe',
  refresh: 'journal_during_refresh',
};

const KINDS: Record<FailureKind, PlainKey> = {
  'access-denied': 'journal_kind_accessDenied',
  'redirect-mismatch': 'journal_kind_redirectMismatch',
  'code-refused': 'journal_kind_codeRefused',
  'foreign-answer': 'journal_kind_foreignAnswer',
  'other-user': 'journal_kind_otherUser',
  'user-unknown': 'journal_kind_userUnknown',
  'window-closed': 'journal_kind_windowClosed',
  'window-open': 'journal_kind_windowOpen',
  'authorization-timed-out': 'journal_kind_authorizationTimedOut',
  penalty: 'journal_kind_penalty',
  captcha: 'journal_kind_captcha',
  'wrong-credentials': 'journal_kind_wrongCredentials',
  'app-not-registered': 'journal_kind_appNotRegistered',
  'user-locked': 'journal_kind_userLocked',
  'user-closed': 'journal_kind_userClosed',
  'email-unconfirmed': 'journal_kind_emailUnconfirmed',
  'password-compromised': 'journal_kind_passwordCompromised',
  'password-expired': 'journal_kind_passwordExpired',
  'terms-outdated': 'journal_kind_termsOutdated',
  'wrong-environment': 'journal_kind_wrongEnvironment',
  refused: 'journal_kind_refused',
  unauthorized: 'journal_kind_unauthorized',
  'locked-out': 'journal_kind_lockedOut',
  'rate-limited': 'journal_kind_rateLimited',
  'request-timeout': 'journal_kind_requestTimeout',
  'broker-error': 'journal_kind_brokerError',
  'not-found': 'journal_kind_notFound',
  'host-moved': 'journal_kind_hostMoved',
  intercepted: 'journal_kind_intercepted',
  unreadable: 'journal_kind_unreadable',
  'no-answer': 'journal_kind_noAnswer',
  unreachable: 'journal_kind_unreachable',
  offline: 'journal_kind_offline',
  'not-permitted': 'journal_kind_notPermitted',
  interrupted: 'journal_kind_interrupted',
  damaged: 'journal_kind_damaged',
};

const CAUSES: Record<EndCause, PlainKey> = {
  expired: 'journal_cause_expired',
  evicted: 'journal_cause_evicted',
  rejected: 'journal_cause_rejected',
  'renewal-lost': 'journal_cause_renewalLost',
  damaged: 'journal_cause_damaged',
};

const PARTS: Record<TokenPart, PlainKey> = {
  access: 'journal_part_access',
  'market-data': 'journal_part_marketData',
  both: 'journal_part_both',
};

const LOSSES: Record<Loss, PlainKey> = {
  maintenance: 'journal_loss_maintenance',
  'connection-quota': 'journal_loss_connectionQuota',
  'ip-quota': 'journal_loss_ipQuota',
  shutdown: 'journal_loss_shutdown',
  refused: 'journal_loss_refused',
  limited: 'journal_loss_limited',
  closed: 'journal_loss_closed',
  silent: 'journal_loss_silent',
  unreachable: 'journal_loss_unreachable',
  offline: 'journal_loss_offline',
  interrupted: 'journal_loss_interrupted',
  barred: 'journal_loss_barred',
  idle: 'journal_loss_idle',
};

/** What happened. */
export function eventOf({ what }: JournalLine): string {
  return say(EVENTS[what]);
}

/** What is known besides what happened, in the order of how much it tells; null: nothing. */
export function detailsOf(line: JournalLine, now: number): string | null {
  const { during, kind, status, said, cause, host, since, part, loss, prose } = line;
  const found = [
    during && worded(CALLS, during),
    kind && worded(KINDS, kind),
    status,
    said,
    cause && worded(CAUSES, cause),
    host,
    since === undefined ? undefined : say('journal_since', { time: atSecond(since, now) }),
    part && worded(PARTS, part),
    loss && worded(LOSSES, loss),
    prose,
  ].filter((one) => one !== undefined);
  return found.length === 0 ? null : found.join(' · ');
}

/** What an earlier or a later version wrote need not be known here: it is shown as it is. */
function worded<K extends string>(keys: Record<K, PlainKey>, value: K): string {
  return Object.hasOwn(keys, value) ? say(keys[value]) : value;
}
