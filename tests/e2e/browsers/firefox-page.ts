import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Media, Name, Rect, ShadowView, TestPage, Viewport } from './browser.ts';
import { type Marionette, MarionetteError } from './marionette.ts';
import { folded, Hopeless, matches, until } from './poll.ts';
import { containerRoles, fieldSelector, pressableSelector, selectorFor } from './roles.ts';
import { describeShadow, expressionOf, visibleText } from './script.ts';
import { WaitingPage } from './waiting.ts';

const elementKey = 'element-6066-11e4-a52e-4f735466cecf';
type ElementRef = Record<typeof elementKey, string>;
type ShadowRef = Record<'shadow-6066-11e4-a52e-4f735466cecf', string>;

/** What a page needs of the browser that it is in. */
export interface FirefoxWindows {
  /** Runs `work` with that tab as the current one. */
  inTab<T>(
    handle: string,
    focus: boolean,
    work: (marionette: Marionette) => Promise<T>,
  ): Promise<T>;
  /** Runs a script with the browser's own rights. */
  chrome<T>(script: string, ...args: unknown[]): Promise<T>;
}

/** What a person can see of `candidates`: has a box and is not made invisible. */
const onlyVisible = `(e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility === 'visible'`;

/**
 * Could `name` be its accessible name? Each is asked of Firefox one by one, which is dear, so those
 * are left out in whose words it does not even stand. What style sheets add is not among the words.
 */
const mayBeNamed = `(e) => {
  const packed = (text) => (text ?? '').replaceAll(/\\s+/g, '');
  const byId = (e.getAttribute('aria-labelledby') ?? '').split(/\\s+/).map((id) => id && document.getElementById(id));
  const sources = [e, ...(e.labels ?? []), ...byId].filter(Boolean).flatMap((one) => [one, ...one.querySelectorAll('*')]);
  const told = ['aria-label', 'title', 'alt', 'placeholder', 'value'];
  const words = sources.flatMap((one) => told.map((name) => one.getAttribute(name)));
  return name === null || packed(sources.map((one) => one.textContent).concat(words).join(' ')).includes(packed(name));
}`;

const keys: Record<string, string> = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  Space: ' ',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
  Meta: '\uE03D',
};

// Fields whose value is chosen, not typed.
const chosenTypes = ['color', 'date', 'datetime-local', 'month', 'range', 'time', 'week'];

export class FirefoxPage extends WaitingPage implements TestPage {
  readonly #browser: FirefoxWindows;
  readonly #handle: string;
  #media: Media = {};

  constructor(browser: FirefoxWindows, handle: string) {
    super();
    this.#browser = browser;
    this.#handle = handle;
  }

  /** Runs `work` with this tab current, not necessarily in front. */
  #here<T>(work: (marionette: Marionette) => Promise<T>): Promise<T> {
    return this.#browser.inTab(this.#handle, false, work);
  }

  /** Runs `work` with this tab in front, as input needs it. */
  #inFront<T>(work: (marionette: Marionette) => Promise<T>): Promise<T> {
    return this.#browser.inTab(this.#handle, true, work);
  }

  async url(): Promise<string> {
    return (await this.#here((m) => m.send<{ value: string }>('WebDriver:GetCurrentURL'))).value;
  }

  async goto(url: string): Promise<void> {
    await this.#inFront((m) => m.send('WebDriver:Navigate', { url }));
    // A change of process may have dropped what was set on the old document.
    if (Object.keys(this.#media).length > 0) await this.emulate({});
  }

  async reload(): Promise<void> {
    await this.#here((m) => m.send('WebDriver:Refresh'));
  }

  async evaluate<T, A>(body: string | ((arg: A) => T | Promise<T>), arg?: A): Promise<T> {
    const script = `return (${expressionOf(body, arg)});`;
    const { answer } = await this.#here(async (marionette) => {
      const answer = marionette.send<{ value: T }>('WebDriver:ExecuteScript', { script, args: [] });
      // A script that waits for something must not hold up the rest: the one that it waits for
      // may be the next command.
      await Promise.race([answer.catch(() => undefined), pause(150)]);
      return { answer };
    });
    return (await answer).value;
  }

  async #script<T>(marionette: Marionette, script: string, ...args: unknown[]): Promise<T> {
    const answer = await marionette.send<{ value: T }>('WebDriver:ExecuteScript', { script, args });
    return answer.value;
  }

  /** Those of `elements` whose accessible name, as Firefox computes it, is `name`. */
  async #named(
    marionette: Marionette,
    elements: ElementRef[],
    name: Name,
    otherNames: string[][] = [],
  ): Promise<ElementRef[]> {
    const labels = await Promise.all(
      elements.map((e) =>
        marionette.send<{ value: string | null }>('WebDriver:GetComputedLabel', {
          id: e[elementKey],
        }),
      ),
    );
    return elements.filter((_, i) =>
      [labels[i]?.value ?? '', ...(otherNames[i] ?? [])].some((label) => matches(label, name)),
    );
  }

  async #scopes(marionette: Marionette, within: Name | undefined): Promise<ElementRef[]> {
    const selector =
      within === undefined ? 'html' : containerRoles.map((role) => selectorFor(role)).join(', ');
    const all = await this.#script<ElementRef[]>(
      marionette,
      `const [selector, name] = arguments;
      return [...document.querySelectorAll(selector)].filter(${onlyVisible}).filter(${mayBeNamed});`,
      selector,
      typeof within === 'string' ? within : null,
    );
    return within === undefined ? all : this.#named(marionette, all, within);
  }

  async #find(
    marionette: Marionette,
    selector: string,
    name: Name,
    within: Name | undefined,
  ): Promise<ElementRef[]> {
    const scopes = await this.#scopes(marionette, within);
    const found = await this.#script<{ elements: ElementRef[]; labels: string[][] }>(
      marionette,
      `const [scopes, selector, name] = arguments;
      const elements = [...new Set(scopes.flatMap((s) => [...s.querySelectorAll(selector)]))]
        .filter(${onlyVisible}).filter(${mayBeNamed});
      const labels = elements.map((e) => [...(e.labels ?? [])].map((l) => l.textContent));
      return { elements, labels };`,
      scopes,
      selector,
      typeof name === 'string' ? name : null,
    );
    // Like Playwright's getByLabel, a field also goes by the text of its <label>.
    return this.#named(
      marionette,
      found.elements,
      name,
      selector === fieldSelector ? found.labels : [],
    );
  }

  /** Repeats `act` on the one element that matches, until it works. */
  async #act(
    what: string,
    selector: string,
    name: Name,
    within: Name | undefined,
    act: (marionette: Marionette, id: string, element: ElementRef) => Promise<void>,
  ): Promise<void> {
    await until(
      () =>
        this.#inFront(async (marionette) => {
          const found = await this.#find(marionette, selector, name, within);
          if (found.length > 1)
            throw new Hopeless(`Could not ${what}: ${found.length} visible elements match`);
          const [element] = found;
          if (!element) throw new Error('no visible element matches');
          const id = element[elementKey];
          const { value } = await marionette.send<{ value: boolean }>(
            'WebDriver:IsElementEnabled',
            { id },
          );
          if (!value) throw new Error('the element is disabled');
          await act(marionette, id, element);
          return true;
        }),
      { what: `a chance to ${what}`, describe: () => this.text() },
    );
  }

  async has(role: string, name: Name, within?: Name): Promise<boolean> {
    const found = await this.#here((m) => this.#find(m, selectorFor(role), name, within));
    return found.length > 0;
  }

  click(role: string, name: Name, within?: Name): Promise<void> {
    return this.#act(
      `click ${role} ${String(name)}`,
      selectorFor(role),
      name,
      within,
      async (marionette, id) => {
        await marionette.send('WebDriver:ElementClick', { id });
      },
    );
  }

  fill(label: Name, value: string, within?: Name): Promise<void> {
    return this.#act(
      `fill ${String(label)}`,
      fieldSelector,
      label,
      within,
      async (marionette, id, element) => {
        const typed = await this.#script<boolean>(
          marionette,
          `const [field, value, chosenTypes] = arguments;
          field.focus();
          if (chosenTypes.includes(field.type)) {
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, value);
            field.dispatchEvent(new Event('input', { bubbles: true }));
            field.dispatchEvent(new Event('change', { bubbles: true }));
            return false;
          }
          if (field.select) field.select();
          else getSelection().selectAllChildren(field);
          return true;`,
          element,
          value,
          chosenTypes,
        );
        // Typed over the selection, so that the page sees input events it can trust.
        if (typed)
          await marionette.send('WebDriver:ElementSendKeys', {
            id,
            text: value === '' ? keys['Backspace'] : value,
          });
      },
    );
  }

  select(label: Name, option: string, within?: Name): Promise<void> {
    return this.#act(
      `select ${option} in ${String(label)}`,
      fieldSelector,
      label,
      within,
      async (marionette, _id, element) => {
        const found = await this.#script<ElementRef | null>(
          marionette,
          `const [field, wanted] = arguments;
          const options = [...(field.options ?? [])];
          return options.find((o) => o.value === wanted) ?? options.find((o) => o.label === wanted) ?? null;`,
          element,
          option,
        );
        if (!found) throw new Error('there is no such option');
        await marionette.send('WebDriver:ElementClick', { id: found[elementKey] });
      },
    );
  }

  check(label: Name, checked: boolean, within?: Name): Promise<void> {
    return this.#act(
      `set ${String(label)}`,
      fieldSelector,
      label,
      within,
      async (marionette, id, element) => {
        const state = (): Promise<boolean> =>
          this.#script(
            marionette,
            `const [field] = arguments;
            return typeof field.checked === 'boolean' ? field.checked : field.getAttribute('aria-checked') === 'true';`,
            element,
          );
        if ((await state()) === checked) return;
        await this.#clickOrLabel(marionette, id, element);
        if ((await state()) !== checked) throw new Error('the click did not change it');
      },
    );
  }

  /** A styled switch may cover its checkbox: then the person clicks the label, and so do we. */
  async #clickOrLabel(marionette: Marionette, id: string, element: ElementRef): Promise<void> {
    try {
      await marionette.send('WebDriver:ElementClick', { id });
    } catch (error) {
      const covered =
        error instanceof MarionetteError &&
        ['element click intercepted', 'element not interactable'].includes(error.code);
      if (!covered) throw error;
      const label = await this.#script<ElementRef | null>(
        marionette,
        `return arguments[0].labels?.[0] ?? null;`,
        element,
      );
      if (!label) throw error;
      await marionette.send('WebDriver:ElementClick', { id: label[elementKey] });
    }
  }

  async press(key: string): Promise<void> {
    const parts = key.length > 1 ? key.split('+') : [key];
    const values = parts.map((part) => {
      const value = keys[part] ?? part;
      if (value.length !== 1) throw new Error(`No such key: ${part}`);
      return value;
    });
    const actions = [
      ...values.map((value) => ({ type: 'keyDown', value })),
      ...values.toReversed().map((value) => ({ type: 'keyUp', value })),
    ];
    await this.#inFront((m) =>
      m.send('WebDriver:PerformActions', { actions: [{ type: 'key', id: 'keyboard', actions }] }),
    );
  }

  focused(): Promise<{ role: string; name: string } | null> {
    return this.#here(async (marionette) => {
      const element = await this.#script<ElementRef | null>(
        marionette,
        `const e = document.activeElement; return e === document.body ? null : e;`,
      );
      if (!element) return null;
      const id = element[elementKey];
      const role = await marionette.send<{ value: string }>('WebDriver:GetComputedRole', { id });
      const name = await marionette.send<{ value: string | null }>('WebDriver:GetComputedLabel', {
        id,
      });
      return { role: role.value, name: folded(name.value ?? '') };
    });
  }

  text(): Promise<string> {
    return this.evaluate(visibleText);
  }

  async closedShadow(hostSelector: string): Promise<ShadowView | null> {
    const seen = await this.#here(async (marionette) => {
      const root = await this.#shadowRoot(marionette, hostSelector);
      if (!root) return null;
      return this.#script<{ text: string; html: string; rect: Rect }>(
        marionette,
        `return (${describeShadow}).call(arguments[0]);`,
        root,
      );
    });
    if (!seen) return null;
    return {
      ...seen,
      click: async (name) => {
        await until(() => this.#inFront((m) => this.#clickInShadow(m, hostSelector, name)), {
          what: `a chance to click ${String(name)} in ${hostSelector}`,
        });
      },
    };
  }

  async #shadowRoot(marionette: Marionette, hostSelector: string): Promise<ShadowRef | null> {
    try {
      const host = await marionette.send<{ value: ElementRef }>('WebDriver:FindElement', {
        using: 'css selector',
        value: hostSelector,
      });
      // Closed roots too (platform FACTS.md §12).
      const root = await marionette.send<{ value: ShadowRef }>('WebDriver:GetShadowRoot', {
        id: host.value[elementKey],
      });
      return root.value;
    } catch (error) {
      const absent =
        error instanceof MarionetteError &&
        ['no such element', 'no such shadow root'].includes(error.code);
      if (absent) return null;
      throw error;
    }
  }

  async #clickInShadow(marionette: Marionette, hostSelector: string, name: Name): Promise<boolean> {
    const root = await this.#shadowRoot(marionette, hostSelector);
    if (!root) return false;
    const visible = await this.#script<ElementRef[]>(
      marionette,
      `return [...arguments[0].querySelectorAll(arguments[1])].filter(${onlyVisible});`,
      root,
      pressableSelector,
    );
    const [element] = await this.#named(marionette, visible, name);
    if (!element) return false;
    await marionette.send('WebDriver:ElementClick', { id: element[elementKey] });
    return true;
  }

  async emulate(media: Media): Promise<void> {
    this.#media = { ...this.#media, ...media };
    await this.#browser.chrome(
      `const [handle, media] = arguments;
      const { NavigableManager } = ChromeUtils.importESModule('chrome://remote/content/shared/NavigableManager.sys.mjs');
      const context = NavigableManager.getBrowsingContextById(handle);
      if (media.colorScheme !== undefined) context.prefersColorSchemeOverride = media.colorScheme;
      if (media.forcedColors !== undefined)
        context.forcedColorsOverride = media.forcedColors ? 'active' : 'none';
      if (media.reducedMotion !== undefined)
        context.prefersReducedMotionOverride = media.reducedMotion ? 'reduce' : 'none';`,
      this.#handle,
      this.#media,
    );
  }

  async viewport(size: Viewport): Promise<void> {
    await this.#browser.chrome(
      `const [handle, { width, height }] = arguments;
      const { NavigableManager } = ChromeUtils.importESModule('chrome://remote/content/shared/NavigableManager.sys.mjs');
      const browser = NavigableManager.getBrowserById(handle);
      const win = browser.ownerDocument.defaultView;
      const room = browser.parentElement.getBoundingClientRect();
      const wider = Math.max(0, width - room.width), higher = Math.max(0, height - room.height);
      if (wider > 0 || higher > 0) win.resizeBy(Math.ceil(wider), Math.ceil(higher));
      browser.style.setProperty('width', width + 'px');
      browser.style.setProperty('height', height + 'px');
      win.document.synchronouslyUpdateRemoteBrowserDimensions(true);`,
      this.#handle,
      size,
    );
    await this.waitFor(
      (wanted) => innerWidth === wanted.width && innerHeight === wanted.height,
      size,
      { what: `a viewport of ${size.width} x ${size.height}` },
    );
  }

  async screenshot(path: string): Promise<void> {
    const { value } = await this.#inFront((m) =>
      m.send<{ value: string }>('WebDriver:TakeScreenshot', { full: false, hash: false }),
    );
    await writeFile(path, Buffer.from(value, 'base64'));
  }

  async close(): Promise<void> {
    await this.#here((m) => m.send('WebDriver:CloseWindow'));
  }
}
