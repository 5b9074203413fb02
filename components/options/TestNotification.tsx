import { useState } from 'preact/hooks';
import { say } from '../../utils/platform/i18n.ts';
import { showNotice, TEST } from '../../utils/platform/notifications.ts';
import { Button } from '../parts/Button.tsx';

/** Shows a notification to try it out. Whether the system lets anybody see it no browser says. */
export function TestNotification() {
  const [said, setSaid] = useState('');

  async function show() {
    setSaid('');
    const shown = await showNotice({
      id: TEST,
      title: say('options_testTitle'),
      message: say('options_testMessage'),
    }).then(
      () => say('options_testShown'),
      () => say('options_testRefused'),
    );
    setSaid(`${shown} ${say('options_testHelp')}`);
  }

  return (
    <div class="test">
      <Button onClick={() => void show()}>{say('options_test')}</Button>
      <p class="help" role="status">
        {said}
      </p>
    </div>
  );
}
