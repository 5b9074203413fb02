import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Explanation } from '../../utils/keeper/status/cause.ts';
import type { Why } from '../parts/Why.tsx';

interface Props {
  why: Explanation;
  now: number;
  /** What can be done about it. */
  children?: ComponentChildren;
}

let Loaded: typeof Why | null = null;

/** Loads the words for causes. A page that awaits this before it paints has them in its first frame. */
export async function loadWhy(): Promise<void> {
  Loaded ??= (await import('../parts/Why.tsx')).Why;
}

/** Why a login stands as it does. Its words are loaded when there is something to say, not before. */
export function LateWhy({ children, ...props }: Props) {
  const [failed, setFailed] = useState<boolean | null>(null);
  useLayoutEffect(() => {
    if (Loaded === null)
      loadWhy().then(
        () => setFailed(false),
        () => setFailed(true),
      );
  }, []);
  return (
    <div class="why">
      {Loaded !== null && <Loaded {...props} />}
      {children}
      {failed === true && <p>The words for this could not be loaded. Open this window again.</p>}
    </div>
  );
}
