/** Notifications of the system in words. */
import { MINUTE } from '../durations.ts';
import type { ClosedBy, Ending, NoticeData, Recovery } from '../keeper/status/notices.ts';
import { list, number, say, sayCount } from '../platform/i18n.ts';
import type { Notice } from '../platform/notifications.ts';
import { needInWords } from './need.ts';
import { duration } from './time.ts';

/** A notification has room for so many names. */
const MOST_NAMES = 3;

/** What `data` says. The id leads to what it is about, as utils/platform/notifications.ts knows it. */
export function noticeInWords(data: NoticeData): Notice {
  switch (data.about) {
    case 'endings': {
      const gone = data.logins.every(({ leftMs }) => leftMs === null);
      const key = gone ? 'notice_needSignIn' : 'notice_needHand';
      return together(data.logins.map(ending), (n) => sayCount(key, n));
    }
    case 'recoveries':
      return together(data.logins.map(recovery), (n) => sayCount('notice_areBack', n));
    case 'check': {
      const [ready, kept] = [number(data.ready), number(data.kept)];
      const sentences = data.needs.map(needInWords);
      if (data.late) sentences.push(say('notice_ready_late'));
      return {
        id: 'ready',
        title: say('notice_ready', { ready, kept }),
        message: joined(sentences),
      };
    }
    case 'weekend':
      return {
        id: 'weekend',
        title: say('notice_weekend'),
        message: say('notice_weekend_message'),
      };
  }
}

/** Whole sentences, one after the other. */
const joined = (sentences: readonly string[]): string => sentences.join(' ');

/** One as it is; several in one that names the first. */
function together(notices: readonly Notice[], title: (n: number) => string): Notice {
  const [only] = notices;
  if (only !== undefined && notices.length === 1) return only;
  const named = notices.slice(0, MOST_NAMES).map((notice) => notice.title);
  const more = notices.length - named.length;
  const what = more > 0 ? [...named, sayCount('notice_more', more)] : named;
  return {
    id: 'lost',
    title: title(notices.length),
    message: say('notice_several', { what: list(what, 'conjunction') }),
  };
}

function ending({ loginId, label, leftMs, why, help }: Ending): Notice {
  const reconnect = help === 'reconnect';
  return {
    id: `${reconnect ? 'lost' : 'warned'} ${loginId}`,
    title:
      leftMs === null
        ? say('notice_needsSignIn', { label })
        : say('notice_endsIn', { label, left: minutes(leftMs) }),
    message: joined([
      reason(why),
      say(reconnect ? 'notice_clickToReconnect' : 'notice_clickForHelp'),
    ]),
  };
}

function reason(why: Ending['why']): string {
  switch (why) {
    case 'not-renewable':
      return say('notice_notRenewable');
    case 'ran-out':
      return say('notice_ranOut');
    case 'rejected':
      return say('notice_rejected');
    default:
      return closedBy(why);
  }
}

function closedBy({ host }: ClosedBy): string {
  return host === null ? say('notice_closedByOther') : say('notice_closedByWeb', { site: host });
}

/** In the place of the notification that it was lost. */
function recovery({ loginId, label, downMs }: Recovery): Notice {
  return {
    id: `lost ${loginId}`,
    title: say('notice_isBack', { label, length: minutes(downMs) }),
    message: say('notice_isBack_message'),
  };
}

/** In whole minutes, one at least. */
const minutes = (ms: number): string => duration(Math.max(1, Math.round(ms / MINUTE)) * MINUTE);
