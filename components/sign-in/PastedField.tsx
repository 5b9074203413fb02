import type { ComponentChildren } from 'preact';
import { SecretField } from '../parts/TextField.tsx';

/** Where a token, or the reply it came in, is pasted: one line, not shown, not remembered by the browser. */
export function PastedField({ error }: { error?: ComponentChildren }) {
  return (
    <SecretField
      name="pasted"
      label="Access token"
      maxLength={20_000}
      help='The access token, or the whole reply it came in, such as {"accessToken": …}'
      error={error}
    />
  );
}

export const PASTE_TOKEN = 'Paste the token that the other program holds.';
