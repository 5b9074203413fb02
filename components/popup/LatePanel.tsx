import { useLayoutEffect, useState } from 'preact/hooks';
import { Notice } from '../parts/Notice.tsx';
import type { RowPanel, RowPanelProps } from './RowPanel.tsx';

/**
 * The panel of a row, loaded by the click that asks for it: the popup opens without what most looks
 * at it never need. Until then the focus stays on the button, after that the panel takes it.
 */
export function LatePanel(props: RowPanelProps) {
  const [Loaded, setLoaded] = useState<typeof RowPanel | null>(null);
  const [failed, setFailed] = useState(false);
  useLayoutEffect(() => {
    import('./RowPanel.tsx').then(
      (file) => setLoaded(() => file.RowPanel),
      () => setFailed(true),
    );
  }, []);
  if (Loaded !== null) return <Loaded key={props.name} {...props} />;
  if (!failed) return <p class="opening">Opening…</p>;
  return (
    <Notice kind="alert">
      <strong>This part of Holdfast could not be loaded.</strong> Close this window and open it
      again.
    </Notice>
  );
}
