import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'wxt';
import { API_DOMAINS, KNOWN_HOSTS } from './utils/tradovate/hosts.ts';

// Reads like a permission list on purpose: README has one row per line here, and a snapshot test pins the result.
/**
 * Where every kilobyte counts there is the browser's own API alone, which answers with promises in
 * both browsers under Manifest V3: the polyfill would wrap what is right already.
 */
const noPolyfill: Plugin = {
  name: 'no-polyfill',
  enforce: 'pre',
  resolveId: (id) =>
    id === 'wxt/browser' || id === '@wxt-dev/webextension-polyfill/browser'
      ? fileURLToPath(import.meta.resolve('wxt/browser'))
      : undefined,
};

/** Other people's pages do not get WXT's context, which any page could stop with a made-up event. */
const noContext: Plugin = {
  name: 'no-context',
  enforce: 'pre',
  resolveId: (id) => (id === 'wxt/utils/content-script-context' ? NO_CONTEXT : undefined),
  load: (id) => (id === NO_CONTEXT ? 'export class ContentScriptContext {}' : undefined),
};
const NO_CONTEXT = '\0no-context';

/** The popup carries its style sheet itself: one more file is one more wait before the first paint. */
const stylesInPage: Plugin = {
  name: 'styles-in-page',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle = {} }) =>
      html.replace(/<link rel="stylesheet"[^>]* href="\/([^"]+)">/g, (link, name: string) => {
        const file = bundle[name];
        if (file?.type !== 'asset') return link;
        delete bundle[name];
        return `<style>${String(file.source)}</style>`;
      }),
  },
};

/**
 * Whatever runs in Holdfast's name talks to the broker alone: its interface and its sockets. Whole
 * domains, as a policy is fixed when the extension is built, and the broker may move a login to any
 * host under them; which of these may be called now, the permissions say (client.ts).
 */
const POLICY = [
  "script-src 'self'",
  "object-src 'self'",
  `connect-src 'self' ${API_DOMAINS.flatMap((domain) => [`https://*.${domain}`, `wss://*.${domain}`]).join(' ')}`,
].join('; ');

export default defineConfig({
  modules: ['@wxt-dev/webextension-polyfill'],
  imports: false,
  manifestVersion: 3,
  vite: () => ({ build: { modulePreload: false } }),
  hooks: {
    // What opens with every click is built apart from the other pages: one script, and no chunks shared with them.
    'entrypoints:grouped': (_, groups) => {
      const popup = groups.flat().filter(({ type }) => type === 'popup');
      const others = groups.map((group) =>
        Array.isArray(group) ? group.filter((page) => !popup.includes(page)) : group,
      );
      groups.splice(0, groups.length, popup, ...others);
    },
    'vite:build:extendConfig': (entrypoints, config) => {
      const only = (kind: string) => entrypoints.every(({ type }) => type === kind);
      const ours: Plugin[] = [];
      if (only('popup')) ours.push(stylesInPage, noPolyfill);
      if (only('content-script')) ours.push(noPolyfill, noContext);
      if (only('background')) ours.push(noPolyfill);
      config.plugins = [...ours, ...(config.plugins ?? [])];
    },
  },
  manifest: ({ browser }) => ({
    name: 'Holdfast',
    description: '__MSG_extensionDescription__',
    // Words for people are in public/_locales, which the browsers want announced.
    default_locale: 'en',
    permissions: ['alarms', 'identity', 'idle', 'notifications', 'unlimitedStorage'],
    host_permissions: Object.values(KNOWN_HOSTS).map((host) => `https://${host}/*`),
    // Never asked for as a whole: for the one host that the broker has moved a login to.
    optional_host_permissions: API_DOMAINS.map((domain) => `https://*.${domain}/*`),
    content_security_policy: { extension_pages: POLICY },
    action: { default_title: 'Holdfast' },
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'holdfast@holdfast.example',
              // The first that knows data_collection_permissions on every platform.
              strict_min_version: '142.0',
              data_collection_permissions: { required: ['authenticationInfo'] },
            },
          },
        }
      : { minimum_chrome_version: '120' }),
  }),
});
