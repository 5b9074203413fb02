import { describe } from '../../utils/words/cause.ts';
import type { Explanation } from '../../utils/keeper/status/cause.ts';
import { say } from '../../utils/platform/i18n.ts';
import { Said } from './Notice.tsx';
import { atSecond, atTime } from '../../utils/words/time.ts';

/** Why a login stands as it does: what happened, what to do, until when, and the broker's own words. */
export function Why({ why, now }: { why: Explanation; now: number }) {
  const { sentence, nextStep, said, sure } = describe(why);
  return (
    <>
      <p>
        {sentence}
        {sure !== null && <span class="soft"> {sure}</span>}
      </p>
      {nextStep !== '' && <p>{nextStep}</p>}
      {why.overAt !== null && (
        <p class="soft">
          {why.cause === 'yielding'
            ? say('why_overAtYield', { time: atSecond(why.overAt, now) })
            : say('why_overAt', { time: atTime(why.overAt, now) })}
        </p>
      )}
      {why.healsAt !== null && (
        <p class="soft">
          {why.healsAt > now
            ? say('why_healsAt', { time: atSecond(why.healsAt, now) })
            : say('why_healsNow')}
        </p>
      )}
      <Said words={said} />
    </>
  );
}
