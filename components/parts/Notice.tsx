import type { ComponentChildren } from 'preact';
import { say } from '../../utils/platform/i18n.ts';
import type { RefusalInWords } from '../../utils/words/refusal.ts';
import { HERE, rich } from './rich.tsx';

/** A refusal in full: what happened, what to do, and the broker's own words. */
export function RefusalText({
  refusal,
}: {
  refusal: Pick<RefusalInWords, 'sentence' | 'nextStep' | 'said'>;
}) {
  return (
    <>
      <strong>{refusal.sentence}</strong>
      {refusal.nextStep !== '' && <> {refusal.nextStep}</>}
      <Said words={refusal.said} />
    </>
  );
}

/** The same at a field of a form, interrupting a screen reader. */
export function RefusalAtField({ refusal }: { refusal: RefusalInWords }) {
  return (
    <span role="alert">
      <RefusalText refusal={refusal} />
    </span>
  );
}

/** The broker's own words, marked as theirs. */
export function Said({ words }: { words: string | null }) {
  if (words === null) return null;
  return (
    <span class="said">{rich(say('parts_brokersWords', { words: HERE }), <q>{words}</q>)}</span>
  );
}

/** A box that says something where it happened. `alert` interrupts a screen reader, `note` does not speak by itself. */
export function Notice({
  kind = 'note',
  children,
}: {
  kind?: 'note' | 'alert';
  children: ComponentChildren;
}) {
  return (
    <div class={`notice ${kind}`} role={kind === 'alert' ? 'alert' : undefined}>
      {children}
    </div>
  );
}
