/** What a call came to. */
import type { Failure } from './failure.ts';
import type { Issued, Proven } from './replies.ts';

export type Outcome = Issued | Proven | Failure;

export function isFailure(outcome: Outcome): outcome is Failure {
  return outcome.kind !== 'issued' && outcome.kind !== 'proven';
}
