/**
 * What is going to happen, thrown by the dice alone: a step is the same for the same seed, however
 * fast the browser is. What time does not allow is left out when it comes to it (voyage.ts).
 */
import type { FaultRule } from '../../simulator/broker-types.ts';
import type { HoldStage } from '../../simulator/server.ts';
import type { Dice } from './dice.ts';

/** What a person or the clock does meanwhile. */
export type Flow = 'wait' | 'renew' | 'pause' | 'label' | 'web';
const FLOWS: readonly Flow[] = [
  ...(['wait', 'wait', 'wait', 'renew', 'renew', 'renew', 'renew', 'renew'] as const),
  ...(['pause', 'label', 'web'] as const),
];

const STAGES: readonly HoldStage[] = [
  'before-request',
  'before-handling',
  'before-reply',
  'inside-body',
];

export interface Death {
  /** Where in a renewal it strikes, or at any time. */
  stage: HoldStage | 'any';
  /** At any time: so long after the flow has begun, ms. */
  afterMs: number;
  /** What becomes of the call that is held: its socket is cut, or the broker goes on without its caller. */
  held: 'drop' | 'release';
  /** Deaths one after the other, each while the background is just starting again. */
  times: number;
  /** From its new start to its next death, ms. */
  gapMs: number;
  /** What brings the background back. */
  wake: 'alarm' | 'message' | 'click';
}

export interface Step {
  /** Which login, by its place. */
  login: number;
  flow: Flow;
  fault: Omit<FaultRule, 'user'> | null;
  death: Death | null;
}

/** The next step among so many logins. */
export function throwStep(dice: Dice, logins: number): Step {
  const flow = dice.pick(FLOWS);
  const fault = dice.chance(0.25) ? throwFault(dice, flow) : null;
  return {
    login: dice.between(0, logins - 1),
    flow,
    fault,
    death: dice.chance(0.9) ? throwDeath(dice, flow, fault !== null) : null,
  };
}

function throwDeath(dice: Dice, flow: Flow, faulty: boolean): Death {
  const held = !faulty && (flow === 'wait' || flow === 'renew') && dice.chance(0.85);
  return {
    stage: held ? dice.pick(STAGES) : 'any',
    afterMs: dice.between(0, flow === 'wait' || flow === 'web' ? 1_500 : 250),
    held: dice.pick(['drop', 'release']),
    times: dice.pick([1, 1, 1, 2, 3]),
    gapMs: dice.between(0, 200),
    wake: dice.pick(['alarm', 'alarm', 'message', 'message', 'click']),
  };
}

function throwFault(dice: Dice, flow: Flow): Omit<FaultRule, 'user'> {
  // A web login makes the keeper ask whether the session survived it.
  const endpoint = flow === 'web' ? 'account/list' : 'renewaccesstoken';
  const executes = dice.chance(0.5);
  return dice.pick([
    { endpoint, fault: 'unavailable-503' },
    { endpoint, fault: 'slow', delayMs: dice.between(100, 900) },
    { endpoint, fault: 'slow', delayMs: dice.between(1_000, 3_000) },
    { endpoint, fault: 'cut-off', executes },
    { endpoint, fault: 'penalty', pTime: 1 },
    { endpoint, fault: 'silence', executes },
  ] as const);
}

/** How long the next token of a login lives, ms. */
export function throwLife(dice: Dice): number {
  // The longer ones leave room for bursts and for an alarm that comes after a cut renewal.
  return dice.chance(0.8) ? dice.between(12_000, 20_000) : dice.between(20_000, 40_000);
}
