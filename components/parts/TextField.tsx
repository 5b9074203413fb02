import type { ComponentChildren } from 'preact';
import { say } from '../../utils/platform/i18n.ts';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

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
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The next password typed into the same form is not shown unasked.
    const form = button.current?.form;
    const hide = () => setShown(false);
    form?.addEventListener('submit', hide);
    return () => form?.removeEventListener('submit', hide);
  }, []);
  // While it is text it must be "off": Chromium writes other text fields into the profile's session files.
  const kind = shown
    ? ({ type: 'text', autocomplete: 'off' } as const)
    : ({ type: 'password' } as const);
  return (
    <Field {...props} {...kind}>
      <button
        ref={button}
        type="button"
        class="reveal"
        aria-label={say(shown ? 'parts_hideField' : 'parts_showField', { field: props.label })}
        onClick={() => setShown(!shown)}
      >
        {say(shown ? 'parts_hide' : 'parts_show')}
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
        {optional && <span class="soft"> {say('parts_optional')}</span>}
      </label>
      <div class="field-box">
        {type === 'text' ? (
          <input {...attributes} type="text" />
        ) : (
          <input {...attributes} type="password" />
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
