import type { Amount, Report, Summary } from '../../weights/check/check';
import type { Finding } from '../../weights/finding';
import { printable, sizeText } from '../../weights/printable';
import type { Colours } from './colours';

/** One line a finding. */
export function findingLine(finding: Finding, colours: Colours, sources = false): string {
  const { severity, code, file, problem, remedy, repairable, source } = finding;
  const paint = { error: colours.red, warning: colours.yellow, note: colours.dim }[severity];
  const what = file === '' ? problem : `${printable(file)} ${problem}`;
  const todo = remedy === '' ? '' : `. Remedy: ${remedy}`;
  const marks = [code, ...(repairable ? ['repair mends it'] : []), ...(sources && source ? [source] : [])];
  return `${paint(severity.padEnd(7))} ${what}${todo} ${colours.dim(`[${marks.join(', ')}]`)}`;
}

/** The folder in one line; what could not be read of it is not in it. */
export function summaryLine({ format, layers, experts, parameters, upload, leftOut }: Summary): string {
  const model = [
    format === 'unknown' ? 'unknown format' : format.toUpperCase(),
    ...(layers > 0 ? [count(layers, 'layer')] : []),
    ...(experts > 0 ? [count(experts, 'expert')] : []),
    ...(parameters > 0 ? [`${short(parameters)} parameters`] : []),
  ];
  return [...model, `to upload: ${amount(upload)}`, `left out: ${amount(leftOut)}`].join(', ');
}

/** What the findings come to. */
export function verdictLine(findings: readonly Finding[], colours: Colours): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const warnings = count(findings.length - errors.length - notes(findings), 'warning');
  if (errors.length === 0) return `${colours.green('Bedrock takes it')} as far as can be seen: no errors, ${warnings}`;
  const mended = errors.filter(({ repairable }) => repairable).length;
  return `${colours.red('Bedrock does not take it')}: ${count(errors.length, 'error')}, of which 'repair' mends ${mended}, and ${warnings}`;
}

/** What is printed as JSON: scripts rely on these keys. */
export function plainReport({ findings, summary }: Report, sources = false) {
  return { findings: plain(findings, sources), summary };
}

export function plain(findings: readonly Finding[], sources = false): Finding[] {
  return findings.map(({ severity, code, file, problem, remedy, repairable, source }) => ({
    severity,
    code,
    file,
    problem,
    remedy,
    repairable,
    ...(sources && source !== undefined && { source }),
  }));
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

export function amount({ files, bytes }: Amount): string {
  return files === 0 ? 'nothing' : `${count(files, 'file')} (${sizeText(bytes)})`;
}

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function notes(findings: readonly Finding[]): number {
  return findings.filter(({ severity }) => severity === 'note').length;
}

/** 20,914,757,184 as "20.9 B". */
function short(parameters: number): string {
  if (parameters < 1e6) return `${(parameters / 1e3).toFixed(1)} k`;
  return parameters < 1e9 ? `${(parameters / 1e6).toFixed(1)} M` : `${(parameters / 1e9).toFixed(1)} B`;
}
