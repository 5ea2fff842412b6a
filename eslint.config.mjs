import js from '@eslint/js';
import cdk from 'eslint-cdk-plugin';
import jest from 'eslint-plugin-jest';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Each room may import only what the table in CONTRIBUTING.md says. */
const room = (files, forbidden, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: forbidden, message }] }] },
});
const rooms = (...names) => `^(\\.\\./)+(${names.join('|')})(/|$)`;
const cdkPackages = '^(aws-cdk-lib|constructs)(/|$)';
const awsClients = '^@aws-sdk/';

export default defineConfig(
  { ignores: ['dist/', 'cdk.out/', 'coverage/', '.local-aws/', '**/*.{js,cjs,mjs}'] },
  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['lib/**/*.ts'],
    extends: [cdk.configs.strict],
    // named functions below a class make children in the construct that they are given
    rules: { 'cdk/require-passing-this': ['error', { allowNonThisAndDisallowScope: true }] },
  },
  {
    files: ['test/**/*.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'fc.assert', '**.has*', '**.resource*'] }],
    },
  },
  room(
    ['lib/**'],
    `${rooms('lambda', 'weights', 'chat', 'local', 'bin')}|${awsClients}`,
    'lib/ imports the CDK and itself',
  ),
  room(
    ['lambda/**', 'weights/**', 'chat/**', 'local/**'],
    `${cdkPackages}|${rooms('bin', 'lib/(?!contract$)')}`,
    'only lib/, bin/app.ts, examples/, test/ and bench/ know the CDK',
  ),
  room(
    ['local/**'],
    `${cdkPackages}|${rooms('lib', 'lambda', 'weights', 'chat', 'bin')}`,
    'local/ is the examiner: it shares no code with what it examines',
  ),
  room(
    ['weights/**', 'chat/**'],
    `${cdkPackages}|${rooms('lib', 'lambda', 'local', 'bin')}`,
    'weights/ and chat/ stand alone',
  ),
  {
    // A file that touches AWS is named after what it touches; every other file is pure logic over a port.
    files: ['lambda/**', 'weights/**'],
    ignores: ['**/{bedrock,cloudformation,s3}.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `${cdkPackages}|${rooms('bin', 'local', 'lib/(?!contract$)')}`,
              message: 'handlers and weights do not know the CDK',
            },
            {
              regex: `${awsClients}|^node:(fs|http)`,
              message: 'only the edge files bedrock.ts, cloudformation.ts and s3.ts touch the outside',
            },
          ],
        },
      ],
    },
  },
  // last: eslint-cdk-plugin's configs switch projectService on
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { projectService: false, project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
  },
);
