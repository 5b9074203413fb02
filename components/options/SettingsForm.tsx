import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { MOST_STARTS, type NoticeKind, type Settings } from '../../utils/records/settings.ts';
import { ask } from '../../utils/messages/protocol.ts';
import { Button } from '../parts/Button.tsx';
import { focusFirstWrong, typed, useMissing, type Missing } from '../parts/form.ts';
import { answerInWords } from '../parts/answer.ts';
import { TestNotification } from './TestNotification.tsx';
import { TextField } from '../parts/TextField.tsx';
import { asTime, DAYS, nextHere, readDay, readTime, typedDay } from './times.ts';

const KINDS: [kind: NoticeKind, words: string, help: string][] = [
  [
    'ends',
    'A session is about to end, or has ended',
    '15 and 5 minutes before if Holdfast cannot renew it and you can help; when it is gone; and how long it was down.',
  ],
  [
    'ready',
    'Not all logins are ready to trade',
    '30 and 5 minutes before you begin. When all is well there is only the tick on the toolbar button.',
  ],
  [
    'idle',
    'The weekend may end the sessions',
    'Friday 15:30 Central Time: the first time, and after a weekend that this computer slept through.',
  ],
];

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
    setSaid(answer.ok ? 'Saved.' : 'Not saved: Holdfast’s background part did not answer.');
  }

  const next = nextHere(settings.starts, now);
  return (
    <form
      ref={form}
      class="settings"
      noValidate
      aria-label="Notifications and trading times"
      onInput={() => setSaid('')}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <fieldset>
        <legend>Tell me when</legend>
        {KINDS.map(([kind, words, help]) => (
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
        <legend>Quiet hours</legend>
        <label class="tick">
          <input type="checkbox" name="quiet" defaultChecked={settings.quiet.on} />
          <span>
            No notifications during these hours
            <span class="help">
              On this computer’s clock. What is still true when they end is told then.
            </span>
          </span>
        </label>
        <div class="times">
          <TextField
            name="from"
            label="From"
            maxLength={8}
            defaultValue={asTime(settings.quiet.from)}
            error={missing?.from}
          />
          <TextField
            name="until"
            label="Until"
            maxLength={8}
            defaultValue={asTime(settings.quiet.until)}
            error={missing?.until}
          />
        </div>
      </fieldset>

      <fieldset>
        <legend>When you begin to trade</legend>
        <p class="help">
          Central Time, the exchange’s clock. 30 and 5 minutes before, every login is proven.
          Several times in a day are separated by commas; an empty day has no check.
        </p>
        <div class="times">
          {DAYS.map((day, index) => (
            <TextField
              key={day}
              name={day}
              label={day}
              optional
              maxLength={60}
              defaultValue={typedDay(index, settings.starts)}
              error={missing?.[day]}
            />
          ))}
        </div>
        <p class="help">
          {next === null
            ? 'As it is saved, there is no check.'
            : `As it is saved, you begin next on ${next} by this computer’s clock.`}
        </p>
      </fieldset>

      <div class="actions">
        <Button type="submit" kind="primary" busy={pending}>
          Save settings
        </Button>
        <p class="outcome" role="status">
          {said}
        </p>
      </div>
    </form>
  );
}

const NO_TIME = 'Type a time such as 08:30.';

/** What was typed, and what is wrong with it. */
function read(form: HTMLFormElement | null): { settings: Settings; wrong: Missing } {
  const on = (name: string) => typed(form, name) !== '';
  const [from, until] = [readTime(typed(form, 'from')), readTime(typed(form, 'until'))];
  const days = DAYS.map((day, index) => readDay(index, typed(form, day)));
  const starts = [...new Set(days.flatMap((day) => day ?? []))].sort((one, other) => one - other);
  const wrong: Missing = {
    ...(from === null && { from: NO_TIME }),
    ...(until === null && { until: NO_TIME }),
    ...(from !== null && from === until && { until: 'Type another time than the beginning.' }),
    ...Object.fromEntries(
      DAYS.filter((_, index) => days[index] === null).map((day) => [
        day,
        'Type times such as 08:30, 17:00.',
      ]),
    ),
    ...(starts.length > MOST_STARTS && {
      Sunday: `Type no more than ${MOST_STARTS} times for the whole week.`,
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
