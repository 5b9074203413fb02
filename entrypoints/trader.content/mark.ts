/** Holdfast's mark: a line made fast round a cleat. Built by DOM calls, as pages may forbid markup. */

const SVG = 'http://www.w3.org/2000/svg';

const LINES = [
  ['M11 8.5v15m10-15v15', '#fff'],
  ['M5 19.5c6.5 0 5-7 11-7s4.5 7 11 7', '#6fd6cf'],
] as const;

export function createMark(): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 32 32');
  svg.setAttribute('class', 'mark');
  svg.setAttribute('aria-hidden', 'true');
  for (const [line, colour] of LINES) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', line);
    path.setAttribute('stroke', colour);
    svg.append(path);
  }
  return svg;
}
