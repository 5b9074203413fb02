import type { ComponentChildren } from 'preact';
import type { Environment } from '../../utils/tradovate/hosts.ts';
import { BRANDS, FRONT_DOORS, isBrand, type Brand } from '../../utils/tradovate/front-doors.ts';
import { Choice } from '../parts/Choice.tsx';
import { typed } from '../parts/form.ts';
import { nameOf } from '../../utils/words/time.ts';

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
        options={BRANDS.map((brand) => [
          brand,
          nameOf(brand),
          `You sign in at ${new URL(FRONT_DOORS[brand].webTrader).hostname}`,
        ])}
        chosen={BRANDS[0]}
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
  return isBrand(value) ? value : BRANDS[0];
}
