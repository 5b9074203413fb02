/**
 * Wiring only: events come in, the keeper is called, alarms, badge, links and open pages follow.
 * Listeners are added at once and each waits for the vault, so that the event that started the
 * worker is not missed.
 */
import { defineBackground } from 'wxt/utils/define-background';
import { cardFor } from '../utils/trader-page/card.ts';
import { openTab } from '../utils/keeper/status/forecast.ts';
import { Keeper } from '../utils/keeper/run/keeper.ts';
import { Links } from '../utils/keeper/run/links.ts';
import { openedAtNeed } from '../utils/keeper/run/opening.ts';
import { publisher } from '../utils/keeper/run/publish.ts';
import { guardAt } from '../utils/keeper/when/alarms.ts';
import { answer } from '../utils/messages/border.ts';
import { alarmsSlip, onAlarm, setAlarms, setGuard } from '../utils/platform/alarms.ts';
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
import { remembering, type RememberingVault } from '../utils/vault/unwritten.ts';
import { openVault } from '../utils/vault/vault.ts';
import { badgeOf, storageBadge } from '../utils/words/badge.ts';
import { noticeInWords } from '../utils/words/notice.ts';

export default defineBackground(() => {
  const ready = openedAtNeed(
    () => setGuard(guardAt(systemClock.now())),
    async () => keeperOver(remembering(await openVault())),
  );
  /** Nothing can be kept while the storage cannot be opened or written. What was due stays due: the next alarm tries again. */
  const tell = (work: (keeper: Keeper) => Promise<unknown>) =>
    void ready()
      .then(work)
      .catch(() => showBadge(storageBadge()));
  const wake = () => tell((keeper) => keeper.wake());
  const permissionsChanged = () => tell((keeper) => keeper.permissionsChanged());

  onAlarm(wake);
  onWakeUp({
    wake,
    online: () => tell((keeper) => keeper.online()),
    leaving: () => tell((keeper) => keeper.leaving()),
  });
  onPermissionsChange(permissionsChanged);
  onTabLeft((tabId) => tell((keeper) => keeper.tabLeft(tabId)));
  onNoticeClicked();
  answer({
    signIn: async (input) => (await ready()).signIn(input),
    reconnect: async (input) => (await ready()).reconnect(input),
    signInByOAuth: async (input) => (await ready()).signInByOAuth(input),
    reconnectByOAuth: async (input) => (await ready()).reconnectByOAuth(input),
    takeOver: async (input) => (await ready()).takeOver(input),
    takeOverAgain: async (input) => (await ready()).takeOverAgain(input),
    renewNow: async (input) => (await ready()).renewNow(input),
    pauseKeeping: async (input) => (await ready()).pauseKeeping(input),
    resumeKeeping: async (input) => (await ready()).resumeKeeping(input),
    yieldKeeping: async (input) => (await ready()).yieldKeeping(input),
    editLogin: async (input) => (await ready()).editLogin(input),
    switchLink: async ({ loginId, on }) =>
      (await ready()).link(loginId, { type: 'switched', to: on ? LINK_BY : null }),
    removeLogin: async (input) => (await ready()).removeLogin(input),
    editSettings: async (input) => (await ready()).editSettings(input),
    forgetHost: async ({ host }) => {
      await (await ready()).pickLogin(null, host);
      return { ok: true };
    },
    signInFormSeen: async (_, from) =>
      cardFor(from, await (await ready()).signInFormSeen(from.tabId, from.host), systemClock.now()),
    loginPicked: async ({ loginId }, from) =>
      cardFor(from, await (await ready()).pickLogin(loginId, from.host), systemClock.now()),
    openTabWanted: async (_, { host }) => {
      const tabId = openTab(host, await (await ready()).logins(), systemClock.now());
      if (tabId !== null) await showTab(tabId);
    },
    webSessionSeen: async ({ call }, { tabId, host }) => {
      await (await ready()).webSessionSeen(call, tabId, host);
    },
  });
  permissionsChanged();
  wake();
});

const onLine = () => navigator.onLine;

function keeperOver(vault: RememberingVault): Keeper {
  const clock = systemClock;
  const links: Links = new Links({
    ...{ vault, clock, mayCall, onLine, after },
    open: openSocket,
    tell: (loginId, news) => keeper.link(loginId, news),
  });
  const keeper: Keeper = new Keeper({
    ...{ vault, clock, redirectUri, authorize, mayCall, after },
    wait: (ms) => new Promise((done) => void after(ms, done)),
    client: createClient({ fetch: (url, init) => fetch(url, init), onLine, mayCall }),
    random: systemRandom,
    newId: () => crypto.randomUUID(),
    lock: withLock,
    notify: (notice) => showNotice(noticeInWords(notice)),
    publish: publisher({
      ...{ clock, announceChange, alarmsSlip, setAlarms },
      isBehind: () => vault.isBehind(),
      showWorst: (state) => showBadge(vault.isBehind() ? storageBadge() : badgeOf(state)),
      followLinks: (records) => links.follow(records),
    }),
  });
  return keeper;
}
