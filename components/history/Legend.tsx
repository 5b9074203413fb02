import { useId } from 'preact/hooks';
import type { Condition } from '../../utils/keeper/status/history.ts';
import { say, type MessageKey } from '../../utils/platform/i18n.ts';
import { Bar, Textures } from './Timeline.tsx';

const SIZE = { viewBox: '0 8 28 30', width: 28, height: 30, 'aria-hidden': true } as const;

export const CONDITION_WORDS = {
  alive: 'history_alive',
  'at-risk': 'history_atRisk',
  dead: 'history_dead',
  asleep: 'history_asleep',
} as const satisfies Record<Condition, MessageKey>;

/** What the shapes of a timeline mean. */
export function Legend() {
  const id = useId();
  return (
    <ul class="legend">
      {(Object.keys(CONDITION_WORDS) as Condition[]).map((is) => (
        <li key={is}>
          <svg class="timeline" {...SIZE}>
            <Textures id={`${id}-${is}`} />
            <Bar is={is} x="0" width="28" id={`${id}-${is}`} />
          </svg>
          {say(CONDITION_WORDS[is])}
        </li>
      ))}
      <li>
        <svg class="timeline" {...SIZE}>
          <Textures id={`${id}-market`} />
          <rect class="closed" width="28" height="40" fill={`url(#${id}-market-closed)`} />
        </svg>
        {say('history_closed')}
      </li>
      <li>
        <svg class="timeline" {...SIZE} viewBox="0 -4 28 22">
          <line class="tick" x1="8" x2="8" y1="3" y2="11" />
          <line class="tick" x1="20" x2="20" y1="3" y2="11" />
        </svg>
        {say('history_renewal')}
      </li>
      <li>
        <svg class="timeline" {...SIZE} viewBox="0 -4 28 22">
          <path class="sign-in" d="m10 3 4 8 4-8z" />
        </svg>
        {say('history_signIn')}
      </li>
    </ul>
  );
}
