import { say } from '../../utils/platform/i18n.ts';

/**
 * What the documentation says for an allowance (FACTS.md row 5: its sources differ by age and
 * plan).
 */
export function allowanceSays(slots: number): string {
  if (slots === 1) return say('options_allowanceOne');
  return say(slots === 2 ? 'options_allowanceTwo' : 'options_allowanceMore');
}
