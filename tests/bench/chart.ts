/** The benchmark as a picture: two measures, one bar for each policy, side by side for 1, 5 and 20 logins. */
import type { Tally } from './meter.ts';
import { DAY, MINUTE } from './month.ts';
import { perMonth, type Results } from './report.ts';

const WIDTH = 700;
const NAMES = 192;
const EDGE = 16;
const GAP = 16;
const ROW = 22;
const LABEL = 34;

interface Measure {
  title: string;
  value: (tally: Tally) => number;
  said: (value: number) => string;
}

const MEASURES: readonly Measure[] = [
  {
    title: 'Time without a token that could have been kept: minutes a day, for each login',
    value: ({ survivableMs, survivedMs, totalMs }) =>
      ((survivableMs - survivedMs) / totalMs) * (DAY / MINUTE),
    said: (value) => (value === 0 ? '0' : value < 9.95 ? value.toFixed(1) : value.toFixed(0)),
  },
  {
    title:
      'Sign-ins that could have been avoided, by program or person: in 30 days, for each login',
    value: ({ needless, totalMs }) => perMonth(needless, totalMs),
    said: (value) => (value === 0 ? '0' : value < 9.95 ? value.toFixed(1) : value.toFixed(0)),
  },
];

/** The SVG file: readable at 700 px, light and dark. */
export function chart(results: Results): string {
  const rows = results[0]?.rows.length ?? 0;
  const block = 62 + rows * ROW;
  const height = EDGE + MEASURES.length * block - 6;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">Holdfast beside what programs do today</title>
<desc id="desc">${escaped(inWords(results))}</desc>
<style>
  text { font: 12px system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif; fill: #1f2328; }
  .measure { font-size: 13px; font-weight: 600; }
  .size, .other { fill: #59636e; }
  .own { font-weight: 600; fill: #0a58b8; }
  .paper { fill: #ffffff; stroke: #d1d9e0; }
  .bar { fill: #afb8c1; }
  .bar.own { fill: #0969da; }
  .axis { stroke: #d1d9e0; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .size, .other { fill: #9198a1; }
    .own { fill: #79b8ff; }
    .paper { fill: #0d1117; stroke: #3d444d; }
    .bar { fill: #59636e; }
    .bar.own { fill: #4493f8; }
    .axis { stroke: #3d444d; }
  }
</style>
<rect class="paper" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
${MEASURES.map((measure, index) => panel(measure, results, EDGE + index * block)).join('\n')}
</svg>
`;
}

function panel(measure: Measure, results: Results, top: number): string {
  const room = (WIDTH - NAMES - EDGE) / results.length;
  const most = Math.max(
    ...results.flatMap(({ rows }) => rows.map(({ tally }) => measure.value(tally))),
  );
  const longest = room - GAP - LABEL;
  const first = top + 46;
  const names = (results[0]?.rows ?? []).map(
    ({ name }, row) =>
      `<text class="${row === 0 ? 'own' : 'name'}" x="${EDGE}" y="${first + row * ROW + 12}">${escaped(name)}</text>`,
  );
  const columns = results.flatMap(({ size, rows }, column) => {
    const x = NAMES + GAP + column * room;
    return [
      `<text class="size" x="${x}" y="${top + 36}">${size === 1 ? '1 login' : `${size} logins`}</text>`,
      `<line class="axis" x1="${x - 0.5}" x2="${x - 0.5}" y1="${first - 2}" y2="${first + rows.length * ROW - 4}"/>`,
      ...rows.map(({ tally }, row) => {
        const value = measure.value(tally);
        const width = Math.round((value / most) * longest * 10) / 10;
        const y = first + row * ROW;
        const own = row === 0 ? 'own' : 'other';
        return `<rect class="bar ${own}" x="${x}" y="${y}" width="${width}" height="${ROW - 6}" rx="1.5"/><text class="${own}" x="${Math.round((x + width + 5) * 10) / 10}" y="${y + 12}">${measure.said(value)}</text>`;
      }),
    ];
  });
  return [
    `<text class="measure" x="${EDGE}" y="${top + 14}">${escaped(measure.title)}</text>`,
    ...names,
    ...columns,
  ].join('\n');
}

/** For those who cannot see it: every number. */
function inWords(results: Results): string {
  return MEASURES.map(({ title, value, said }) => {
    const policies = (results[0]?.rows ?? []).map(({ name }, row) => {
      const values = results.map(({ rows }) => said(value(rows[row]!.tally)));
      return `${name} ${values.join(', ')}`;
    });
    return `${title}, with ${results.map(({ size }) => size).join(', ')} logins. ${policies.join('; ')}.`;
  }).join(' ');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
