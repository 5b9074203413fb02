/**
 * Handing a token to the clipboard. It goes from the vault to the clipboard inside the page and
 * never into the DOM, component state or a message.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { systemClock } from '../utils/platform/clock.ts';
import type { Token, Vault } from '../utils/vault/vault.ts';
import { atSecond } from './words.ts';

const CLEAR_AFTER_MS = 60_000;

export type TokenPart = 'access token' | 'market-data token' | 'both tokens';

/** What became of the copy; nothing here may claim more than the browser confirmed. */
export type Copied =
  | { loginId: string; is: 'copied'; part: TokenPart; clearsAt: number }
  | { loginId: string; is: 'cleared' }
  | { loginId: string; is: 'not cleared' }
  | { loginId: string; is: 'refused'; sentence: string };

export interface Clipboard {
  last: Copied | null;
  copy(loginId: string, part: TokenPart): Promise<void>;
}

/** The one clipboard there is, so the page keeps one of these for all logins. */
export function useClipboard(open: () => Promise<Pick<Vault, 'token' | 'note'>>): Clipboard {
  const [last, setLast] = useState<Copied | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = useCallback(
    async (loginId: string, part: TokenPart) => {
      const refuse = (sentence: string) => setLast({ loginId, is: 'refused', sentence });
      setLast(null);
      const vault = await open().catch(() => null);
      if (vault === null) {
        return refuse('Holdfast cannot read its storage now. Nothing was copied. Try again.');
      }
      const token = await vault.token(loginId).catch(() => undefined);
      if (token === undefined) {
        return refuse('The stored token cannot be opened. Reconnect to get a new one.');
      }
      const text = textOf(token, part);
      if (text === null) {
        return refuse('The broker gave no market-data token for this login. Nothing was copied.');
      }
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        return refuse('The browser did not allow copying. Nothing was copied.');
      }
      const now = systemClock.now();
      setLast({ loginId, is: 'copied', part, clearsAt: now + CLEAR_AFTER_MS });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        navigator.clipboard.writeText('').then(
          () => setLast({ loginId, is: 'cleared' }),
          () => setLast({ loginId, is: 'not cleared' }),
        );
      }, CLEAR_AFTER_MS);
      // A journal that cannot be written must not take back what is said of the clipboard.
      await vault
        .note({ at: now, loginId, what: 'token copied', note: part })
        .catch(() => undefined);
    },
    [open],
  );
  return { last, copy };
}

function textOf(token: Token, part: TokenPart): string | null {
  switch (part) {
    case 'access token':
      return token.accessToken;
    case 'market-data token':
      return token.mdAccessToken;
    case 'both tokens':
      return JSON.stringify({
        accessToken: token.accessToken,
        mdAccessToken: token.mdAccessToken,
      });
  }
}

/** What became of a copy, in words that claim nothing the browser did not confirm. */
export function copiedText(copied: Copied, now: number): string {
  switch (copied.is) {
    case 'copied':
      return (
        `Copied: ${copied.part}. The clipboard is emptied at ${atSecond(copied.clearsAt, now)} if this window ` +
        'is still open and in front. Otherwise it stays there until you copy something else.'
      );
    case 'cleared':
      return 'The clipboard has been emptied.';
    case 'not cleared':
      return 'The browser did not allow emptying the clipboard: the token may still be on it. Copy something else over it.';
    case 'refused':
      return copied.sentence;
  }
}
