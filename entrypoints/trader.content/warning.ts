/**
 * When the card is shown and when it goes: asked once per appearance of a form and each time
 * the page comes into view with it, nothing shown without a risk, never again once dismissed until
 * the page is left.
 */
import type { Risk } from '../../utils/keeper/slots.ts';

export interface Card {
  /** The page may have moved its form or dropped the card: look again. */
  refresh: (input: HTMLInputElement) => void;
  remove: () => void;
}

export interface WarningParts {
  ask: () => Promise<Risk[] | undefined>;
  show: (input: HTMLInputElement, risks: readonly Risk[], onDismiss: () => void) => Card;
}

export interface Warning {
  onForm: (input: HTMLInputElement) => void;
  onLook: (input: HTMLInputElement) => void;
  onGone: () => void;
  onVisit: () => void;
}

export function createWarning({ ask, show }: WarningParts): Warning {
  let dismissed = false;
  /** The form on screen, its card, and the answer that the card tells. */
  let form: HTMLInputElement | null = null;
  let card: Card | null = null;
  let told: string | undefined;
  let asked = 0;

  async function warn(): Promise<void> {
    const mine = (asked += 1);
    const risks = await ask();
    // The answer may come after the form has gone.
    if (mine !== asked || form === null || risks === undefined) return;
    const answer = JSON.stringify(risks);
    if (answer === told) return;
    told = answer;
    card?.remove();
    card =
      risks.length === 0
        ? null
        : show(form, risks, () => {
            dismissed = true;
            onGone();
          });
  }
  function onGone(): void {
    asked += 1;
    card?.remove();
    card = null;
    form = null;
    told = undefined;
  }

  return {
    onForm(input) {
      if (dismissed) return;
      form = input;
      void warn();
    },
    onLook(input) {
      if (form === null) return;
      form = input;
      card?.refresh(input);
    },
    onGone,
    onVisit() {
      onGone();
      dismissed = false;
    },
  };
}
