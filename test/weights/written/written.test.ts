import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { report } from '../../../weights/check/check';
import type { Code } from '../../../weights/codes';
import type { Finding } from '../../../weights/finding';
import { localFolder } from '../../../weights/local-folder';
import written from './folders.json';

/** What folders.json says of a folder; `writer`, `how`, `reloads`, `wrong` and `otherwise` are for readers. */
interface Written {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly notes?: readonly string[];
  /** Other true findings that a check may make, whatever their severity. */
  readonly maybe?: readonly string[];
  /** Whether every error is one that `repair` mends; undefined where there is none. */
  readonly mendable?: boolean;
  /** The format of the experts, where they are whole. */
  readonly format?: string;
  /** Files of the model, without what must stay behind. */
  readonly uploads?: number;
}

const folders: Readonly<Record<string, Written>> = written;
const at = (name: string) => join(__dirname, 'folders', name);

/** No real model is as small as these. */
const OF_ALL: Code = 'unusual-size';

/** Numbers of a model of these sizes, in either format. */
const PARAMETERS = 31_020;

describe('check of folders that real tools wrote', () => {
  test('knows each of them', () => {
    expect(readdirSync(at('')).sort()).toEqual(Object.keys(folders).sort());
  });

  test('tries the bytes that the tools wrote, not what a formatter made of them', () => {
    const lines = readFileSync(join(__dirname, 'sums.sha256'), 'utf8').trimEnd().split('\n');
    const changed = lines.filter((line) => {
      const [sum, file = ''] = line.split('  ');
      return (
        createHash('sha256')
          .update(readFileSync(at(file)))
          .digest('hex') !== sum
      );
    });
    expect(changed).toEqual([]);
  });

  test.each(Object.entries(folders))('says what is wrong with %s, and nothing else', async (name, expected) => {
    const { findings } = await report(localFolder(at(name)));
    const { errors, warnings, notes = [], maybe = [] } = expected;
    const said = findings.filter(({ code }) => code !== OF_ALL && !maybe.includes(code));
    expect(codes(said, 'error')).toEqual([...errors].sort());
    expect(codes(said, 'warning')).toEqual([...warnings].sort());
    expect(codes(said, 'note')).toEqual([...notes].sort());
  });

  test.each(Object.entries(folders).filter(([, { mendable }]) => mendable !== undefined))(
    'says whether repair mends %s',
    async (name, { mendable }) => {
      const { findings } = await report(localFolder(at(name)));
      const errors = findings.filter(({ severity }) => severity === 'error');
      expect(errors.every(({ repairable }) => repairable)).toBe(mendable);
    },
  );

  test.each(Object.entries(folders).filter(([, { uploads }]) => uploads !== undefined))(
    'counts what %s is, and what of it is uploaded',
    async (name, { format, uploads }) => {
      const { summary } = await report(localFolder(at(name)));
      const whole = format === undefined ? {} : { format, parameters: PARAMETERS };
      expect(summary).toMatchObject({ layers: 2, experts: 4, upload: { files: uploads }, ...whole });
    },
  );

  test.each(Object.keys(folders))(
    'speaks of %s in printable lines, and says what to do about every error',
    async (name) => {
      const { findings } = await report(localFolder(at(name)));
      const badlySaid = findings.filter(
        ({ severity, problem, remedy }) =>
          !/^\P{C}+$/u.test(`${problem}${remedy}`) ||
          problem.includes('\\"') ||
          (severity === 'error' && remedy === ''),
      );
      expect(badlySaid).toEqual([]);
    },
  );

  test('names the tensors that transformers 5.18 lost, and the two that it invented', async () => {
    const { findings } = await report(localFolder(at('experts-lost-5.18')));
    expect(problem(findings, 'tensor-missing')).toContain('model.layers.0.mlp.experts.gate_up_proj');
    expect(problem(findings, 'tensor-surplus')).toContain('down_proj$');
  });

  test('leaves out of the upload what an earlier save left behind', async () => {
    const { findings } = await report(localFolder(at('sharded-over-whole')));
    const files = findings.filter(({ code }) => code === 'leftover-weights').map(({ file }) => file);
    expect(files).toEqual(['model.safetensors']);
    const stale = await report(localFolder(at('whole-over-sharded')));
    expect(stale.findings.find(({ code }) => code === 'leftover-weights')?.file).toBe('model.safetensors.index.json');
  });
});

function codes(findings: readonly Finding[], severity: Finding['severity']): string[] {
  return [...new Set(findings.filter((finding) => finding.severity === severity).map(({ code }) => code))].sort();
}

function problem(findings: readonly Finding[], code: Code): string | undefined {
  return findings.find((finding) => finding.code === code)?.problem;
}
