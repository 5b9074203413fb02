/**
 * Wiring only: events come in, the keeper is called, alarms, badge and open pages follow.
 * Listeners are added at once and each waits for the vault, so that the event that started the
 * worker is not missed.
 */
import { defineBackground } from 'wxt/utils/define-background';
import { cardFor } from '../utils/trader-page/card.ts';
import { openTab } from '../utils/keeper/status/forecast.ts';
import { alarmsFor } from '../utils/keeper/when/alarms.ts';
import { createLinks } from '../utils/keeper/run/links.ts';
import { nextWake } from '../utils/keeper/status/notices.ts';
import { createKeeper } from '../utils/keeper/run/keeper.ts';
import { worst } from '../utils/keeper/status/standing.ts';
import { answer } from '../utils/messages/border.ts';
import { alarmsSlip, onAlarm, setAlarms } from '../utils/platform/alarms.ts';
import { showBadge } from '../utils/platform/badge.ts';
import { announceChange } from '../utils/platform/changes.ts';
import { systemClock } from '../utils/platform/clock.ts';
import { authorize, redirectUri } from '../utils/platform/identity.ts';
import { withLock } from '../utils/platform/locks.ts';
import { onNoticeClicked, showNotice } from '../utils/platform/notifications.ts';
import { mayCall, onPermissionsChange } from '../utils/platform/permissions.ts';
import { systemRandom } from '../utils/platform/random.ts';
import { after, LINK_BY, openSocket } from '../utils/platform/socket.ts';
import { onTabLeft, showTab } from '../utils/platform/tabs.ts';
import { onWakeUp } from '../utils/platform/wake-ups.ts';
import { createClient } from '../utils/tradovate/client.ts';
import { openVault } from '../utils/vault/vault.ts';
import { badgeOf, storageBadge } from '../utils/words/badge.ts';
import { noticeInWords } from '../utils/words/notice.ts';

export default defineBackground(() => {
  const showTrouble = () => showBadge(storageBadge());
  const onLine = () => navigator.onLine;
  const ready = openVault().then((vault) => {
    const links = createLinks({
      vault,
      clock: systemClock,
      mayCall,
      onLine,
      open: openSocket,
      after,
      tell: (loginId, news) => keeper.link(loginId, news),
    });
    const keeper = createKeeper({
      vault,
      client: createClient({ fetch: (url, init) => fetch(url, init), onLine, mayCall }),
      clock: systemClock,
      random: systemRandom,
      newId: () => crypto.randomUUID(),
      redirectUri,
      authorize,
      mayCall,
      lock: withLock,
      notify: (notice) => showNotice(noticeInWords(notice)),
      publish: async () => {
        announceChange();
        const known = await vault.known();
        const now = systemClock.now();
        const at = nextWake(known, now);
        await Promise.all([
          setAlarms(at === null ? null : alarmsFor(Math.ceil(at), now, alarmsSlip())),
          showBadge(badgeOf(worst(known.records, now))),
        ]);
        // Not waited for: what it comes to is written, and published again.
        void links.follow();
      },
    });
    return keeper;
  });
  // What was due stays due: the next alarm tries again.
  const wake = () => void ready.then((keeper) => keeper.wake()).catch(showTrouble);
  const permissions = () =>
    void ready.then((keeper) => keeper.permissionsChanged()).catch(showTrouble);

  onAlarm(wake);
  onWakeUp({
    wake,
    online: () => void ready.then((keeper) => keeper.online()).catch(showTrouble),
    leaving: () => void ready.then((keeper) => keeper.leaving()).catch(showTrouble),
  });
  onPermissionsChange(permissions);
  onTabLeft((tabId) => void ready.then((keeper) => keeper.tabLeft(tabId)).catch(showTrouble));
  onNoticeClicked();
  answer({
    signIn: async (input) => (await ready).signIn(input),
    reconnect: async (input) => (await ready).reconnect(input),
    signInByOAuth: async (input) => (await ready).signInByOAuth(input),
    reconnectByOAuth: async (input) => (await ready).reconnectByOAuth(input),
    takeOver: async (input) => (await ready).takeOver(input),
    takeOverAgain: async (input) => (await ready).takeOverAgain(input),
    renewNow: async (input) => (await ready).renewNow(input),
    pauseKeeping: async (input) => (await ready).pauseKeeping(input),
    resumeKeeping: async (input) => (await ready).resumeKeeping(input),
    yieldKeeping: async (input) => (await ready).yieldKeeping(input),
    editLogin: async (input) => (await ready).editLogin(input),
    switchLink: async ({ loginId, on }) =>
      (await ready).link(loginId, { type: 'switched', to: on ? LINK_BY : null }),
    removeLogin: async (input) => (await ready).removeLogin(input),
    editSettings: async (input) => (await ready).editSettings(input),
    forgetHost: async ({ host }) => {
      await (await ready).pickLogin(null, host);
      return { ok: true };
    },
    signInFormSeen: async (_, from) =>
      cardFor(from, await (await ready).signInFormSeen(from.tabId, from.host), systemClock.now()),
    loginPicked: async ({ loginId }, from) =>
      cardFor(from, await (await ready).pickLogin(loginId, from.host), systemClock.now()),
    openTabWanted: async (_, { host }) => {
      const tabId = openTab(host, await (await ready).logins(), systemClock.now());
      if (tabId !== null) await showTab(tabId);
    },
    webSessionSeen: async ({ call }, { tabId, host }) => {
      await (await ready).webSessionSeen(call, tabId, host);
    },
  });
  permissions();
  wake();
});
