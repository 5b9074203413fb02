/** The state of a login in one or two words, shown beside its shape. */
import type { State } from '../keeper/status/standing.ts';
import { say } from '../platform/i18n.ts';

export function stateInWords(state: State): string {
  return say(`state_${state}`);
}
