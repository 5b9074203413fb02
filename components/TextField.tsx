import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

interface Props {
  name: string;
  label: string;
  help?: ComponentChildren;
  /** What is wrong with this field. */
  error?: ComponentChildren;
  /** Wrong as part of its group: `error` stands at the group, under this id. */
  groupError?: string | undefined;
  defaultValue?: string;
  autocomplete?: 'username' | 'current-password' | 'off';
  inputMode?: 'numeric';
  maxLength?: number;
  optional?: boolean;
}

/** A labelled text field with its help and its error beside it. */
export function TextField(props: Props) {
  return <Field {...props} type="text" />;
}

/** A field for a password or an API secret; what was typed can be shown on request. */
export function SecretField(props: Props) {
  const [shown, setShown] = useState(false);
  return (
    <Field {...props} type={shown ? 'text' : 'password'}>
      <button
        type="button"
        class="reveal"
        aria-pressed={shown}
        aria-label={`Show ${props.label}`}
        onClick={() => setShown(!shown)}
      >
        <span aria-hidden="true">{shown ? 'Hide' : 'Show'}</span>
      </button>
    </Field>
  );
}

function Field({
  name,
  label,
  help,
  error,
  groupError,
  defaultValue,
  autocomplete = 'off',
  inputMode,
  maxLength,
  optional = false,
  type,
  children,
}: Props & { type: 'text' | 'password'; children?: ComponentChildren }) {
  const id = useId();
  const wrong = error != null || groupError !== undefined;
  const described = [
    error != null ? `${id}-error` : '',
    groupError ?? '',
    help !== undefined ? `${id}-help` : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
  const attributes = {
    id,
    name,
    defaultValue: defaultValue ?? '',
    autocomplete,
    autocapitalize: 'off',
    spellcheck: false,
    ...(inputMode !== undefined && { inputMode }),
    ...(maxLength !== undefined && { maxLength }),
    'aria-required': optional ? undefined : ('true' as const),
    'aria-invalid': wrong ? ('true' as const) : undefined,
    'aria-describedby': described === '' ? undefined : described,
    'data-wrong': wrong ? '' : undefined,
  } as const;
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional && <span class="soft"> (optional)</span>}
      </label>
      <div class="field-box">
        {type === 'text' ? (
          <input type="text" {...attributes} />
        ) : (
          <input type="password" {...attributes} />
        )}
        {children}
      </div>
      {error != null && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {help !== undefined && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}
