/**
 * Notices a sign-in form on the page: a visible password field (facts §6: exactly one on these
 * hosts), or, where an app asks to be let in, the button that lets it. Looks at where the field is, never at what is in it, and listens to nothing of the form.
 *
 * Trading pages change thousands of nodes a second: the first change only asks for a look,
 * and until that is taken none of the others is even noted: one look per `LOOK_MS` at most.
 */

const LOOK_MS = 200;

export interface SignInFormWatch {
  /** A form is there that was not there before, or the page with it has come into view again. */
  onForm: (anchor: HTMLElement) => void;
  /** The page may have re-rendered: the form may have another field, or the page may have dropped our card. */
  onLook: (anchor: HTMLElement) => void;
  onGone: () => void;
  /** The page was left and came back as it was (back/forward cache): a new visit. */
  onVisit: () => void;
  orphaned: () => boolean;
  signal: AbortSignal;
}

export function watchSignInForm(watch: SignInFormWatch): void {
  let form: HTMLElement | null = null;
  let lookedAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function look(): void {
    timer = undefined;
    lookedAt = performance.now();
    if (watch.orphaned()) return;
    // The document rather than its root element: document.open() replaces the root.
    nodes.observe(document, { childList: true, subtree: true });
    const before = form;
    const passwords = document.querySelectorAll<HTMLElement>(PASSWORD);
    form = before !== null && isVisible(before) ? before : findAnchor(passwords);
    if (form !== before) {
      size.disconnect();
      if (form !== null) size.observe(form);
    }
    if (form === null) {
      // A field that is there but hidden may be shown without any node being added.
      if (passwords[0] !== undefined) size.observe(passwords[0]);
      if (before !== null) watch.onGone();
    } else if (before === null) {
      watch.onForm(form);
    } else {
      watch.onLook(form);
    }
  }
  const lookSoon = (): void => {
    timer ??= setTimeout(look, lookedAt + LOOK_MS - performance.now());
  };

  const nodes = new MutationObserver(() => {
    nodes.disconnect();
    lookSoon();
  });
  // Hidden or shown by style alone.
  const size = new ResizeObserver(lookSoon);
  addEventListener(
    'pageshow',
    (event) => {
      if (!event.persisted || !event.isTrusted) return;
      form = null;
      watch.onVisit();
      lookSoon();
    },
    { signal: watch.signal },
  );
  document.addEventListener(
    'visibilitychange',
    (event) => {
      if (event.isTrusted && !document.hidden && form !== null) watch.onForm(form);
    },
    { signal: watch.signal },
  );
  watch.signal.addEventListener('abort', () => {
    nodes.disconnect();
    size.disconnect();
    clearTimeout(timer);
  });
  lookSoon();
}

const PASSWORD = 'input[type=password]';

/** Signed in already, the consent page has no password field, and still opens a session (facts, row 28). */
const CONSENT = /^\/oauth\b/;

function findAnchor(passwords: Iterable<HTMLElement>): HTMLElement | null {
  for (const input of passwords) if (isVisible(input)) return input;
  if (!CONSENT.test(location.pathname)) return null;
  for (const button of document.querySelectorAll('button')) if (isVisible(button)) return button;
  return null;
}

/** A field once seen stays the form's field while "show password" makes a text field of it. */
function isVisible(input: HTMLElement): boolean {
  return input.isConnected && input.checkVisibility({ visibilityProperty: true });
}
