// House rules live here, each with the sentence that explains it.
import eslint from '@eslint/js';
import unicorn from 'eslint-plugin-unicorn';
import tseslint from 'typescript-eslint';
import words from './words.js';

const clock = {
  selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
  message:
    'Take the time from a Clock that is handed in (utils/platform/clock.ts), so that tests own it.',
};
const newDate = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message:
    'Take the time from a Clock that is handed in (utils/platform/clock.ts), so that tests own it.',
};
const random = {
  selector: "MemberExpression[object.name='Math'][property.name='random']",
  message:
    'Take randomness from the function that is handed in (utils/platform/random.ts), so that tests can repeat it.',
};
const asyncListener = {
  selector:
    "CallExpression[callee.property.name='addListener'][callee.object.property.name='onMessage'] > :matches(ArrowFunctionExpression, FunctionExpression)[async=true]",
  message:
    'An async onMessage listener answers every message with a promise and steals the reply of the listener it was meant for.',
};
const chromeGlobal = {
  name: 'chrome',
  message: 'Import browser from wxt/browser: one name for the API in every browser.',
};
const purity = (room, why) => ({
  files: [`utils/${room}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ['wxt/*', 'webextension-polyfill', '**/platform/*', '**/vault/*'],
            message: why,
            allowTypeImports: true,
          },
        ],
      },
    ],
    'no-restricted-globals': [
      'error',
      chromeGlobal,
      ...[
        'browser',
        'navigator',
        'indexedDB',
        'setTimeout',
        'setInterval',
        'window',
        'document',
      ].map((name) => ({
        name,
        message: why,
      })),
      ...(room === 'keeper' ? [{ name: 'fetch', message: why }] : []),
    ],
  },
});

export default tseslint.config(
  { ignores: ['.output/', '.wxt/', '.artefacts/', 'node_modules/', 'test-results/'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['.config/*.js', '.config/*.ts', 'tests/*.mjs'] },
        tsconfigRootDir: import.meta.dirname + '/..',
      },
    },
    plugins: { unicorn },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'unicorn/filename-case': ['error', { case: 'kebabCase', ignore: [/^[A-Z]\w+\.tsx$/] }],
      'unicorn/prefer-node-protocol': 'error',
      'unicorn/error-message': 'error',
      'unicorn/throw-new-error': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-globals': ['error', chromeGlobal],
      'no-restricted-syntax': ['error', asyncListener],
    },
  },
  {
    files: ['utils/**/*.ts', 'entrypoints/**/*.{ts,tsx}', 'components/**/*.tsx'],
    ignores: ['utils/platform/clock.ts', 'utils/platform/random.ts'],
    rules: { 'no-restricted-syntax': ['error', asyncListener, clock, newDate, random] },
  },
  purity(
    'keeper',
    'utils/keeper decides and is pure: the browser, the network and the clock are handed in.',
  ),
  purity(
    'tradovate',
    'utils/tradovate knows the broker: no browser, no storage, no timers of its own.',
  ),
  {
    files: ['{components,entrypoints,utils}/**/*.{ts,tsx}'],
    // The support report is English: it is read by whoever helps.
    ignores: ['utils/keeper/status/report.ts'],
    plugins: { words },
    rules: { 'words/in-messages': 'error' },
  },
  {
    // The tests print what a person reads, and run in Node.
    files: ['tests/**', '.config/**'],
    rules: { 'no-console': 'off' },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['tests/*.mjs'], languageOptions: { globals: { console: false } } },
);
