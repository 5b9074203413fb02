import type { ComponentChildren } from 'preact';
import type { Brand, Environment } from '../../utils/tradovate/hosts.ts';
import { Choice } from '../parts/Choice.tsx';
import { typed } from '../parts/form.ts';
import { BRANDS } from '../../utils/words/time.ts';

export interface Where {
  brand: Brand;
  /** Null until it is chosen: nobody should land in live by not looking. */
  environment: Environment | null;
}

export const CHOOSE_ENVIRONMENT = 'Choose live or demo.';

/** The first step of every way in: front door and environment. */
export function WhereStep({
  onBrand,
  wrong,
}: {
  onBrand?: (brand: Brand) => void;
  /** What is wrong with the environment. */
  wrong?: ComponentChildren;
}) {
  return (
    <fieldset class="step">
      <legend>
        <span class="number">1</span> Where you trade
      </legend>
      <Choice
        name="brand"
        label="Broker"
        options={[
          ['tradovate', BRANDS.tradovate, 'You sign in at trader.tradovate.com'],
          ['ninjatrader', BRANDS.ninjatrader, 'You sign in at web.ninjatrader.com'],
        ]}
        chosen="tradovate"
        onChoose={(value) => onBrand?.(brandOf(value))}
      />
      <Choice
        name="environment"
        label="Environment"
        options={[
          ['live', 'Live', 'Real money'],
          ['demo', 'Demo', 'Simulation, and most evaluation accounts'],
        ]}
        error={wrong}
      />
    </fieldset>
  );
}

/** What was chosen in the step. */
export function whereTyped(form: HTMLFormElement | null): Where {
  const environment = typed(form, 'environment');
  return {
    brand: brandOf(typed(form, 'brand')),
    environment: environment === 'live' || environment === 'demo' ? environment : null,
  };
}

function brandOf(value: string): Brand {
  return value === 'ninjatrader' ? 'ninjatrader' : 'tradovate';
}
