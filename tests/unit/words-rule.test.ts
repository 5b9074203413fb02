/** The lint rule that keeps words for people in the message files (.config/words.js). */
import { Linter, type ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import ts from 'typescript';
import { expect, test } from 'vitest';

const RULE = new URL('../../.config/words.js', import.meta.url).href;
const { default: words } = (await import(/* @vite-ignore */ RULE)) as { default: ESLint.Plugin };

/** Lines of a component; all that a person would read is found. */
const WORDS = [
  `const text = <p>Saved</p>;`,
  `const mixed = <p>{n} logins</p>;`,
  `const one = <p>{busy ? 'Saving' : null}</p>;`,
  `const read = <input aria-label="Label" />;`,
  `const chosen = <input title={busy ? 'Busy' : undefined} />;`,
  `const prop = <Ask question="Really remove it?" />;`,
  `const filled = \`\${n} connected\`;`,
  `const states: Record<State, string> = { 'all well': 'It is connected.' };`,
  `const sentence = 'Copied.';`,
  `const markup = '<p class="soft">Not connected</p>';`,
  `const loud = () => setSaid('Nothing was saved');`,
];

/** What is data, or for developers, is not. */
const DATA = [
  `const name = <h1>Holdfast</h1>;`,
  `const joined = <p>{label} · {n}</p>;`,
  `const said = <p>{say('history_now')}</p>;`,
  `const classes = <p class={busy ? 'row busy' : 'row'} id="a b" />;`,
  `const drawing = <svg viewBox="0 0 8 8"><path d="m0 6 6 0z" /></svg>;`,
  `const box = { class: \`bar \${label}\`, n };`,
  `const closed: State = 'not well';`,
  `const same = state === 'all well';`,
  `const listed = ['one word', 'two words'] as const;`,
  `const compared = <p>{label === 'Other' && label}</p>;`,
  `const refused = () => { throw new Error('The page has no #app.'); };`,
  `const found = document.querySelector('a, button');`,
  `const type = 'application/json';`,
];

const HEAD = `type State = 'all well' | 'not well';
declare const Ask: (props: { question: string }) => null;
declare const setSaid: (text: string) => void;
declare const [n, busy, label, state]: [number, boolean, string, State];`;

/** A program of one file, with the types that the rule asks for. */
function programOf(name: string, code: string): ts.Program {
  const options = { jsx: ts.JsxEmit.Preserve, noLib: true, strict: true };
  const host = ts.createCompilerHost(options);
  host.getSourceFile = (path) =>
    path === name ? ts.createSourceFile(path, code, ts.ScriptTarget.ESNext, true) : undefined;
  return ts.createProgram([name], options, host);
}

test('words are found, and data is not', () => {
  const filename = 'example.tsx';
  const code = [HEAD, ...WORDS, ...DATA].join('\n');
  const messages = new Linter().verify(
    code,
    {
      files: [filename],
      languageOptions: {
        parser: tseslint.parser,
        parserOptions: { programs: [programOf(filename, code)], ecmaFeatures: { jsx: true } },
      },
      plugins: { words },
      rules: { 'words/in-messages': 'error' },
    },
    { filename },
  );
  const lines = code.split('\n');
  expect(messages.filter(({ ruleId }) => ruleId !== 'words/in-messages')).toEqual([]);
  expect([...new Set(messages.map(({ line }) => lines[line - 1]))]).toEqual(WORDS);
});
