import type { ComponentChildren } from 'preact';
import { say } from '../../utils/platform/i18n.ts';
import { SecretField } from '../parts/TextField.tsx';

/** Where a token, or the reply it came in, is pasted: one line, not shown, not remembered by the browser. */
export function PastedField({ error }: { error?: ComponentChildren }) {
  return (
    <SecretField
      name="pasted"
      label={say('signIn_accessToken')}
      maxLength={20_000}
      help={say('signIn_accessTokenHelp')}
      error={error}
    />
  );
}
