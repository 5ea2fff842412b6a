import type { Code } from './codes';
import { counted, printable } from './printable';

/** Something about a folder that is wrong, likely wrong, or worth knowing. */
export interface Finding {
  /** `error`: Bedrock refuses the model or it misbehaves. `warning`: likely trouble, or AWS says nothing. `note`: to know. */
  readonly severity: 'error' | 'warning' | 'note';
  /** A short stable name. */
  readonly code: Code;
  /** The file's name as it is, newlines and all; '' for the folder itself. */
  readonly file: string;
  /** What is wrong. One printable line of bounded length. */
  readonly problem: string;
  /** What to do. One printable line of bounded length; '' where nothing is to do. */
  readonly remedy: string;
  /** Whether `repair` mends it. */
  readonly repairable: boolean;
  /** Where the rule is written. */
  readonly source?: string;
}

type Details = Omit<Finding, 'severity' | 'repairable'> & { readonly repairable?: boolean };

export const error = (details: Details): Finding => made('error', details);
export const warning = (details: Details): Finding => made('warning', details);
export const note = (details: Details): Finding => made('note', details);

/** In the order that is printed as JSON. */
function made(severity: Finding['severity'], details: Details): Finding {
  const { code, file, problem, remedy, repairable = false, source } = details;
  return { severity, code, file, problem, remedy, repairable, ...(source !== undefined && { source }) };
}

const GUIDE = 'https://docs.aws.amazon.com/bedrock/latest/userguide';

/** Where the rules are written. */
export const SOURCES = {
  files: `${GUIDE}/model-customization-import-model.html`,
  invoke: `${GUIDE}/invoke-imported-model.html`,
  templates: `${GUIDE}/custom-chat-templates-tokenizers.html`,
  walkthrough:
    'https://aws.amazon.com/blogs/machine-learning/deploy-gpt-oss-models-with-amazon-bedrock-custom-model-import',
  api: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_S3DataSource.html',
  safetensors: 'https://github.com/huggingface/safetensors#format',
  misnamed: 'https://github.com/huggingface/transformers/pull/44983',
} as const;

/** The first few with their remedies, then a count: a clause for a message. */
export function findingsText(errors: readonly Finding[]): string {
  const said = errors
    .slice(0, 3)
    .map(({ file, problem, remedy }) => `${file === '' ? '' : `${printable(file)}: `}${problem} (${remedy})`);
  return `${said.join('; ')}${errors.length > said.length ? `; and ${errors.length - said.length} more errors` : ''}`;
}

/** A folder of ten thousand wrong files gets this many findings of a kind; the rest is counted. */
const MOST_OF_A_KIND = 10;

/** Errors first, then warnings, then notes; of one code a few, then their count. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const ranks = { error: 0, warning: 1, note: 2 } as const;
  const byCode = new Map<Code, Finding[]>();
  for (const finding of findings) {
    const same = byCode.get(finding.code);
    if (same) same.push(finding);
    else byCode.set(finding.code, [finding]);
  }
  const few = [...byCode].flatMap(([code, same]) => [
    ...same.slice(0, MOST_OF_A_KIND),
    ...(same.length > MOST_OF_A_KIND ? [theOthers(code, same)] : []),
  ]);
  return few.sort((a, b) => ranks[a.severity] - ranks[b.severity]);
}

function theOthers(code: Code, same: readonly Finding[]): Finding {
  const more = same.slice(MOST_OF_A_KIND);
  return {
    severity: more.some(({ severity }) => severity === 'error') ? 'error' : 'note',
    code: 'more',
    file: '',
    problem: `${counted(more.length, 'more finding', 'more findings')} of the kind ${code}`,
    remedy: '',
    repairable: more.every(({ repairable }) => repairable),
  };
}
