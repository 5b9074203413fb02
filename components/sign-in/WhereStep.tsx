import type { ComponentChildren } from 'preact';
import { say } from '../../utils/platform/i18n.ts';
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
        <span class="number">1</span> {say('signIn_where')}
      </legend>
      <Choice
        name="brand"
        label={say('signIn_broker')}
        options={BRANDS.map((brand) => [
          brand,
          nameOf(brand),
          say('signIn_brokerHelp', { host: new URL(FRONT_DOORS[brand].webTrader).hostname }),
        ])}
        chosen={BRANDS[0]}
        onChoose={(value) => onBrand?.(brandOf(value))}
      />
      <Choice
        name="environment"
        label={say('signIn_environment')}
        options={[
          ['live', say('signIn_live'), say('signIn_liveHelp')],
          ['demo', say('signIn_demo'), say('signIn_demoHelp')],
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
