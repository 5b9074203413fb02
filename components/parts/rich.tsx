import type { ComponentChildren } from 'preact';

/** Stands in a message where an element goes; no letter of any language. */
export const HERE = '\uE000';

/** A message filled with HERE, with `element` in its place: the order is the language's. */
export function rich(message: string, element: ComponentChildren): ComponentChildren {
  const [before, after] = message.split(HERE);
  return (
    <>
      {before}
      {element}
      {after}
    </>
  );
}
