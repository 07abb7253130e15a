import { defineConfig, globalIgnores } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const tests = ['**/*.test.ts', 'e2e/**/*.spec.ts'];

// `no-restricted-syntax` of a later block replaces an earlier one: hence lists that are put together.
const everywhere = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Export it by its name: a name is the same wherever it is used and can be searched for.',
  },
  {
    selector:
      ':matches(ImportDeclaration, ImportExpression)[source.value=/^\\.{1,2}\\/(?!.*\\.(ts|json|svelte|css)$)/]',
    message: 'Write the file with its extension, so that every tool resolves it in the same way.',
  },
];

const pure =
  'core and contract are pure: the same arguments give the same result, everywhere. Take it as an argument.';
const clockReads = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: `new Date() reads the clock. ${pure}`,
  },
  { selector: 'CallExpression[callee.name="Date"]', message: `Date() reads the clock. ${pure}` },
];
const impureGlobals = [
  'process, global, globalThis, console, crypto, performance, fetch, require, navigator',
  'setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, queueMicrotask',
].flatMap((names) => names.split(', '));

// The same for all files, or the program of types would be made anew between them.
const parserOptions = {
  projectService: true,
  tsconfigRootDir: import.meta.dirname,
  extraFileExtensions: ['.svelte'],
};

export default defineConfig(
  globalIgnores(['dist/', 'dist-test/', 'dist-package/', 'coverage/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },

  {
    files: ['src-{main,renderer}/**/*.ts', 'e2e/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },

  {
    files: ['src-main/core/**/*.ts', 'src-main/contract/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals.map((name) => ({ name, message: pure }))],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: pure },
        { object: 'Math', property: 'random', message: pure },
        { object: 'AbortSignal', property: 'timeout', message: pure },
      ],
      'no-restricted-syntax': ['error', ...everywhere, ...clockReads],
    },
  },

  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic, svelte.configs.recommended],
    languageOptions: { parserOptions: { ...parserOptions, parser: tseslint.parser, svelteConfig } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...everywhere],
      // The addresses of this window are parts after #, made by one function.
      'svelte/no-navigation-without-resolve': 'off',
      'svelte/no-at-html-tags': 'error',
    },
  },

  {
    // Texts are data.
    files: ['src-renderer/texts/*.ts'],
    rules: { 'max-lines': 'off' },
  },

  {
    // Tests may be long and may assert what they know; what they call stays checked.
    files: tests,
    rules: {
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines-per-function': 'off',
    },
  },

  {
    // Tools ask their configuration for a default export.
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
