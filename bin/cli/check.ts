import { report } from '../../weights/check/check';
import { coloursFor } from './colours';
import { command } from './command';
import { findingLine, hasErrors, jsonText, plainReport, summaryLine, verdictLine } from './findings';
import { AWS_OPTIONS } from './flags';
import type { HubModel } from './hub-model';
import { modelPlace } from './place';

export const check = command({
  name: 'check',
  summary: 'says whether Bedrock will take a model folder, and what to do if not',
  operands: ['<folder, s3://bucket/prefix/ or hf://owner/name>'],
  about:
    'Says whether Bedrock will take a folder of GPT-OSS weights, which file is wrong if not, and what to do. Reads small files and headers, never tensors, and changes nothing. hf://owner/name@revision (without one: main) is checked where it lies, and the commit that it is now is said; a private or gated repository needs HF_TOKEN, a Hub of your own HF_ENDPOINT.',
  switches: {
    json: 'findings and summary as JSON on stdout',
    sources: 'name the page that each rule is from',
  },
  options: AWS_OPTIONS,
  examples: [
    { what: 'a folder on this machine', command: 'bedrock-gpt-oss check ./my-model' },
    { what: 'what lies in S3', command: 'bedrock-gpt-oss check s3://my-weights/med/v3/' },
    { what: 'what lies on Hugging Face', command: 'bedrock-gpt-oss check hf://openai/gpt-oss-20b' },
    {
      what: 'the codes of all errors',
      command: `bedrock-gpt-oss check ./my-model --json | jq -r '.findings[] | select(.severity == "error").code'`,
    },
  ],
  exit: {
    0: 'Bedrock takes it as it is; there may be warnings',
    1: "Bedrock does not take it, even if 'repair' would mend it; or the folder could not be read",
    2: 'wrong use',
  },
  async run(given, context) {
    const { out } = context;
    const { folder, model } = await modelPlace(given.operands[0] ?? '', given, context);
    const found = await report(folder);
    if (given.has('json')) {
      const plain = plainReport(found, given.has('sources'));
      out.stdout.write(jsonText({ ...plain, ...(model && { commit: model.commit }) }));
    } else {
      const colours = coloursFor(out.stdout, out);
      const lines = found.findings.map((finding) => findingLine(finding, colours, given.has('sources')));
      lines.push(...(model ? commitLines(model) : []));
      lines.push(summaryLine(found.summary), verdictLine(found.findings, colours));
      out.stdout.write(`${lines.join('\n')}\n`);
    }
    return hasErrors(found.findings) ? 1 : 0;
  },
});

/** What was checked, where a branch or a tag was named: the next one to ask for it may get another. */
function commitLines({ repository, revision, commit }: HubModel): string[] {
  return revision === commit ? [] : [`${revision} of ${repository} is commit ${commit}`];
}
