import { useEffect, useRef, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import type { LoginRecord } from '../../utils/records/login.ts';
import { report, type ReportInput } from '../../utils/words/report.ts';
import { say, type MessageKey } from '../../utils/platform/i18n.ts';
import { granted } from '../../utils/platform/permissions.ts';
import { FRONT_DOORS } from '../../utils/tradovate/front-doors.ts';
import { allSecrets } from '../../utils/vault/secrets.ts';
import type { Vault } from '../../utils/vault/vault.ts';
import { systemClock } from '../../utils/platform/clock.ts';
import { Button } from '../parts/Button.tsx';

interface Props {
  vault: Vault;
  logins: readonly LoginRecord[];
}

const ANSWERS = [
  ['yes', 'report_yes'],
  ['no', 'report_no'],
  ['not tried', 'report_notTried'],
] as const satisfies [ReportInput['webLogin'], MessageKey][];

/** One click makes the report, to be read before it is saved or copied. Nothing is sent. */
export function SupportReport({ vault, logins }: Props) {
  const [webLogin, setWebLogin] = useState<ReportInput['webLogin']>('not tried');
  const [shorten, setShorten] = useState(false);
  const [text, setText] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const preview = useRef<HTMLTextAreaElement>(null);
  const shown = text !== null;

  const make = () =>
    compose(vault, { webLogin, shorten }).then(setText, () => setSaid(say('report_unreadable')));
  useEffect(() => {
    if (shown) void make();
    // What is shown answers to the choices above it.
  }, [webLogin, shorten]);
  useEffect(() => {
    preview.current?.focus();
    preview.current?.setSelectionRange(0, 0);
  }, [shown]);

  async function copy() {
    await navigator.clipboard.writeText(text ?? '').then(
      () => setSaid(say('report_copied')),
      () => setSaid(say('report_notCopied')),
    );
  }

  return (
    <>
      <fieldset class="choices">
        <legend>
          {say('report_webLogin')} <PageLinks logins={logins} />
        </legend>
        {ANSWERS.map(([value, words]) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="web-login"
              checked={webLogin === value}
              onChange={() => setWebLogin(value)}
            />
            {say(words)}
          </label>
        ))}
      </fieldset>
      <label class="choice">
        <input
          type="checkbox"
          checked={shorten}
          onChange={(event) => setShorten(event.currentTarget.checked)}
        />
        {say('report_shorten')}
      </label>
      <div class="actions">
        <Button kind={shown ? 'plain' : 'primary'} onClick={() => void make()}>
          {say(shown ? 'report_makeAnew' : 'report_make')}
        </Button>
        {text !== null && (
          <>
            <Button kind="primary" onClick={() => save(text)}>
              {say('report_save')}
            </Button>
            <Button onClick={() => void copy()}>{say('report_copy')}</Button>
          </>
        )}
      </div>
      <p class="outcome" role="status">
        {said}
      </p>
      {text !== null && (
        <textarea
          ref={preview}
          class="report"
          aria-label={say('history_report')}
          readOnly
          rows={24}
          value={text}
        />
      )}
    </>
  );
}

function PageLinks({ logins }: { logins: readonly LoginRecord[] }) {
  const brands = new Set(logins.map(({ brand }) => brand));
  return [...brands].map((brand) => (
    <a key={brand} href={FRONT_DOORS[brand].webTrader} target="_blank" rel="noreferrer">
      {new URL(FRONT_DOORS[brand].webTrader).hostname}{' '}
    </a>
  ));
}

/** Reads all that goes into the report. The secrets are read to keep them out of it. */
async function compose(
  vault: Vault,
  choices: Pick<ReportInput, 'webLogin' | 'shorten'>,
): Promise<string> {
  const [logins, journal, permissions] = await Promise.all([
    vault.logins(),
    vault.journal(),
    granted(),
  ]);
  return report({
    ...choices,
    now: systemClock.now(),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    logins,
    journal,
    versions: { holdfast: browser.runtime.getManifest().version, browser: navigator.userAgent },
    permissions,
    secrets: await allSecrets(vault),
  });
}

function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'holdfast-report.txt';
  link.click();
  URL.revokeObjectURL(address);
}
