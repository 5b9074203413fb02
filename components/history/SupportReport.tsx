import { useEffect, useRef, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import type { LoginRecord } from '../../utils/records/login.ts';
import { report, type ReportInput } from '../../utils/keeper/status/report.ts';
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

const ANSWERS: [ReportInput['webLogin'], string][] = [
  ['yes', 'Yes'],
  ['no', 'No'],
  ['not tried', 'Not tried'],
];

/** One click makes the report, to be read before it is saved or copied. Nothing is sent. */
export function SupportReport({ vault, logins }: Props) {
  const [webLogin, setWebLogin] = useState<ReportInput['webLogin']>('not tried');
  const [shorten, setShorten] = useState(false);
  const [text, setText] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const preview = useRef<HTMLTextAreaElement>(null);
  const shown = text !== null;

  const make = () => compose(vault, { webLogin, shorten }).then(setText, () => setSaid(UNREADABLE));
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
      () => setSaid('Copied.'),
      () => setSaid('The browser did not allow copying. Save it as a file instead.'),
    );
  }

  return (
    <>
      <fieldset class="choices">
        <legend>
          Can you sign in on the broker’s own page? <PageLinks logins={logins} />
        </legend>
        {ANSWERS.map(([value, words]) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="web-login"
              checked={webLogin === value}
              onChange={() => setWebLogin(value)}
            />
            {words}
          </label>
        ))}
      </fieldset>
      <label class="choice">
        <input
          type="checkbox"
          checked={shorten}
          onChange={(event) => setShorten(event.currentTarget.checked)}
        />
        Shorten user names, labels and account names
      </label>
      <div class="actions">
        <Button kind={shown ? 'plain' : 'primary'} onClick={() => void make()}>
          {shown ? 'Make it anew' : 'Make the report'}
        </Button>
        {text !== null && (
          <>
            <Button kind="primary" onClick={() => save(text)}>
              Save as a file
            </Button>
            <Button onClick={() => void copy()}>Copy</Button>
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
          aria-label="Support report"
          readOnly
          rows={24}
          value={text}
        />
      )}
    </>
  );
}

const UNREADABLE = 'The storage could not be read. Close this page and open it again.';

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
