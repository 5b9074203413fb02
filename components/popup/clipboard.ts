import { useState } from 'preact/hooks';
import type { Vault } from '../../utils/vault/vault.ts';

/** What became of a copy. */
export interface Copied {
  loginId: string;
  refused: boolean;
  text: (now: number) => string;
}

/** What is known of the clipboard, and what can open the token that is to be copied (copy.ts). */
export interface Clipboard {
  last: Copied | null;
  say: (copied: Copied | null) => void;
  openVault: () => Promise<Pick<Vault, 'token' | 'note'>>;
}

/** The one clipboard there is, so the page keeps one of these for all logins. */
export function useClipboard(openVault: Clipboard['openVault']): Clipboard {
  const [last, say] = useState<Copied | null>(null);
  return { last, say, openVault };
}
