import { useEffect, useState } from 'preact/hooks';
import type { Notes, NotesProps } from './Notes.tsx';

/** What the popup says beside its rows, asked for only when it has been painted. */
export function LateNotes(props: NotesProps) {
  const [Loaded, setLoaded] = useState<typeof Notes | null>(null);
  useEffect(() => {
    import('./Notes.tsx').then(
      (file) => setLoaded(() => file.Notes),
      // A note less.
      () => undefined,
    );
  }, []);
  return Loaded && <Loaded {...props} />;
}
