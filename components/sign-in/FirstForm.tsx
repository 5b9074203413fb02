import type { ComponentChildren } from 'preact';
import type { Attempt } from './attempt.ts';
import { Notice, RefusalText } from '../parts/Notice.tsx';

interface Props {
  name: string;
  attempt: Attempt;
  /** The refusal belongs to the form as a whole, and to no field of it. */
  asWhole: boolean;
  onSend: () => void;
  children: ComponentChildren;
}

/** The form of a way in, in steps. */
export function FirstForm({ name, attempt, asWhole, onSend, children }: Props) {
  const { form, refusal } = attempt;
  return (
    <form
      ref={form}
      class="connect"
      noValidate
      aria-label={name}
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      {refusal !== null && asWhole && (
        <div tabIndex={-1} data-wrong="">
          <Notice kind="alert">
            <RefusalText refusal={refusal} />
          </Notice>
        </div>
      )}
      {children}
    </form>
  );
}
