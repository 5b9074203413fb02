/** What needs a hand before trading begins, as one sentence. */
import type { Need } from '../keeper/status/readiness.ts';
import { say } from '../platform/i18n.ts';
import { duration } from './time.ts';

export function needInWords(need: Need): string {
  switch (need.what) {
    case 'access':
      return say('need_access', { label: need.label, host: need.host });
    case 'sign-in':
      return say('need_signIn', { label: need.label });
    case 'hand':
      return say('need_hand', { label: need.label });
    case 'clock':
      return say('need_clock', { offset: duration(need.offMs) });
    case 'password-ends':
      return say('need_passwordEnds', { label: need.label });
    case 'password-ended':
      return say('need_passwordEnded', { label: need.label });
    case 'fewer-logins':
      return say('need_fewerLogins');
  }
}
