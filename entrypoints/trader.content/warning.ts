/**
 * When the card is shown and when it goes: asked once per appearance of a form, nothing shown
 * without a risk, never again once dismissed until the page is left.
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
  /** The appearance of a form that is on screen now. */
  let appearance: { input: HTMLInputElement; card: Card | null } | null = null;

  async function warn(input: HTMLInputElement): Promise<void> {
    const mine: NonNullable<typeof appearance> = { input, card: null };
    appearance = mine;
    const risks = await ask();
    // The answer may come after the form has gone.
    if (appearance !== mine || dismissed || risks === undefined || risks.length === 0) return;
    mine.card = show(mine.input, risks, () => {
      dismissed = true;
      onGone();
    });
  }
  function onGone(): void {
    appearance?.card?.remove();
    appearance = null;
  }

  return {
    onForm(input) {
      if (!dismissed) void warn(input);
    },
    onLook(input) {
      if (appearance === null) return;
      appearance.input = input;
      appearance.card?.refresh(input);
    },
    onGone,
    onVisit() {
      dismissed = false;
    },
  };
}
