/**
 * Notices a sign-in form on the page: a visible password field (FACTS.md §6: exactly one on these
 * hosts), or, where an app asks to be let in, the button that lets it. Looks at where the field is, never at what is in it, and listens to nothing of the form.
 *
 * Trading pages change thousands of nodes a second: no change is observed, the page is looked at
 * now and then.
 */
import { lookNowAndThen } from './looks.ts';

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
  let cameIntoView = false;

  function look(): void {
    if (watch.orphaned()) return;
    const before = form;
    form = before !== null && isVisible(before) ? before : findAnchor();
    if (form === null) {
      if (before !== null) watch.onGone();
    } else if (before === null || cameIntoView) {
      watch.onForm(form);
    } else {
      watch.onLook(form);
    }
    cameIntoView = false;
  }

  addEventListener(
    'pageshow',
    (event) => {
      if (!event.persisted || !event.isTrusted) return;
      form = null;
      watch.onVisit();
    },
    { signal: watch.signal },
  );
  document.addEventListener(
    'visibilitychange',
    (event) => {
      if (event.isTrusted && !document.hidden) cameIntoView = true;
    },
    { signal: watch.signal },
  );
  lookNowAndThen(look, watch.signal);
}

const PASSWORD = 'input[type=password]';

/**
 * Signed in already, the consent page has no password field, and still opens a session
 * (FACTS.md row 28).
 */
const CONSENT = /^\/oauth\b/;

/** A password field is on screen. */
export function isFormShown(): boolean {
  return findField() !== null;
}

function findField(): HTMLElement | null {
  for (const input of document.querySelectorAll<HTMLElement>(PASSWORD))
    if (isVisible(input)) return input;
  return null;
}

function findAnchor(): HTMLElement | null {
  const field = findField();
  if (field !== null) return field;
  if (!CONSENT.test(location.pathname)) return null;
  for (const button of document.querySelectorAll('button')) if (isVisible(button)) return button;
  return null;
}

/** A field once seen stays the form's field while "show password" makes a text field of it. */
function isVisible(input: HTMLElement): boolean {
  return input.isConnected && input.checkVisibility({ visibilityProperty: true });
}
