// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { draw } from '../../../components/parts/paint.tsx';
import { sentence } from '../../sentence.ts';
import { settle, words } from './page.ts';

function Broken(): never {
  throw new TypeError('undefined is not a cause');
}

test('a page that cannot be drawn says so, and how to make a support report', async () => {
  document.body.innerHTML = '<div id="app"></div>';
  const app = document.getElementById('app');
  if (app === null) throw new Error('No app.');
  draw(<Broken />, app);
  await settle();
  expect(words()).toContain(sentence('parts_notDrawn'));
  expect(document.querySelector('a')?.getAttribute('href')).toBe('/timeline.html#report');
});
