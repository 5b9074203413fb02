/**
 * Handing a token to the clipboard. It goes from the vault to the clipboard inside the page and
 * never into the DOM, component state or a message.
 */
import { systemClock } from '../../utils/platform/clock.ts';
import type { TokenPart } from '../../utils/records/journal.ts';
import type { Token } from '../../utils/vault/vault.ts';
import type { Clipboard } from './clipboard.ts';
import { atSecond } from '../../utils/words/time.ts';

const CLEAR_AFTER_MS = 60_000;

/** There is one clipboard: what is copied next is not cleared for what was copied before. */
let timer: ReturnType<typeof setTimeout> | undefined;

const COPIED: Record<TokenPart, string> = {
  access: 'access token',
  'market-data': 'market-data token',
  both: 'both tokens',
};

/** Copies, clears after a minute, and says to `clipboard` what became of it: no more than the browser confirmed. */
export async function copyToken(
  clipboard: Clipboard,
  loginId: string,
  part: TokenPart,
): Promise<void> {
  const say = (text: (now: number) => string) => clipboard.say({ loginId, refused: false, text });
  const refuse = (text: string) => clipboard.say({ loginId, refused: true, text: () => text });
  clipboard.say(null);
  const vault = await clipboard.openVault().catch(() => null);
  if (vault === null) {
    return refuse('Holdfast cannot read its storage now. Nothing was copied. Try again.');
  }
  const token = await vault.token(loginId).catch(() => undefined);
  if (token === undefined) {
    return refuse('The stored token cannot be opened. Reconnect to get a new one.');
  }
  const secret = textOf(token, part);
  if (secret === null) {
    return refuse('The broker gave no market-data token for this login. Nothing was copied.');
  }
  try {
    await navigator.clipboard.writeText(secret);
  } catch {
    return refuse('The browser did not allow copying. Nothing was copied.');
  }
  const at = systemClock.now();
  say(
    (now) =>
      `Copied: ${COPIED[part]}. The clipboard is emptied at ${atSecond(at + CLEAR_AFTER_MS, now)} if this window ` +
      'is still open and in front. Otherwise it stays there until you copy something else.',
  );
  clearTimeout(timer);
  timer = setTimeout(() => {
    navigator.clipboard.writeText('').then(
      () => say(() => 'The clipboard has been emptied.'),
      () =>
        say(
          () =>
            'The browser did not allow emptying the clipboard: the token may still be on it. Copy something else over it.',
        ),
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
