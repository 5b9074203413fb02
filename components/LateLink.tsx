import { useLayoutEffect, useState } from 'preact/hooks';
import type { LoginRecord } from '../utils/keeper/login.ts';
import type { LinkWords } from './LinkWords.tsx';

let Loaded: typeof LinkWords | null = null;

/** How the live link of a login stands. Most have none: the words are loaded where there is one. */
export function LateLink(props: { login: LoginRecord; now: number }) {
  const [, setLoaded] = useState(false);
  useLayoutEffect(() => {
    if (Loaded !== null) return;
    import('./LinkWords.tsx').then(
      (file) => {
        Loaded = file.LinkWords;
        setLoaded(true);
      },
      () => undefined,
    );
  }, []);
  return Loaded === null ? '…' : <Loaded {...props} />;
}
