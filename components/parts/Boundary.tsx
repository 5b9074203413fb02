import { Component, type ComponentChildren } from 'preact';
import { say } from '../../utils/platform/i18n.ts';
import { Notice } from './Notice.tsx';

interface Props {
  children: ComponentChildren;
}

/** What cannot be drawn says so, and how to get help, in the place of what it would have shown. */
export class Boundary extends Component<Props, { error: unknown }> {
  override state = { error: null };

  static override getDerivedStateFromError(error: unknown) {
    return { error: error ?? true };
  }

  override render({ children }: Props) {
    return this.state.error === null ? <>{children}</> : <NotDrawn />;
  }
}

/** A plain link, as nothing is sure to work here but the browser. */
function NotDrawn() {
  return (
    <div class="failed">
      <Notice kind="alert">
        <strong>{say('parts_notDrawn')}</strong> {say('parts_notDrawnHelp')}{' '}
        <a href="/timeline.html#report" target="_blank">
          {say('history_report')}
        </a>
      </Notice>
    </div>
  );
}
