/**
 * The rectangle that belongs to the page's sign-in form. Reads positions only.
 */
import type { Box } from './place.ts';

const CONTROLS = 'input, button, select, a[href], [role=button]';
/** What is larger than this part of the window is the page's layout or its background. */
const LAYOUT_SHARE = 0.6;

/** The whole form, and only what is in it for when the whole leaves no room. */
export function formBoxes(input: HTMLElement): [whole: Box, content: Box] {
  const form = input.closest('form') ?? containerOf(input);
  const inside = [input, ...form.querySelectorAll('*')]
    .filter((part) => part.childElementCount === 0 || part.matches(CONTROLS))
    .map((part) => part.getBoundingClientRect())
    .filter((box) => box.width > 0 && box.height > 0 && !isLayout(box));
  const content = {
    left: Math.min(...inside.map((box) => box.left)),
    top: Math.min(...inside.map((box) => box.top)),
    right: Math.max(...inside.map((box) => box.right)),
    bottom: Math.max(...inside.map((box) => box.bottom)),
  };
  return [form.getBoundingClientRect(), content];
}

const isLayout = ({ width, height }: DOMRect): boolean =>
  width * height > LAYOUT_SHARE * innerWidth * innerHeight;

/** Without a form element: the closest ancestor with three controls, say name, password and button. */
function containerOf(input: HTMLElement): Element {
  let node = input;
  while (node.querySelectorAll(CONTROLS).length < 3) {
    if (node.parentElement === null || node.parentElement === document.body) return input;
    node = node.parentElement;
  }
  return node;
}
