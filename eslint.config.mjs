import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts', 'test/**/*.ts'];

const houseStyle = [
  { selector: 'TSEnumDeclaration', message: 'Write a union of literals: an enum is a value that types cannot erase.' },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that a thing has one name everywhere.' },
];

/** Same input, same bytes: what differs between two machines, two runs or two versions of V8 stays outside. */
const pureGlobals = [
  ...['console', 'process', 'performance', 'crypto', 'fetch', 'require', 'globalThis', 'Intl', 'WeakRef'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'structuredClone', 'Buffer'],
].map((name) => ({ name, message: 'The oracle is pure: pass in what it needs (see src/oracle/README.md).' }));

const pureProperties = [
  { object: 'Date', property: 'now', message: 'Time comes in as `at`.' },
  { object: 'Math', property: 'random', message: 'Two runs must agree.' },
  ...[
    'pow',
    'sin',
    'cos',
    'tan',
    'asin',
    'acos',
    'atan',
    'atan2',
    'sinh',
    'cosh',
    'tanh',
    'asinh',
    'acosh',
    'atanh',
  ].map((property) => ({ object: 'Math', property, message: 'Its last bit is not the same everywhere.' })),
  ...['toLocaleString', 'localeCompare', 'toLocaleUpperCase', 'toLocaleLowerCase'].map((property) => ({
    property,
    message: 'The locale of the machine must not matter.',
  })),
];

const pureSyntax = [
  { selector: "BinaryExpression[operator='**']", message: 'Multiply, or read a table of powers.' },
  { selector: "AssignmentExpression[operator='**=']", message: 'Multiply, or read a table of powers.' },
  { selector: "NewExpression[callee.name='Date']", message: 'Time comes in as `at`, in epoch milliseconds.' },
  { selector: "CallExpression[callee.name='Date']", message: 'Time comes in as `at`, in epoch milliseconds.' },
  { selector: ':function[async=true]', message: 'The oracle answers before it returns.' },
  { selector: 'ImportExpression', message: 'The oracle is whole from the start.' },
];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'data/', 'contracts/out/', 'contracts/cache/']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...houseStyle],
      // `typeof import('viem')` names a package that is loaded on demand.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_$' }],
      // lmdb and Nest declare classes where any object of the shape will do.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // A Nest module is a class with nothing but its decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // A port is asynchronous even where an implementation, like the ledger in memory, has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: tests,
    rules: { 'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['src/oracle/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-syntax': ['error', ...houseStyle, ...pureSyntax],
      'no-restricted-globals': ['error', ...pureGlobals],
      'no-restricted-properties': ['error', ...pureProperties],
      'no-restricted-imports': ['error', { patterns: [{ group: ['node:*'], message: 'The oracle does no I/O.' }] }],
    },
  },
  {
    files: ['bench/**/*.ts', 'client/examples/**/*.ts', 'contracts/test/*.ts', 'test/recordings/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: tests,
    rules: {
      // A literal table of frames is known to have the element that the test takes from it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `expect(double.method)` names a method without calling it.
      '@typescript-eslint/unbound-method': 'off',
      // JSON that the code under test wrote is read back as it is.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      // Doubles of ports have methods that do nothing.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
);
