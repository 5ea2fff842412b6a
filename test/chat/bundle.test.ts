import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync, type Metafile } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'chat-bundle-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function bundle(entry: string, file: string, external: string[] = []): { path: string; size: number; meta: Metafile } {
  const path = join(folder, file);
  const { metafile } = buildSync({
    entryPoints: [resolve(__dirname, '../../chat', entry)],
    ...{ outfile: path, external, bundle: true, minify: true, metafile: true, logLevel: 'error' },
    ...{ platform: 'node', target: 'node20', format: file.endsWith('.mjs') ? 'esm' : 'cjs' },
    // the SDK calls require() in places, which ES modules have not
    ...(file.endsWith('.mjs') && {
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    }),
  });
  return { path, meta: metafile, size: Object.values(metafile.outputs)[0]?.bytes ?? 0 };
}

const sources = ({ meta }: { meta: Metafile }) => Object.keys(meta.inputs).join('\n');

test('the chat for runtime apps has neither the CDK nor S3 nor the control plane in it', () => {
  const chat = bundle('index.ts', 'chat.cjs');

  expect(sources(chat)).toContain('@aws-sdk/client-bedrock-runtime');
  expect(sources(chat)).not.toMatch(/aws-cdk-lib|constructs|client-s3|client-bedrock\/|chat\/batch/);
  // 528 kB when this was written, nearly all of it the SDK's client
  expect(chat.size).toBeLessThan(700_000);
});

test('our own part of the chat is small', () => {
  // 40 kB when this was written
  expect(bundle('index.ts', 'own.cjs', ['@aws-sdk/*']).size).toBeLessThan(60_000);
});

test.each(['chat.cjs', 'chat.mjs'])('the chat answers as %s', (file) => {
  const { path } = bundle('index.ts', file);
  const load = file.endsWith('.mjs')
    ? `const { bedrockFetch } = await import(${JSON.stringify(pathToFileURL(path).href)});`
    : `const { bedrockFetch } = require(${JSON.stringify(path)});`;
  const use = `const fetch = bedrockFetch({ model: 'openai.gpt-oss-20b-1:0' });
    console.log(JSON.stringify(await (await fetch('https://api.openai.com/v1/models')).json()));`;
  const flags = file.endsWith('.mjs')
    ? ['--input-type=module', '-e', load + use]
    : ['-e', `${load}(async () => {${use}})()`];

  const said = execFileSync(process.execPath, flags, { encoding: 'utf8' });

  expect(JSON.parse(said)).toMatchObject({ object: 'list', data: [{ id: 'openai.gpt-oss-20b-1:0' }] });
});

test('batches have no CDK in them either', () => {
  expect(sources(bundle('batch/index.ts', 'batch.cjs'))).not.toMatch(/aws-cdk-lib|client-bedrock-runtime/);
});
