/** What the forms share: reading what was typed, and pointing at what is wrong. Fields keep their own values. */
import { useState } from 'preact/hooks';

/** The text typed into field `name`, untrimmed; empty when there is none. */
export function typed(form: HTMLFormElement | null, name: string): string {
  const value = new FormData(form ?? undefined).get(name);
  return typeof value === 'string' ? value : '';
}

/** Empties one field of `form`. */
export function clear(form: HTMLFormElement | null, name: string): void {
  const field = form?.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = '';
}

/** Moves the focus to the first thing in `form` that is marked wrong. */
export function focusFirstWrong(form: HTMLElement | null): void {
  form?.querySelector<HTMLElement>('[data-wrong]')?.focus();
}

/** What a form found wrong before it asked anybody, by field name. */
export type Missing = Partial<Record<string, string>>;

/** Keeps what was found; `check` tells whether the form may be sent. */
export function useMissing(): {
  missing: Missing | null;
  check: (found: Missing) => boolean;
} {
  const [missing, setMissing] = useState<Missing | null>(null);
  const check = (found: Missing) => {
    const fine = Object.keys(found).length === 0;
    setMissing(fine ? null : found);
    return fine;
  };
  return { missing, check };
}
