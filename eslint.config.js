// Lints the page, its workers, the command line and their tests. Formatting is prettier's alone.
import tseslint from 'typescript-eslint';

// web/panels/parts is what they share.
const panels = ['data', 'explore', 'train', 'evaluate', 'try'];

export default tseslint.config(
  { ignores: ['build/', 'dist/', 'node_modules/', 'test-results/', 'playwright-report/'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts', '**/*.tsx'],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // The compiler checks indexes; an assertion after a visible check is clearer than a branch that cannot be taken.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Empty unions and results are spelled out in the protocol types.
      '@typescript-eslint/no-invalid-void-type': 'off',
      eqeqeq: 'error',
      'no-control-regex': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'prefer-const': 'error',
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((property) => ({
          property,
          message: 'Names of files and classes come from others: use text content.',
        })),
        { object: 'document', property: 'write', message: 'Use elements.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Use elements and text.' },
      ],
    },
  },
  {
    // Read by browsers that know no catch without a name.
    files: ['web/public/*.js'],
    rules: { '@typescript-eslint/no-unused-vars': ['error', { caughtErrors: 'none' }] },
  },
  {
    // Promises that nobody waits for hide errors: these rules need types, so they run on shipped code only.
    files: ['web/**/*.ts', 'web/**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    // The core of the protocol runs everywhere.
    files: ['web/shared/**'],
    rules: { 'no-restricted-globals': ['error', 'window', 'document', 'self', 'process'] },
  },
  // Panels never import each other.
  ...panels.map((panel) => ({
    files: [`web/panels/${panel}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^\\.\\./(${panels.filter((other) => other !== panel).join('|')})/`,
              message: 'Panels never import each other: what both need goes to web/panels/parts or web/state.',
            },
          ],
        },
      ],
    },
  })),
);
