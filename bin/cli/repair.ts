import { report, type Report } from '../../weights/check/check';
import { localFolder } from '../../weights/local-folder';
import { diff } from '../../weights/repair/diff';
import { applyRepairs } from '../../weights/repair/local-folder';
import { planRepair } from '../../weights/repair/plan';
import type { Repair } from '../../weights/repair/repair';
import { repaired } from '../../weights/repair/repaired';
import { coloursFor, type Colours } from './colours';
import { command } from './command';
import { count, findingLine, hasErrors, jsonText, plainReport, summaryLine, verdictLine } from './findings';
import { localPath } from './place';

export const repair = command({
  name: 'repair',
  summary: 'mends what can be mended in a model folder',
  operands: ['<folder>'],
  about:
    "Mends what 'check' calls repairable, and shows each change as a diff. The data of tensors is never touched. Each file is replaced at once, and the old one stays as *.orig, which an upload leaves out. A second run changes nothing.",
  switches: {
    'dry-run': 'show the changes and make none',
    json: 'changes, and the findings that are left, as JSON on stdout',
  },
  options: {},
  examples: [
    { what: 'see what would change', command: 'bedrock-gpt-oss repair ./my-model --dry-run' },
    { what: 'change it', command: 'bedrock-gpt-oss repair ./my-model' },
  ],
  exit: {
    0: 'Bedrock takes the folder as it is now; with --dry-run, as it would be',
    1: 'errors are left that a person must see to, or a file could not be written',
    2: 'wrong use',
  },
  async run({ operands, has }, { out }) {
    const path = await localPath(operands[0] ?? '');
    const folder = localFolder(path);
    const repairs = await planRepair(folder);
    const dry = has('dry-run');
    const colours = coloursFor(out.stdout, out);
    // before anything changes: whoever stops the command has seen what it was about to do
    if (!has('json')) out.stdout.write(repairs.map((each) => coloured(diff(each), colours)).join('\n'));
    if (!dry) await applyRepairs(path, repairs);
    const left = await report(dry ? repaired(folder, repairs) : folder);
    const code = hasErrors(left.findings) ? 1 : 0;
    if (has('json')) {
      out.stdout.write(json(repairs, dry, left));
      return code;
    }
    const lines = [
      done(repairs, dry),
      ...left.findings.map((finding) => findingLine(finding, colours)),
      summaryLine(left.summary),
      verdictLine(left.findings, colours),
    ];
    out.stdout.write(`${lines.join('\n')}\n`);
    return code;
  },
});

function done(repairs: readonly Repair[], dry: boolean): string {
  if (repairs.length === 0) return 'nothing to mend';
  const files = count(repairs.length, 'file');
  if (dry) return `${files} would change; nothing was written`;
  const had = repairs.filter((repair) => repair.kind !== 'text' || repair.before !== undefined).length;
  if (had === 0) return `${files} written, where there was none`;
  return `${files} ${had === repairs.length ? 'changed' : 'changed or written'}; the old ones are kept as *.orig`;
}

function coloured(text: string, { red, green, bold, dim }: Colours): string {
  const paint = (line: string) => {
    if (/^(---|\+\+\+) /.test(line)) return bold(line);
    if (line.startsWith('@@')) return dim(line);
    return line.startsWith('-') ? red(line) : line.startsWith('+') ? green(line) : line;
  };
  return text.split('\n').map(paint).join('\n');
}

function json(repairs: readonly Repair[], dry: boolean, left: Report): string {
  const changes = repairs.map(({ kind, file, what }) => ({ kind, file, what }));
  return jsonText({ changes, written: !dry, ...plainReport(left) });
}
