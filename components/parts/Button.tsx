import type { ComponentChildren, Ref } from 'preact';

interface Props {
  children: ComponentChildren;
  kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  type?: 'button' | 'submit';
  onClick?: () => void;
  /** A call of this button is under way: it keeps its size and shows a ring. */
  busy?: boolean;
  /** Cannot be used now. It stays focusable, so that focus is never lost. */
  off?: boolean;
  expanded?: boolean | undefined;
  /** The accessible name where the text alone does not say enough; begins with the text. */
  label?: string;
  ref?: Ref<HTMLButtonElement> | undefined;
}

/** A button that, switched off or busy, keeps its place, its size and the focus. */
export function Button({
  children,
  kind = 'plain',
  type = 'button',
  onClick,
  busy = false,
  off = false,
  expanded,
  label,
  ref,
}: Props) {
  const idle = !busy && !off;
  return (
    <button
      ref={ref ?? null}
      type={type}
      class={`button ${kind}`}
      aria-disabled={idle ? undefined : 'true'}
      aria-busy={busy ? 'true' : undefined}
      aria-expanded={expanded}
      aria-label={label}
      onClick={(event) => {
        if (idle) onClick?.();
        else event.preventDefault();
      }}
    >
      <span class="button-text">{children}</span>
    </button>
  );
}
