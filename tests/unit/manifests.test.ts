/** What the stores see: a change here is a change of what people are asked to allow. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { API_DOMAINS, KNOWN_HOSTS, TWIN_HOSTS } from '../../utils/tradovate/hosts.ts';

const manifest = (build: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`../../.output/${build}/manifest.json`, import.meta.url), 'utf8'),
  );

const shared = {
  manifest_version: 3,
  name: 'Holdfast',
  description: '__MSG_extensionDescription__',
  default_locale: 'en',
  version: '0.1.0',
  icons: {
    16: 'icon/16.png',
    32: 'icon/32.png',
    48: 'icon/48.png',
    96: 'icon/96.png',
    128: 'icon/128.png',
  },
  permissions: ['alarms', 'identity', 'idle', 'notifications', 'unlimitedStorage'],
  host_permissions: ['https://live.tradovateapi.com/*', 'https://demo.tradovateapi.com/*'],
  optional_host_permissions: ['https://*.tradovateapi.com/*', 'https://*.ninjatrader.com/*'],
  content_security_policy: {
    extension_pages:
      "script-src 'self'; object-src 'self'; connect-src 'self' https://*.tradovateapi.com wss://*.tradovateapi.com https://*.ninjatrader.com wss://*.ninjatrader.com",
  },
  action: { default_title: 'Holdfast', default_popup: 'popup.html' },
  options_ui: { open_in_tab: true, page: 'options.html' },
  content_scripts: [
    {
      matches: ['https://*.tradovate.com/*', 'https://web.ninjatrader.com/*'],
      all_frames: false,
      run_at: 'document_start',
      js: ['content-scripts/trader.js'],
    },
  ],
};

test('the manifest for Chromium', () => {
  expect(manifest('chrome-mv3')).toEqual({
    ...shared,
    minimum_chrome_version: '120',
    background: { service_worker: 'background.js' },
  });
});

test('the manifest for Firefox', () => {
  expect(manifest('firefox-mv3')).toEqual({
    ...shared,
    browser_specific_settings: {
      gecko: {
        id: 'holdfast@holdfast.example',
        strict_min_version: '142.0',
        data_collection_permissions: { required: ['authenticationInfo'] },
      },
    },
    background: { scripts: ['background.js'] },
  });
});

test('the policy lets every host be called that a token may be sent to, and no other', () => {
  const { content_security_policy: policy } = manifest('chrome-mv3') as typeof shared;
  const sources = policy.extension_pages.split('connect-src ')[1]?.split(' ') ?? [];
  const domains = sources.flatMap(
    (source) => /^(?:https|wss):\/\/\*\.(.+)$/.exec(source)?.[1] ?? [],
  );
  expect([...new Set(domains)]).toEqual(API_DOMAINS);
  expect(sources.length).toBe(1 + 2 * API_DOMAINS.length);
  for (const host of [...Object.values(KNOWN_HOSTS), ...Object.values(TWIN_HOSTS)])
    expect(domains.some((domain) => host.endsWith(`.${domain}`))).toBe(true);
});

test('Firefox’s own checks find no error, and no warning but Preact’s', () => {
  const options = ['--source-dir=.output/firefox-mv3', '--output=json', '--no-config-discovery'];
  const printed = execFileSync('node_modules/.bin/web-ext', ['lint', ...options], {
    encoding: 'utf8',
  });
  const { errors, warnings } = JSON.parse(printed) as {
    errors: { code: string }[];
    warnings: { code: string; file?: string }[];
  };
  expect(errors).toEqual([]);
  // Preact assigns innerHTML for dangerouslySetInnerHTML, which no component here uses. It is in the
  // popup's script and in the one that the other pages share.
  expect(warnings.map(({ code }) => code)).toEqual([
    'UNSAFE_VAR_ASSIGNMENT',
    'UNSAFE_VAR_ASSIGNMENT',
  ]);
});
