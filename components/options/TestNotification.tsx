import { useState } from 'preact/hooks';
import { showNotice, TEST } from '../../utils/platform/notifications.ts';
import { Button } from '../parts/Button.tsx';

const LOOK =
  'If you saw none: allow notifications of this browser in the system’s settings, and switch off its “do not disturb”.';

/** Shows a notification to try it out. Whether the system lets anybody see it no browser says. */
export function TestNotification() {
  const [said, setSaid] = useState('');

  async function show() {
    setSaid('');
    const shown = await showNotice({
      id: TEST,
      title: 'Holdfast can reach you',
      message: 'This is what its notifications look like.',
    }).then(
      () => 'Handed over to the system.',
      () => 'The browser refused to show it.',
    );
    setSaid(`${shown} ${LOOK}`);
  }

  return (
    <div class="test">
      <Button onClick={() => void show()}>Show a test notification</Button>
      <p class="help" role="status">
        {said}
      </p>
    </div>
  );
}
