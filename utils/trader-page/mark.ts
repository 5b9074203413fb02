/** Holdfast's mark: a line made fast round a cleat. */
import type { Piece } from './piece.ts';

export const MARK: Piece = [
  'svg',
  { viewBox: '0 0 32 32', class: 'mark', 'aria-hidden': 'true' },
  ['path', { d: 'M11 8.5v15m10-15v15', stroke: '#fff' }],
  ['path', { d: 'M5 19.5c6.5 0 5-7 11-7s4.5 7 11 7', stroke: '#6fd6cf' }],
];
