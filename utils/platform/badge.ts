/**
 * The toolbar badge. It is memory of the browser session and has to be set again at every start
 * (platform FACTS.md §4).
 */
import { browser } from 'wxt/browser';

export interface Badge {
  /** One sign. */
  text: string;
  /** Behind it, as CSS writes it. */
  color: string;
  /** What is said when the pointer rests on it. */
  title: string;
}

export async function showBadge({ text, color, title }: Badge): Promise<void> {
  await Promise.all([
    browser.action.setBadgeText({ text }),
    browser.action.setBadgeBackgroundColor({ color }),
    browser.action.setBadgeTextColor({ color: '#ffffff' }),
    browser.action.setTitle({ title }),
  ]);
}
