/** The browser of unit tests: WXT's fake one, with the English messages in the place of the browser's own. */
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { message } from '../sentence.ts';

fakeBrowser.i18n.getMessage = (key: string, substitutions: string | (string | number)[] = []) =>
  message(key, [substitutions].flat().map(String));
fakeBrowser.i18n.getUILanguage = () => 'en-GB';

export { fakeBrowser as browser };
