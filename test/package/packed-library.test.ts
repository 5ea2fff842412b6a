import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What a user installs, not what lies in this checkout: asset paths, `exports` and declarations fail late otherwise.
 * The floor of the peer range is also what `lib/` is compiled against; the newest is what most people have.
 */
const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'packed-'));
const MINUTES = 60_000;

const app = `
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, ModelSource } from 'cdk-bedrock-gpt-oss';

const app = new App();
const stack = new Stack(app, 'Packed', { env: { region: 'us-east-1' } });
const model = new GptOssImportedModel(stack, 'Model', {
  source: ModelSource.s3(Bucket.fromBucketName(stack, 'Bucket', 'weights'), 'med/v3/'),
});
const arn: string = model.modelArn;
stack.exportValue(arn, { name: 'arn' });
app.synth();
`;

function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  const quiet = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' };
  return execFileSync(command, args, {
    cwd,
    env: { ...process.env, ...quiet, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

let tarball = '';

beforeAll(() => {
  // built before the tests began: building here would take the handlers away from tests that run beside this one
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], root);
  tarball = join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? 'no tarball');
}, 5 * MINUTES);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the packed library without the CDK', () => {
  const project = join(folder, 'runtime');

  beforeAll(() => {
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'app', private: true, version: '1.0.0' }));
    run('npm', ['install', '--prefer-offline', '--no-package-lock', tarball], project);
  }, 5 * MINUTES);

  it('is the only package that an app installs', () => {
    const installed = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['cdk-bedrock-gpt-oss']);
  });

  it.each([
    ['chat', 'bedrockFetch'],
    ['batch', 'batchInference'],
    ['weights', 'check'],
  ])('gives /%s to ES modules and to CommonJS', (name, exported) => {
    const path = `cdk-bedrock-gpt-oss/${name}`;
    const load = [
      ['--input-type=module', '-e', `import { ${exported} } from '${path}'; console.log(typeof ${exported});`],
      ['-e', `console.log(typeof require('${path}').${exported});`],
    ];
    expect(load.map((args) => run('node', args, project).trim())).toEqual(['function', 'function']);
  });

  it(
    'has types for them',
    () => {
      writeFileSync(
        join(project, 'app.ts'),
        `import { bedrockFetch } from 'cdk-bedrock-gpt-oss/chat';
import { batchInference } from 'cdk-bedrock-gpt-oss/batch';
import { check, localFolder, type Finding } from 'cdk-bedrock-gpt-oss/weights';
const fetch: typeof globalThis.fetch = bedrockFetch({ model: 'openai.gpt-oss-20b-1:0' });
void fetch, batchInference;
export const findings: Promise<readonly Finding[]> = check(localFolder('.'));
`,
      );
      const options = ['--noEmit', '--module', 'node20', '--strict', '--skipLibCheck', '--types', 'node'];
      const types = ['--typeRoots', join(root, 'node_modules', '@types')];
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      expect(run('node', [tsc, ...options, ...types, 'app.ts'], project)).toBe('');
    },
    MINUTES * 2,
  );

  it('runs its command line', () => {
    const bin = join(project, 'node_modules', '.bin', 'bedrock-gpt-oss');
    expect(run(bin, ['--help'], project)).toContain('bedrock-gpt-oss <command> [options]');
  });
});

describe.each([
  { cdk: '2.260.0', validation: 'false' },
  { cdk: '2.276.0', validation: 'true' },
])('the packed library beside aws-cdk-lib $cdk', ({ cdk, validation }) => {
  const project = join(folder, cdk);

  beforeAll(() => {
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, version: '1.0.0' }));
    writeFileSync(join(project, 'app.ts'), app);
    writeFileSync(
      join(project, 'app.mjs'),
      "import { GptOssImportedModel } from 'cdk-bedrock-gpt-oss'; console.log(typeof GptOssImportedModel);",
    );
    run(
      'npm',
      ['install', '--prefer-offline', '--no-package-lock', tarball, `aws-cdk-lib@${cdk}`, 'constructs@10.5.1'],
      project,
    );
  }, 5 * MINUTES);

  it(
    'type-checks a user of it',
    () => {
      const options = [
        '--module',
        'node20',
        '--strict',
        '--skipLibCheck',
        '--types',
        'node',
        '--typeRoots',
        join(root, 'node_modules', '@types'),
      ];
      expect(run('node', [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), ...options, 'app.ts'], project)).toBe(
        '',
      );
    },
    MINUTES * 2,
  );

  it(
    'synthesises with its handler as an asset',
    () => {
      run('node', ['app.js'], project, { CDK_OUTDIR: 'cdk.out', CDK_VALIDATION: validation });
      const template: unknown = JSON.parse(readFileSync(join(project, 'cdk.out', 'Packed.template.json'), 'utf8'));
      expect(template).toHaveProperty('Resources');
      expect(template).toHaveProperty('Outputs');
      const assets = readdirSync(join(project, 'cdk.out')).filter((name) =>
        existsSync(join(project, 'cdk.out', name, 'index.mjs')),
      );
      expect(assets).toHaveLength(1);
    },
    MINUTES * 2,
  );

  it(
    'is imported by ES modules and has no dependencies of its own',
    () => {
      expect(run('node', ['app.mjs'], project).trim()).toBe('function');
      const manifest: unknown = JSON.parse(
        readFileSync(join(project, 'node_modules', 'cdk-bedrock-gpt-oss', 'package.json'), 'utf8'),
      );
      expect(manifest).not.toHaveProperty('dependencies');
    },
    MINUTES,
  );
});
