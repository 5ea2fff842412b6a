/** @type {import('jest').Config} */
process.env.CDK_VALIDATION ??= 'false'; // costs seconds a test file; the packed library's test switches it on
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.env.AWS_REGION ??= 'us-east-1';

// each synth leaves a folder in the temporary directory: one of our own, outside the checkout, goes with the run
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'cdk-bedrock-gpt-oss-'));
process.once('exit', () => rmSync(process.env.TMPDIR, { recursive: true, force: true }));
const rooms = ['lib', 'lambda', 'weights', 'chat', 'local', 'bin'];
module.exports = {
  testEnvironment: 'node',
  reporters: ['default', '<rootDir>/test/tally-reporter.cjs'],
  roots: [...rooms, 'test'].map((room) => `<rootDir>/${room}`),
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  collectCoverageFrom: rooms.map((room) => `${room}/**/*.ts`),
  coverageProvider: 'v8',
  // jest keeps something of every test file: after some hundred in one process, the collector is busier than the tests
  workerIdleMemoryLimit: '600MB',
};
