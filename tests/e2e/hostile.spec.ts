/** A broker's page that is not to be trusted: it learns nothing before the card is there, and moves nothing after. */
import { sentence } from '../sentence.ts';
import type { TestPage } from './browsers/browser.ts';
import { WELCOME, type Scene } from './scene.ts';
import { expect, test, until } from './test.ts';

/** Everything that a page can see of itself, and whatever an extension may have left in it. */
function observe(page: TestPage, extensionUrl: string): Promise<unknown> {
  return page.evaluate(async (url: string) => {
    const reached = await fetch(url).then(
      () => true,
      () => false,
    );
    return {
      reached,
      html: document.documentElement.outerHTML,
      globals: Object.getOwnPropertyNames(window).sort(),
      resources: performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => !name.startsWith('https://trader.tradovate.com/')),
      sheets: document.adoptedStyleSheets.length + document.styleSheets.length,
      heard: (window as { heard?: string[] }).heard,
    };
  }, extensionUrl);
}

/** Listens wherever it can, and pretends whatever it can. */
function attack(page: TestPage): Promise<void> {
  return page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    for (const method of ['attachShadow', 'showPopover'] as const) {
      const original = (HTMLElement.prototype as unknown as Record<string, unknown>)[method];
      (HTMLElement.prototype as unknown as Record<string, unknown>)[method] = function (
        this: unknown,
        ...args: unknown[]
      ) {
        heard.push(method);
        return (original as (...args: unknown[]) => unknown).apply(this, args);
      };
    }
    addEventListener('message', () => heard.push('message'));
    document.addEventListener('securitypolicyviolation', () => heard.push('violation'));
    const types = ['signInFormSeen', 'loginPicked', 'openTabWanted', 'pauseKeeping', 'removeLogin'];
    for (const type of types) {
      const message = { id: 1, type, data: { loginId: null }, timestamp: 1 };
      dispatchEvent(new MessageEvent('message', { data: message, origin: location.origin }));
      document.dispatchEvent(new CustomEvent(type, { detail: message }));
      const runtime = (
        globalThis as { chrome?: { runtime?: { sendMessage?: (message: unknown) => void } } }
      ).chrome?.runtime;
      runtime?.sendMessage?.(message);
    }
    for (let i = 0; i < 50; i++) {
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      document.dispatchEvent(new Event('visibilitychange'));
    }
    heard.length = 0;
  });
}

async function edit(scene: Scene, slots: number): Promise<void> {
  const options = await scene.openOptions();
  await options.click('button', sentence('options_edit'));
  await options.fill(sentence('options_slots'), String(slots));
  await options.click('button', sentence('options_save'));
  await options.waitForText(sentence('options_saved'));
  await options.close();
}

test('learns nothing before the card: not that a login is held, not that Holdfast is there', async ({
  scene,
}) => {
  const url = scene.browser.extensionUrl('popup.html');
  const look = async () => {
    const page = await scene.browser.open(`${WELCOME}?late=0`);
    await page.waitFor(() => document.querySelector('#password-input') !== null);
    await attack(page);
    await page.evaluate('window.rerender()');
    await page.waitFor(() => document.querySelector('#password-input') !== null);
    const seen = await observe(page, url);
    await page.close();
    return seen;
  };
  const without = await look();
  scene.addUser('sam');
  await scene.connect('sam', { label: 'APEX-3' });
  const calls = scene.broker.journal.length;
  expect(await look()).toEqual(without);
  expect(without).toMatchObject({ reached: false, resources: [], heard: [] });
  // At most it looked into the statistics once, which a form may cause.
  const asked = scene.broker.journal.slice(calls).filter(({ from }) => from === 'program');
  expect(asked.length).toBeLessThan(2);
  for (const { endpoint } of asked) expect(endpoint).toBe('usersessionstats/deps');
});

test('cannot read, hide, move or press the card', async ({ scene }) => {
  scene.addUser('sam');
  await scene.connect('sam', { label: 'APEX-3' });
  await edit(scene, 1);
  const page = await scene.browser.open(WELCOME, { width: 1280, height: 800 });
  await attack(page);
  const card = await until(() => scene.card(page), { what: 'the card' });
  expect(card.text).toContain('APEX-3');
  const calls = scene.broker.journal.length;

  const learnt = await page.evaluate(() => {
    const host = document.querySelector<HTMLElement>('[data-holdfast-card]');
    const find = (text: string) =>
      (window as unknown as { find: (text: string) => boolean }).find(text);
    const found = ['APEX-3', 'Kept by', 'opened at'].filter(find);
    getSelection()?.selectAllChildren(document.documentElement);
    const selected = getSelection()?.toString() ?? '';
    getSelection()?.removeAllRanges();
    return {
      root: host?.shadowRoot ?? null,
      inside: host?.childElementCount,
      text: `${host?.innerText ?? ''}${host?.outerHTML ?? ''}`,
      found,
      selected: selected.includes('APEX-3'),
      heard: (window as unknown as { heard: string[] }).heard.includes('attachShadow'),
    };
  });
  expect(learnt).toMatchObject({
    root: null,
    inside: 0,
    found: [],
    selected: false,
    heard: false,
  });
  expect(learnt.text).not.toContain('APEX-3');

  await page.evaluate(() => {
    const foreign = ':root > div, [data-holdfast-card], [popover], :popover-open';
    const rules = [
      `${foreign} { display: none !important; visibility: hidden !important; opacity: 0 !important;
        transform: translate(-9999px) !important; left: -9999px !important; width: 1px !important;
        clip-path: inset(50%) !important; content-visibility: hidden !important;
        transition: all 999s !important; animation: gone 1ms both !important; z-index: -1 !important }`,
      '@keyframes gone { to { opacity: 0; transform: scale(0) } }',
    ];
    const [sheet] = document.styleSheets;
    for (const rule of rules) sheet?.insertRule(rule, sheet.cssRules.length);
    const host = document.querySelector<HTMLElement>('[data-holdfast-card]');
    host?.click();
    for (const key of ['Escape', 'Enter']) {
      host?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
    }
    for (const type of ['click', 'toggle']) {
      host?.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true }));
    }
  });
  await page.evaluate('window.rerender()');
  const style = await page.evaluate(() => {
    const host = document.querySelector<HTMLElement>('[data-holdfast-card]');
    if (host === null) return null;
    const { display, visibility, opacity, transform, clipPath } = getComputedStyle(host);
    return { display, visibility, opacity, transform, clipPath };
  });
  expect(style).toEqual({
    display: 'flex',
    visibility: 'visible',
    opacity: '1',
    transform: 'none',
    clipPath: 'none',
  });
  const rect = (await scene.card(page))?.rect;
  expect(rect?.width).toBe(360);
  expect(rect?.x).toBeGreaterThan(0);
  expect((rect?.x ?? 0) + (rect?.width ?? 0)).toBeLessThanOrEqual(1280);

  // Nothing of it reached the broker, and what the person had set is as it was.
  expect(scene.broker.journal.slice(calls).filter(({ from }) => from === 'program')).toEqual([]);
  await scene.shows('Connected', 'at least 1 of 1 in use');
});
