import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface ChoiceProps {
  name: string;
  label: string;
  options: [value: string, words: string, help: string][];
  chosen?: string;
  error?: ComponentChildren;
  onChoose?: (value: string) => void;
}

/** One of a few, each as a card with a word of help. */
export function Choice({ name, label, options, chosen, error, onChoose }: ChoiceProps) {
  const id = useId();
  const wrong = error != null;
  return (
    <div
      class="field"
      role="radiogroup"
      aria-labelledby={id}
      aria-invalid={wrong ? 'true' : undefined}
      aria-describedby={wrong ? `${id}-error` : undefined}
    >
      <span class="label" id={id}>
        {label}
      </span>
      <div class="cards">
        {options.map(([value, words, help], index) => (
          <label key={value} class="card">
            <input
              type="radio"
              name={name}
              value={value}
              defaultChecked={value === chosen}
              aria-label={words}
              aria-describedby={`${id}-${value}`}
              data-wrong={wrong && index === 0 ? '' : undefined}
              onChange={() => onChoose?.(value)}
            />
            <span class="card-words">
              {words}
              <span class="help" id={`${id}-${value}`}>
                {help}
              </span>
            </span>
          </label>
        ))}
      </div>
      {wrong && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
