import { Token } from 'aws-cdk-lib';

/** Every code that a finding of `weights/` can have; this room doesn't import it, and a test holds the two alike. */
export const FINDING_CODES: readonly string[] = [
  'empty-folder',
  'too-many-files',
  'unreadable-file',
  'file-missing',
  'no-safetensors',
  'adapter-unmerged',
  'adapter-beside-model',
  'leftover-weights',
  'two-models',
  'left-out',
  'subfolders-in-s3',
  'git-lfs-pointer',
  'file-cut-off',
  'file-too-large',
  'json-invalid',
  'json-duplicate-key',
  'header-invalid',
  'header-too-large',
  'file-too-long',
  'tensor-twice',
  'index-missing',
  'single-file-without-index',
  'index-metadata-missing',
  'index-extra-metadata',
  'index-extra-keys',
  'index-weight-map',
  'index-shard-missing',
  'index-shard-unnamed',
  'index-tensor-misplaced',
  'index-tensor-unnamed',
  'index-total-size',
  'architecture',
  'config-sizes',
  'unusual-size',
  'tensor-missing',
  'tensor-surplus',
  'tensor-shape',
  'mxfp4-axes',
  'experts-misnamed',
  'experts-mixed',
  'quantization-missing',
  'quantization-stale',
  'mxfp4-unconfirmed',
  'dtype-wide',
  'dtype-mixture',
  'dtype-unsupported',
  'too-large',
  'context-length',
  'prefix-characters',
  'file-name',
  'eos-ids',
  'chat-template-missing',
  'chat-template-twice',
  'chat-template-separate',
  'tokenizer-class',
  'special-tokens',
  'special-tokens-unseen',
  'transformers-version',
  'more',
];

/** @throws when a code is none that a finding can have: it would accept nothing, and the import would fail for it */
export function requireFindingCodes(codes: readonly string[] = []): void {
  if (Token.isUnresolved(codes)) return;
  for (const code of codes) {
    if (Token.isUnresolved(code) || FINDING_CODES.includes(code)) continue;
    throw new Error(
      `'acceptedFindings' takes codes of findings, listed in weights/FINDINGS.md, got '${code}'${suggestion(code)}`,
    );
  }
}

/** Codes that have most words in common with a wrong one. */
function suggestion(given: string): string {
  const words = wordsOf(given);
  const shared = (code: string) => wordsOf(code).filter((word) => words.includes(word)).length;
  const most = Math.max(...FINDING_CODES.map(shared));
  if (most === 0) return '; take the code that the error was reported with';
  const alike = FINDING_CODES.filter((code) => shared(code) === most).slice(0, 3);
  return `; did you mean ${alike.map((code) => `'${code}'`).join(' or ')}?`;
}

function wordsOf(code: string): string[] {
  return code
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
