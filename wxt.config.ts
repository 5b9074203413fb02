import { defineConfig } from 'wxt';

// Reads like a permission list on purpose: README has one row per line here, and a snapshot test pins the result.
export default defineConfig({
  modules: ['@wxt-dev/webextension-polyfill'],
  imports: false,
  manifestVersion: 3,
  manifest: ({ browser }) => ({
    name: 'Holdfast',
    description: 'Keeps your Tradovate and NinjaTrader API sessions alive (unofficial)',
    permissions: ['alarms', 'idle', 'unlimitedStorage'],
    host_permissions: ['https://live.tradovateapi.com/*', 'https://demo.tradovateapi.com/*'],
    action: { default_title: 'Holdfast' },
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'holdfast@holdfast.example',
              strict_min_version: '140.0',
              data_collection_permissions: { required: ['authenticationInfo'] },
            },
          },
        }
      : { minimum_chrome_version: '120' }),
  }),
});
