import { useRef, useState } from 'preact/hooks';
import type { Declared } from '../../utils/records/login.ts';
import { say } from '../../utils/platform/i18n.ts';
import { Button } from '../parts/Button.tsx';
import { TextField } from '../parts/TextField.tsx';

const MOST = 10;

interface Props {
  declared: readonly Declared[];
  onChange: (change: (declared: Declared[]) => Declared[]) => void;
}

/** The sessions that only the person knows of: named once, then switched on and off. */
export function DeclaredSessions({ declared, onChange }: Props) {
  const box = useRef<HTMLFieldSetElement>(null);
  const [wrong, setWrong] = useState<string | null>(null);

  function add() {
    const input = box.current?.querySelector<HTMLInputElement>('input[name=declare]');
    if (!input) return;
    const name = input.value.trim();
    const there = declared.some((one) => one.name.toLowerCase() === name.toLowerCase());
    setWrong(name === '' ? say('options_missingName') : there ? say('options_nameTwice') : null);
    input.focus();
    if (name === '' || there) return;
    input.value = '';
    onChange((all) => [...all, { name, on: true }]);
  }

  return (
    <fieldset class="declared" ref={box}>
      <legend>{say('options_declared')}</legend>
      <p class="help">{say('options_declaredHelp')}</p>
      {declared.length > 0 && (
        <ul>
          {declared.map(({ name, on }) => (
            <li key={name}>
              <label class="tick">
                <input
                  type="checkbox"
                  checked={on}
                  onChange={() =>
                    onChange((all) =>
                      all.map((one) => (one.name === name ? { name, on: !on } : one)),
                    )
                  }
                />
                <span>{name}</span>
              </label>
              <Button
                kind="quiet"
                label={say('options_removeName', { name })}
                onClick={() => {
                  onChange((all) => all.filter((one) => one.name !== name));
                  box.current?.querySelector<HTMLElement>('input[name=declare]')?.focus();
                }}
              >
                {say('options_remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {declared.length < MOST && (
        <div
          class="add"
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
            // Enter in this field adds; it does not send the form around it.
            event.preventDefault();
            add();
          }}
        >
          <TextField
            name="declare"
            label={say('options_declaredName')}
            maxLength={40}
            optional
            error={wrong ?? undefined}
          />
          <Button onClick={add}>{say('options_add')}</Button>
        </div>
      )}
    </fieldset>
  );
}
