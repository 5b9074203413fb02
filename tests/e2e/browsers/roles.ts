/** Which elements can have a role, as CSS. Names are asked of the browser itself. */
const byRole: Record<string, string> = {
  alert: '[role=alert]',
  article: 'article',
  banner: 'header',
  button: 'button, summary, input:is([type=button], [type=submit], [type=reset], [type=image])',
  cell: 'td',
  checkbox: 'input[type=checkbox]',
  columnheader: 'th',
  combobox: 'select:not([multiple], [size])',
  complementary: 'aside',
  contentinfo: 'footer',
  dialog: 'dialog',
  form: 'form',
  group: 'fieldset, details, optgroup',
  heading: 'h1, h2, h3, h4, h5, h6',
  img: 'img, svg',
  link: 'a[href], area[href]',
  list: 'ul, ol, menu',
  listitem: 'li',
  main: 'main',
  navigation: 'nav',
  option: 'option',
  progressbar: 'progress',
  radio: 'input[type=radio]',
  region: 'section',
  row: 'tr',
  searchbox: 'input[type=search]',
  slider: 'input[type=range]',
  spinbutton: 'input[type=number]',
  status: 'output',
  table: 'table',
  textbox:
    'textarea, input:not([type]), input:is([type=text], [type=email], [type=tel], [type=url])',
};

/** CSS for the elements that can have `role`: those of the tag with no other role, and by aria. */
export function selectorFor(role: string): string {
  const native = byRole[role];
  const aria = `[role~="${role}"]`;
  return native === undefined ? aria : `:is(${native}):not([role]), ${aria}`;
}

/** Roles that `within` looks for. */
export const containerRoles = [
  'region',
  'group',
  'dialog',
  'alertdialog',
  'form',
  'article',
  'listitem',
  'list',
  'navigation',
  'main',
  'complementary',
  'row',
  'table',
  'tabpanel',
  'radiogroup',
  'status',
  'alert',
] as const;

/** Roles of what a label can name. */
export const fieldRoles = [
  'textbox',
  'searchbox',
  'spinbutton',
  'combobox',
  'listbox',
  'checkbox',
  'switch',
  'radio',
  'slider',
] as const;

/** CSS for everything that a label can name. Password fields have no role at all. */
export const fieldSelector = [
  'input:not([type=hidden], [type=button], [type=submit], [type=reset], [type=image])',
  'textarea',
  'select',
  '[contenteditable=""]',
  '[contenteditable=true]',
  ...fieldRoles.map((role) => `[role=${role}]`),
].join(', ');

/** CSS for what a person can press in a shadow root. */
export const pressableSelector =
  'button, a[href], summary, input, select, textarea, [role=button], [role=link], [role=checkbox], [role=switch]';
