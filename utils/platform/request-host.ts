/**
 * The browser's own question, whether the extension may call a host. By the native API: the popup does
 * without the 10 kB polyfill, and both browsers answer here with a promise.
 */
interface Api {
  permissions: { request(what: { origins: string[] }): Promise<boolean> };
}

/**
 * Asks for `hosts` and no other. To be called in a click, before anything is awaited, or the browser refuses.
 * Firefox closes the popup meanwhile: what comes of it is heard by the background (permissions.ts).
 */
export function requestHosts(...hosts: string[]): Promise<boolean> {
  const { browser, chrome } = globalThis as unknown as { browser?: Api; chrome: Api };
  return (browser ?? chrome).permissions.request({
    origins: hosts.map((host) => `https://${host}/*`),
  });
}
