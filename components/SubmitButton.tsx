import { Button } from './Button.tsx';
import { duration } from './words.ts';

interface Props {
  children: string;
  pending: boolean;
  /** The next try is not to be made before: counted down in place of the words. */
  waitSeconds: number;
  /** The person may try all the same. */
  onInsist?: (() => void) | undefined;
}

/** Sends a form that signs in, when it is time. */
export function SubmitButton({ children, pending, waitSeconds, onInsist }: Props) {
  return (
    <>
      <Button type="submit" kind="primary" busy={pending} off={waitSeconds > 0}>
        {waitSeconds > 0 ? `Try again in ${duration(waitSeconds * 1_000)}` : children}
      </Button>
      {onInsist !== undefined && waitSeconds > 0 && <Button onClick={onInsist}>Try anyway</Button>}
    </>
  );
}
