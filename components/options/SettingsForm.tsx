import { MINUTES_A_DAY } from '../../utils/durations.ts';
import { BEFORE_WEEKEND } from '../../utils/keeper/when/trading-day.ts';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { MOST_STARTS, type NoticeKind, type Settings } from '../../utils/records/settings.ts';
import { say, sayCount } from '../../utils/platform/i18n.ts';
import { ask } from '../../utils/messages/protocol.ts';
import { Button } from '../parts/Button.tsx';
import { focusFirstWrong, typed, useMissing, type Missing } from '../parts/form.ts';
import { answerInWords } from '../parts/answer.ts';
import { TestNotification } from './TestNotification.tsx';
import { TextField } from '../parts/TextField.tsx';
import { asTime, nextHere, readDay, readTime, shownTime, typedDay, weekdays } from './times.ts';

const kinds = (): [kind: NoticeKind, words: string, help: string][] => [
  ['ends', say('options_tellEnds'), say('options_tellEndsHelp')],
  ['ready', say('options_tellReady'), say('options_tellReadyHelp')],
  [
    'idle',
    say('options_tellIdle'),
    say('options_tellIdleHelp', { time: shownTime(BEFORE_WEEKEND % MINUTES_A_DAY) }),
  ],
];

/** The name of a day's field, Sunday being 0. */
const dayField = (day: number) => `day${day}`;

/** What is told and when, and when the person begins to trade. Fields keep what was typed. */
export function SettingsForm({ settings, now }: { settings: Settings; now: number }) {
  const form = useRef<HTMLFormElement>(null);
  const { missing, check } = useMissing();
  const [pending, setPending] = useState(false);
  const [said, setSaid] = useState('');
  useLayoutEffect(() => {
    if (missing !== null) focusFirstWrong(form.current);
  }, [missing]);

  async function submit() {
    setSaid('');
    const { wrong, settings: changed } = read(form.current);
    if (!check(wrong) || pending) return;
    setPending(true);
    const answer = await answerInWords(() => ask('editSettings', changed));
    setPending(false);
    setSaid(say(answer.ok ? 'options_saved' : 'options_notSaved'));
  }

  const next = nextHere(settings.starts, now);
  return (
    <form
      ref={form}
      class="settings"
      noValidate
      aria-label={say('options_notifications')}
      onInput={() => setSaid('')}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <fieldset>
        <legend>{say('options_tellMe')}</legend>
        {kinds().map(([kind, words, help]) => (
          <label key={kind} class="tick">
            <input type="checkbox" name={kind} defaultChecked={settings[kind]} />
            <span>
              {words}
              <span class="help">{help}</span>
            </span>
          </label>
        ))}
        <TestNotification />
      </fieldset>

      <fieldset>
        <legend>{say('options_quiet')}</legend>
        <label class="tick">
          <input type="checkbox" name="quiet" defaultChecked={settings.quiet.on} />
          <span>
            {say('options_quietOn')}
            <span class="help">{say('options_quietHelp')}</span>
          </span>
        </label>
        <div class="times">
          <TextField
            name="from"
            label={say('options_quietFrom')}
            maxLength={8}
            defaultValue={asTime(settings.quiet.from)}
            error={missing?.from}
          />
          <TextField
            name="until"
            label={say('options_quietUntil')}
            maxLength={8}
            defaultValue={asTime(settings.quiet.until)}
            error={missing?.until}
          />
        </div>
      </fieldset>

      <fieldset>
        <legend>{say('options_begin')}</legend>
        <p class="help">{say('options_beginHelp')}</p>
        <div class="times">
          {weekdays().map((day, index) => (
            <TextField
              key={day}
              name={dayField(index)}
              label={day}
              optional
              maxLength={60}
              defaultValue={typedDay(index, settings.starts)}
              error={missing?.[dayField(index)]}
            />
          ))}
        </div>
        <p class="help">
          {next === null ? say('options_noBegin') : say('options_nextBegin', next)}
        </p>
      </fieldset>

      <div class="actions">
        <Button type="submit" kind="primary" busy={pending}>
          {say('options_saveSettings')}
        </Button>
        <p class="outcome" role="status">
          {said}
        </p>
      </div>
    </form>
  );
}

/** What was typed, and what is wrong with it. */
function read(form: HTMLFormElement | null): { settings: Settings; wrong: Missing } {
  const on = (name: string) => typed(form, name) !== '';
  const [from, until] = [readTime(typed(form, 'from')), readTime(typed(form, 'until'))];
  const days = [0, 1, 2, 3, 4, 5, 6].map((day) => readDay(day, typed(form, dayField(day))));
  const starts = [...new Set(days.flatMap((day) => day ?? []))].sort((one, other) => one - other);
  const wrong: Missing = {
    ...(from === null && { from: say('options_wrongTime') }),
    ...(until === null && { until: say('options_wrongTime') }),
    ...(from !== null && from === until && { until: say('options_sameTime') }),
    ...Object.fromEntries(
      days.flatMap((day, index) =>
        day === null ? [[dayField(index), say('options_wrongTimes')]] : [],
      ),
    ),
    ...(starts.length > MOST_STARTS && {
      [dayField(0)]: sayCount('options_tooManyTimes', MOST_STARTS),
    }),
  };
  return {
    settings: {
      ends: on('ends'),
      ready: on('ready'),
      idle: on('idle'),
      starts,
      quiet: { on: on('quiet'), from: from ?? 0, until: until ?? 1 },
    },
    wrong,
  };
}
