/**
 * Where the card goes so that it never covers the form. Pure: rectangles in, place out, all in CSS
 * pixels of the viewport.
 */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface View {
  width: number;
  height: number;
  rtl: boolean;
}

/** The card's size where nothing limits it. */
export interface Size {
  width: number;
  height: number;
}

export interface Place {
  /** `card` in a corner at its full size, `column` beside the form, `strip` above or below it. */
  shape: 'card' | 'column' | 'strip';
  x: 'left' | 'right';
  y: 'top' | 'bottom';
  width: number;
  maxHeight: number;
}

/** From the edge of the viewport. */
export const MARGIN = 12;
/** From the form. */
const GAP = 8;
/** Less than this can't be read. */
const LEAST_COLUMN: Size = { width: 136, height: 200 };
const LEAST_STRIP: Size = { width: 200, height: 44 };
/** Less than this shows little more than the heading. */
const FAIR_STRIP = 96;

/**
 * The place for a card clear of the whole form, if that leaves too little room clear of what is in
 * it, or null when there is none. `kept` is where the card is now: it stays while it can.
 */
export function placeAround(
  [whole, content]: readonly [Box, Box],
  card: Size,
  view: View,
  kept: Place | null,
): Place | null {
  const at = place(whole, card, view, kept);
  if (at !== null && (at.shape !== 'strip' || at.maxHeight >= FAIR_STRIP)) return at;
  return place(content, card, view, kept) ?? at;
}

/** The place for a card clear of one rectangle, or null when that leaves no room for any. */
export function place(form: Box, card: Size, view: View, kept: Place | null): Place | null {
  const end = view.rtl ? 'left' : 'right';
  const start = view.rtl ? 'right' : 'left';
  const full = { shape: 'card' as const, width: card.width, maxHeight: card.height };
  const corners: Place[] = ([end, start] as const).flatMap((x) => [
    { ...full, x, y: 'bottom' },
    { ...full, x, y: 'top' },
  ]);
  if (kept?.shape === 'card') corners.unshift({ ...full, x: kept.x, y: kept.y });
  return (
    corners.find((corner) => isFree(corner, form, view)) ??
    bands(form, card, view, end, start)[0] ??
    null
  );
}

/** The rectangle that a place takes at most. */
export function boxOf(at: Place, view: View): Box {
  const left = at.x === 'left' ? MARGIN : view.width - MARGIN - at.width;
  const top = at.y === 'top' ? MARGIN : view.height - MARGIN - at.maxHeight;
  return { left, top, right: left + at.width, bottom: top + at.maxHeight };
}

function isFree(at: Place, form: Box, view: View): boolean {
  const box = boxOf(at, view);
  return (
    box.left >= MARGIN &&
    box.top >= MARGIN &&
    box.right <= view.width - MARGIN &&
    box.bottom <= view.height - MARGIN &&
    (box.right + GAP <= form.left ||
      box.left >= form.right + GAP ||
      box.bottom + GAP <= form.top ||
      box.top >= form.bottom + GAP)
  );
}

/** The free space on each side of the form, the roomiest first. */
function bands(form: Box, card: Size, view: View, end: Place['x'], start: Place['x']): Place[] {
  const wide = view.width - 2 * MARGIN;
  const high = view.height - 2 * MARGIN;
  const beside = {
    left: Math.min(form.left - GAP - MARGIN, wide),
    right: Math.min(view.width - form.right - GAP - MARGIN, wide),
  };
  const column = (x: Place['x']): Place => ({
    shape: 'column',
    x,
    y: 'bottom',
    width: Math.min(beside[x], card.width),
    maxHeight: high,
  });
  const strip = (y: Place['y'], maxHeight: number): Place => ({
    shape: 'strip',
    x: end,
    y,
    width: wide,
    maxHeight: Math.min(maxHeight, high),
  });
  return [
    column(end),
    column(start),
    strip('bottom', view.height - form.bottom - GAP - MARGIN),
    strip('top', form.top - GAP - MARGIN),
  ]
    .filter((at) => {
      const least = at.shape === 'column' ? LEAST_COLUMN : LEAST_STRIP;
      return at.width >= least.width && at.maxHeight >= least.height;
    })
    .sort((one, other) => other.width * other.maxHeight - one.width * one.maxHeight);
}
