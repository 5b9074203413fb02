// Guards against accidents, such as a library that slips into a part it was not meant for. They are no
// aims: what opening the popup costs is measured by its paint (`npm run bench:popup`).
const row = (name, limit, ...paths) => ({
  name,
  limit,
  path: paths.map((path) => `../.output/${path}`),
  gzip: false,
  brotli: false,
});

export default [
  row('content script', '12 kB', 'chrome-mv3/content-scripts/trader.js'),
  row('worker', '160 kB', 'chrome-mv3/background.js'),
  row('popup', '120 kB', 'chrome-mv3/popup.html', 'chrome-mv3/chunks/popup-*.js'),
  row('packed for Chromium', '250 kB', 'holdfast-*-chrome.zip'),
  row('packed for Firefox', '250 kB', 'holdfast-*-firefox.zip'),
];
