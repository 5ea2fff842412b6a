import js from '@eslint/js';
import cdk from 'eslint-cdk-plugin';
import jest from 'eslint-plugin-jest';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { rooms } from './eslint.rooms.mjs';

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
  ...rooms,
  // last: eslint-cdk-plugin's configs switch projectService on
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { projectService: false, project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
  },
);
