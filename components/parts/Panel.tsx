import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface Props {
  title: string;
  /** What will come of it: read out together with the title. */
  about?: string;
  children: ComponentChildren;
  onClose: () => void;
}

/** An inline question or form under the button that opened it. Takes the focus; Escape closes it. */
export function Panel({ title, about, children, onClose }: Props) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const first = box.current?.querySelector<HTMLElement>('input:not([type=hidden]), select');
    (first ?? box.current)?.focus();
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div
      class="panel"
      role="group"
      aria-labelledby={id}
      aria-describedby={about ? `${id}-about` : undefined}
      tabIndex={-1}
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The browser closes a whole popup on Escape otherwise.
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <h3 id={id}>{title}</h3>
      {about && <p id={`${id}-about`}>{about}</p>}
      {children}
    </div>
  );
}
