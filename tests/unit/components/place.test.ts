import { describe, expect, test } from 'vitest';
import { type Box, boxOf, MARGIN, place, placeAround } from '../../../components/card/place.ts';

const box = (left: number, top: number, width: number, height: number): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});
const meets = (one: Box, other: Box): boolean =>
  one.left < other.right &&
  other.left < one.right &&
  one.top < other.bottom &&
  other.top < one.bottom;
const card = { width: 360, height: 370 };

describe('the card stays clear of the form', () => {
  test.each([
    ['centred on a desktop', box(450, 160, 380, 400), [1280, 720], 'card right bottom'],
    ['at the right', box(880, 100, 380, 600), [1280, 720], 'card left bottom'],
    ['at the bottom right', box(880, 400, 380, 300), [1280, 800], 'card right top'],
    ['full width at the bottom', box(0, 400, 1280, 400), [1280, 800], 'card right top'],
    ['full width at the top', box(0, 0, 1280, 300), [1280, 800], 'card right bottom'],
    ['left half', box(0, 0, 640, 800), [1280, 800], 'card right bottom'],
    ['scrolled away', box(450, -900, 380, 400), [1280, 720], 'card right bottom'],
    ['a low window', box(310, 50, 380, 400), [1000, 300], 'column right bottom'],
    ['a tablet', box(194, 250, 380, 400), [768, 900], 'strip right bottom'],
    ['a narrow screen', box(0, 200, 320, 340), [320, 568], 'strip right top'],
    ['a narrow screen, form on top', box(0, 0, 320, 400), [320, 568], 'strip right bottom'],
    ['twice the zoom', box(162, 30, 316, 330), [640, 360], 'column right bottom'],
    ['nothing free', box(0, 0, 320, 560), [320, 568], null],
  ] as const)('%s', (_name, form, [width, height], expected) => {
    for (const rtl of [false, true]) {
      const view = { width, height, rtl };
      const limited = { ...card, width: Math.min(card.width, width - 2 * MARGIN) };
      const at = place(form, limited, view, null);
      if (at === null) {
        expect(expected).toBeNull();
        continue;
      }
      const taken = boxOf(at, view);
      expect(meets(taken, form)).toBe(false);
      expect(meets(taken, box(0, 0, width, height))).toBe(true);
      expect(taken.left).toBeGreaterThanOrEqual(0);
      expect(taken.right).toBeLessThanOrEqual(width);
      expect(taken.top).toBeGreaterThanOrEqual(0);
      expect(taken.bottom).toBeLessThanOrEqual(height);
      if (!rtl) expect(`${at.shape} ${at.x} ${at.y}`).toBe(expected);
    }
  });

  test('for every form in every window there is a free place or none', () => {
    for (const width of [320, 480, 640, 900, 1280]) {
      for (const height of [360, 568, 720, 1000]) {
        const view = { width, height, rtl: false };
        const limited = { ...card, width: Math.min(card.width, width - 2 * MARGIN) };
        for (let left = -100; left < width; left += 90) {
          for (let top = -200; top < height; top += 90) {
            for (const [w, h] of [
              [300, 200],
              [380, 450],
              [700, 90],
            ] as const) {
              const form = box(left, top, w, h);
              const at = place(form, limited, view, null);
              if (at !== null) expect(meets(boxOf(at, view), form)).toBe(false);
            }
          }
        }
      }
    }
  });
});

const desktop = { width: 1280, height: 720, rtl: false };

test('right to left, the first corner is at the left', () => {
  const at = place(box(450, 160, 380, 400), card, { ...desktop, rtl: true }, null);
  expect(at).toMatchObject({ x: 'left', y: 'bottom' });
});

test('the card stays in its corner while that is free', () => {
  const first = place(box(850, 300, 380, 400), card, desktop, null);
  expect(first).toMatchObject({ x: 'left', y: 'bottom' });
  expect(place(box(450, 160, 380, 400), card, desktop, first)).toEqual(first);
  expect(place(box(10, 300, 380, 400), card, desktop, first)).toMatchObject({ x: 'right' });
});

test('a form that fills the window is judged by what is in it', () => {
  const whole = box(0, 0, 1280, 720);
  const content = box(450, 200, 380, 300);
  expect(place(whole, card, desktop, null)).toBeNull();
  expect(placeAround([whole, content], card, desktop, null)).toMatchObject({ shape: 'card' });
});
