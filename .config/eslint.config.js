// House rules live here, each with the sentence that explains it.
import { posix } from 'node:path';
import eslint from '@eslint/js';
import unicorn from 'eslint-plugin-unicorn';
import tseslint from 'typescript-eslint';
import { shortFunctions } from './short-functions.js';
import words from './words.js';

const { relative } = posix;

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
const waits = (why) =>
  [
    ':function[async=true]',
    'AwaitExpression',
    'ForOfStatement[await=true]',
    "CallExpression[callee.property.name='then']",
    "Identifier[name='Promise']",
  ].map((selector) => ({
    selector,
    message: `${why} Nothing here waits: that is for keeper/run.`,
  }));
const OF_THE_BROWSER = [
  ...['browser', 'navigator', 'indexedDB', 'fetch', 'window', 'document'],
  ...['setTimeout', 'setInterval'],
];

/**
 * What each room of utils/ is for, which others it may import (besides itself and durations.ts), and
 * whether a line in it may wait. `types`: of these only types. `besides`: single files, and why.
 */
const ROOMS = [
  {
    room: 'records',
    why: 'utils/records says what is stored: it knows the broker’s words, and nothing above it.',
    may: ['tradovate'],
  },
  {
    room: 'tradovate',
    why: 'utils/tradovate says what the broker is: no browser, no storage, no timers of its own. client.ts alone calls it.',
    may: [],
    packages: ['valibot'],
    mayWait: ['client.ts'],
  },
  {
    room: 'keeper/when',
    why: 'utils/keeper/when says when something is due: times from records, and nothing is done.',
    may: ['records', 'tradovate'],
    // Whether a refresh token may be redeemed unasked depends on the sessions that are known.
    besides: ['keeper/status/sessions.ts'],
  },
  {
    room: 'keeper/status',
    why: 'utils/keeper/status says how things stand: from records and the clock, and nothing is done.',
    may: ['records', 'tradovate', 'keeper/when'],
    types: ['platform'],
  },
  {
    room: 'keeper/decide',
    why: 'utils/keeper/decide says what follows from an event: what is to be written and which call is made, and nothing is done.',
    may: ['records', 'tradovate', 'keeper/when', 'keeper/status'],
  },
  {
    room: 'keeper/run',
    why: 'utils/keeper/run does what was decided. The browser, the network and the clock are handed in: of them it knows the types.',
    may: ['records', 'tradovate', 'keeper/when', 'keeper/status', 'keeper/decide'],
    types: ['platform', 'vault', 'messages'],
    mayWait: ['*.ts'],
  },
  {
    room: 'vault',
    why: 'utils/vault keeps records and secrets on disk: it decides nothing, and imports nothing from the keeper.',
    may: ['records', 'tradovate'],
    packages: ['idb'],
    browser: true,
    mayWait: ['*.ts'],
  },
  {
    room: 'platform',
    why: 'utils/platform is one module for each thing of the browser: it decides nothing, and imports nothing from the keeper.',
    may: ['records', 'tradovate'],
    // The words are a file of the browser's own, of which the types of their names are made.
    besides: ['../public/_locales/en/messages.json'],
    packages: ['wxt/'],
    browser: true,
    mayWait: ['*.ts'],
  },
  {
    room: 'words',
    why: 'utils/words says it for people: from what the pure rooms say, and nothing is done.',
    may: ['records', 'tradovate', 'keeper/when', 'keeper/status'],
    besides: ['platform/i18n.ts'],
    types: ['platform'],
  },
  {
    room: 'messages',
    why: 'utils/messages says what may be asked of the background: it answers nothing itself.',
    may: ['records', 'tradovate'],
    types: ['keeper/status', 'trader-page'],
    packages: ['valibot', 'wxt/', '@webext-core/messaging'],
    browser: true,
    mayWait: ['*.ts'],
  },
  {
    room: 'trader-page',
    why: 'utils/trader-page is about the broker’s pages: it sees them, asks the background, and decides nothing of the keeping.',
    may: ['records', 'tradovate', 'keeper/status', 'words', 'messages', 'platform'],
    packages: ['wxt/'],
    browser: true,
    mayWait: ['*.ts'],
  },
];

const from = (room) => (path) =>
  relative(`utils/${room}`, `utils/${path}`).replaceAll('.', '\\.').replaceAll('*', '[^/]+');

/** All that `room` may not import, as one regular expression. */
function allBut({ room, may, types = [], besides = [], packages = [] }) {
  const to = from(room);
  const rooms = [...may, ...types].map((one) => `${to(one)}/`);
  const allowed = ['\\./', to('durations.ts'), ...rooms, ...besides.map(to), ...packages];
  return `^(?!(?:${allowed.join('|')}))`;
}

/** Of these it may import types alone. */
function typesOnly({ room, types = [], besides = [] }) {
  const to = from(room);
  const not = besides.map((one) => `(?!${to(one)})`).join('');
  return types.map((one) => `^${not}${to(one)}/`);
}

const ruleOf = (about) => {
  const { room, why, browser = false, mayWait = [] } = about;
  const files = [`utils/${room}/**/*.ts`];
  return [
    {
      files,
      rules: {
        '@typescript-eslint/no-restricted-imports': [
          'error',
          {
            patterns: [
              { regex: allBut(about), message: why },
              ...typesOnly(about).map((regex) => ({ regex, message: why, allowTypeImports: true })),
            ],
          },
        ],
        'no-restricted-globals': [
          'error',
          chromeGlobal,
          ...(browser ? [] : OF_THE_BROWSER.map((name) => ({ name, message: why }))),
        ],
      },
    },
    {
      files,
      ignores: mayWait.map((file) => `utils/${room}/${file}`),
      rules: {
        'no-restricted-syntax': ['error', asyncListener, clock, newDate, random, ...waits(why)],
      },
    },
  ];
};

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
  ...ROOMS.flatMap(ruleOf),
  {
    // Pages ask the background, which alone does what is to be done.
    files: ['components/**/*.{ts,tsx}', 'entrypoints/**/*.{ts,tsx}'],
    ignores: ['entrypoints/background.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/keeper/run/*'],
              message:
                'Pages ask the background, by utils/messages: entrypoints/background.ts alone runs the keeper.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['utils/**/*.ts', 'components/**/*.{ts,tsx}', 'entrypoints/**/*.{ts,tsx}'],
    plugins: { house: { rules: { 'short-functions': shortFunctions } } },
    rules: { 'house/short-functions': 'error' },
  },
  {
    files: ['{components,entrypoints,utils}/**/*.{ts,tsx}'],
    // The support report is English: it is read by whoever helps.
    ignores: ['utils/words/report.ts'],
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
