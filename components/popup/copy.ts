/**
 * Handing a token to the clipboard. It goes from the vault to the clipboard inside the page and
 * never into the DOM, component state or a message.
 */
import { MINUTE } from '../../utils/durations.ts';
import { systemClock } from '../../utils/platform/clock.ts';
import { say, type MessageKey } from '../../utils/platform/i18n.ts';
import type { TokenPart } from '../../utils/records/journal.ts';
import type { Token } from '../../utils/vault/vault.ts';
import type { Clipboard } from './clipboard.ts';
import { atSecond } from '../../utils/words/time.ts';

const CLEAR_AFTER_MS = MINUTE;

/** There is one clipboard: what is copied next is not cleared for what was copied before. */
let timer: ReturnType<typeof setTimeout> | undefined;

const COPIED = {
  access: 'popup_copiedAccess',
  'market-data': 'popup_copiedMarketData',
  both: 'popup_copiedBoth',
} as const satisfies Record<TokenPart, MessageKey>;

/** Copies, clears after a minute, and says to `clipboard` what became of it: no more than the browser confirmed. */
export async function copyToken(
  clipboard: Clipboard,
  loginId: string,
  part: TokenPart,
): Promise<void> {
  const tell = (text: (now: number) => string) => clipboard.say({ loginId, refused: false, text });
  const refuse = (text: string) => clipboard.say({ loginId, refused: true, text: () => text });
  clipboard.say(null);
  const vault = await clipboard.openVault().catch(() => null);
  if (vault === null) {
    return refuse(say('popup_copyNoStorage'));
  }
  const token = await vault.token(loginId).catch(() => undefined);
  if (token === undefined) {
    return refuse(say('popup_copyNoToken'));
  }
  const secret = textOf(token, part);
  if (secret === null) {
    return refuse(say('popup_copyNoMarketData'));
  }
  try {
    await navigator.clipboard.writeText(secret);
  } catch {
    return refuse(say('popup_copyNotAllowed'));
  }
  const at = systemClock.now();
  tell((now) => say(COPIED[part], { time: atSecond(at + CLEAR_AFTER_MS, now) }));
  clearTimeout(timer);
  timer = setTimeout(() => {
    navigator.clipboard.writeText('').then(
      () => tell(() => say('popup_emptied')),
      () => tell(() => say('popup_notEmptied')),
    );
  }, CLEAR_AFTER_MS);
  // A journal that cannot be written must not take back what is said of the clipboard.
  await vault.note({ at, loginId, what: 'token copied', part }).catch(() => undefined);
}

function textOf(token: Token, part: TokenPart): string | null {
  switch (part) {
    case 'access':
      return token.accessToken;
    case 'market-data':
      return token.mdAccessToken;
    case 'both':
      return JSON.stringify({
        accessToken: token.accessToken,
        mdAccessToken: token.mdAccessToken,
      });
  }
}
