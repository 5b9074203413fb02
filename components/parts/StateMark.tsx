import type { State } from '../../utils/keeper/status/state.ts';

/**
 * A state as a shape, so that it is told without colour: disc with tick, broken ring, octagon with
 * cross, hollow clock. Decoration for screen readers: the word always stands beside it.
 */
export function StateMark({ state }: { state: State }) {
  return (
    <svg class={`mark ${state}`} viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      {SHAPES[state]}
    </svg>
  );
}

const SHAPES = {
  connected: (
    <>
      <circle cx="10" cy="10" r="8.5" class="solid" />
      <path d="m6.2 10.3 2.6 2.6 5-5.4" class="cut" />
    </>
  ),
  reconnecting: (
    <>
      <circle cx="10" cy="10" r="7.4" class="track" />
      <path d="M10 2.6a7.4 7.4 0 0 1 0 14.8" class="line" />
    </>
  ),
  disconnected: (
    <>
      <path d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z" class="solid" />
      <path d="m7 7 6 6m0-6-6 6" class="cut" />
    </>
  ),
  expired: (
    <>
      <circle cx="10" cy="10" r="7.6" class="line" />
      <path d="M10 5.6V10l2.9 2" class="line" />
    </>
  ),
} satisfies Record<State, unknown>;
