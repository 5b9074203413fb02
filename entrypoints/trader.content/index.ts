/**
 * On the broker's web pages, top frame only: the warning before a sign-in, and word to the
 * background when the page has signed in by itself. Wiring only.
 */
import { defineContentScript } from 'wxt/utils/define-content-script';
import { WEB_PAGES } from '../../utils/tradovate/front-doors.ts';
import { askQuietly, isOrphaned } from '../../utils/trader-page/ask.ts';
import { removeLeftCards, showCard } from '../../components/card/show.ts';
import { isFormShown, watchSignInForm } from '../../utils/trader-page/sign-in-form.ts';
import { createWarning } from '../../utils/trader-page/warning.ts';
import { watchWebSession } from '../../utils/trader-page/web-session.ts';

export default defineContentScript({
  matches: WEB_PAGES,
  runAt: 'document_start',
  allFrames: false,
  // Every page could read that message, and with it that Holdfast is installed.
  noScriptStartedPostMessage: true,
  main() {
    const life = new AbortController();
    const { signal } = life;
    const orphaned = (): boolean => {
      if (!signal.aborted && isOrphaned()) life.abort();
      return signal.aborted;
    };
    removeLeftCards();

    const warning = createWarning({
      ask: () => askQuietly('signInFormSeen', null),
      pick: (loginId) => askQuietly('loginPicked', { loginId }),
      openTab: () => void askQuietly('openTabWanted', null),
      show: (anchor, content, onDo) => showCard({ anchor, content, orphaned, onDo }),
    });
    watchSignInForm({ ...warning, orphaned, signal });
    watchWebSession({
      onCall: (call) => void askQuietly('webSessionSeen', { call }),
      isFormShown,
      signal,
    });
  },
});
