/**
 * When the card is shown and when it goes: asked once per appearance of a form and each time
 * the page comes into view with it, nothing shown without a risk, never again once dismissed until
 * the page is left.
 */
import type { Card } from './card.ts';

/** A page can make forms come and go: it is answered this often at most. */
const ASK_PAUSE_MS = 1_000;

/** A card on screen. */
export interface Shown {
  /** The page may have moved its form or dropped the card: look again. */
  refresh: (anchor: HTMLElement) => void;
  remove: () => void;
}

export interface WarningParts {
  ask: () => Promise<Card | null | undefined>;
  /** The person said which login it is, or, with null, that it is another than they had said. */
  pick: (loginId: string | null) => Promise<Card | null | undefined>;
  openTab: () => void;
  show: (anchor: HTMLElement, content: Card, onDo: (what: string) => void) => Shown;
}

export interface Warning {
  onForm: (anchor: HTMLElement) => void;
  onLook: (anchor: HTMLElement) => void;
  onGone: () => void;
  onVisit: () => void;
}

export function createWarning({ ask, pick, openTab, show }: WarningParts): Warning {
  let dismissed = false;
  /** The form on screen, its card, and the answer that the card tells. */
  let form: HTMLElement | null = null;
  let card: Shown | null = null;
  let told: string | undefined;
  let asked = 0;
  let askedAt = -ASK_PAUSE_MS;

  async function warn(question: () => Promise<Card | null | undefined>): Promise<void> {
    const mine = (asked += 1);
    const pause = askedAt + ASK_PAUSE_MS - performance.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    // The form may have gone or been replaced by now, and while the answer is under way.
    if (mine !== asked) return;
    askedAt = performance.now();
    const content = await question();
    if (mine !== asked || form === null || content === undefined) return;
    const answer = JSON.stringify(content);
    if (answer === told) return;
    told = answer;
    card?.remove();
    card = content && show(form, content, onDo);
  }
  function onDo(what: string): void {
    if (what === 'open-tab') openTab();
    else if (what === 'dismiss') {
      dismissed = true;
      onGone();
    } else void warn(() => pick(what === 'forget' ? null : what));
  }
  function onGone(): void {
    asked += 1;
    card?.remove();
    card = null;
    form = null;
    told = undefined;
  }

  return {
    onForm(anchor) {
      if (dismissed) return;
      form = anchor;
      void warn(ask);
    },
    onLook(anchor) {
      if (form === null) return;
      form = anchor;
      card?.refresh(anchor);
    },
    onGone,
    onVisit() {
      onGone();
      dismissed = false;
    },
  };
}
