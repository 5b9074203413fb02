import { useEffect, useState } from 'preact/hooks';
import { readSettings, type Settings } from '../../utils/records/settings.ts';
import { onChange } from '../../utils/platform/changes.ts';
import type { Records } from '../../utils/vault/database.ts';

/** What the person has set, read again after each change; null until it has been read. */
export function useSettings(records: Pick<Records, 'setting'>): Settings | null {
  const [settings, setSettings] = useState<Settings | null>(null);
  useEffect(() => {
    const read = () =>
      records.setting('settings').then(
        (stored) => setSettings(readSettings(stored)),
        // As it was.
        () => undefined,
      );
    void read();
    return onChange(() => void read());
  }, [records]);
  return settings;
}
