import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What stands around the README's snippets: a stack's constructor in which these things exist. */
const AROUND = `
import { Duration, Stack } from 'aws-cdk-lib';
import type { Function as Handler } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { GptOss, GptOssImportedModel, ModelSource } from '../lib';
export class Snippet extends Stack {
  snippet(bucket: IBucket, handler: Handler, model: GptOssImportedModel): void {
    void Duration, Secret, GptOss, ModelSource, bucket, handler, model;
    {SNIPPET}
  }
}
`;

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);

it('shows TypeScript that compiles', () => {
  expect(blocks.length).toBeGreaterThan(4);
  const files = new Map(blocks.map((code, index) => [join(root, 'test', `snippet-${index}.ts`), sourceOf(code)]));
  expect(problems(files)).toEqual([]);
}, 120_000);

it('names only npm scripts that exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...readme.matchAll(/npm (?:run )?(test|demo|local|[a-z]+:[a-z]+)\b/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  expect(named).toContain('demo');
});

it('leads only to files that are there, and that the package has', () => {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
  const linked = [...readme.matchAll(/\]\(([^):]+)\)/g)].map(([, path = '']) => path);
  expect(linked).toContain('docs/chat.md');
  expect(linked.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(linked.filter((path) => !files.some((packed) => path === packed || path.startsWith(`${packed}/`)))).toEqual(
    [],
  );
});

function sourceOf(code: string): string {
  return code.startsWith('import ')
    ? code.replace("'cdk-bedrock-gpt-oss'", "'../lib'")
    : AROUND.replace('{SNIPPET}', () => code);
}

function problems(files: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (file) => files.has(file) || onDisk.fileExists(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = files.get(file);
    return text === undefined ? onDisk.getSourceFile(file, version, ...rest) : ts.createSourceFile(file, text, version);
  };
  const program = ts.createProgram([...files.keys()], { ...options, noUnusedLocals: false }, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
