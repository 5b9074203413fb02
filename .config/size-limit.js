// What a page costs to open is what it loads before any click: its HTML and all that this names, and
// so on through the imports. What only an `import()` names is loaded on demand, and counted apart.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const built = join(import.meta.dirname, '../.output/chrome-mv3');

/** The files that `named` finds in `files`, in what it finds there, and so on; `files` included. */
function reached(files, named) {
  const found = new Set(files);
  for (const file of found) {
    const text = existsSync(join(built, file)) ? readFileSync(join(built, file), 'utf8') : '';
    for (const [, name] of text.matchAll(named)) {
      found.add(name.startsWith('/') ? name : `/chunks/${name.replace(/^\.\//, '')}`);
    }
  }
  return [...found];
}

const atOpen = reached(
  ['/popup.html'],
  /(?:(?:src|href)=|from|import)\s*["'`]((?:\/|\.\/)[^"'`]+\.(?:js|css))["'`]/g,
);
const ever = reached(atOpen, /["'`]((?:\/|\.\/)[^"'`/][^"'`]*\.(?:js|css))["'`]/g);
const onDemand = ever.filter((file) => !atOpen.includes(file));

const row = (name, limit, ...paths) => ({
  name,
  limit,
  path: paths.map((path) => `../.output/${path}`),
  gzip: false,
  brotli: false,
});
const chromium = (files) => files.map((file) => `chrome-mv3${file}`);

export default [
  row('content script', '12 kB', 'chrome-mv3/content-scripts/trader.js'),
  // Ten more than planned, for OAuth, the live link and what is told: a start of it takes some ms.
  row('worker', '100 kB', 'chrome-mv3/background.js'),
  row('popup, as it opens', '60 kB', ...chromium(atOpen)),
  row('popup, on demand', '52 kB', ...chromium(onDemand)),
  row('packed for Chromium', '200 kB', 'holdfast-*-chrome.zip'),
  row('packed for Firefox', '200 kB', 'holdfast-*-firefox.zip'),
];
