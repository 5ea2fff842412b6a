import { report } from '../../weights/check/check';
import { coloursFor } from './colours';
import { command } from './command';
import { findingLine, hasErrors, jsonText, plainReport, summaryLine, verdictLine } from './findings';
import { AWS_OPTIONS, awsOf } from './flags';
import { modelFolder } from './place';

export const check = command({
  name: 'check',
  summary: 'says whether Bedrock will take a model folder, and what to do if not',
  operands: ['<folder or s3://bucket/prefix/>'],
  about:
    'Says whether Bedrock will take a folder of GPT-OSS weights, which file is wrong if not, and what to do. Reads small files and headers, never tensors, and changes nothing.',
  switches: {
    json: 'findings and summary as JSON on stdout',
    sources: 'name the page that each rule is from',
  },
  options: AWS_OPTIONS,
  examples: [
    { what: 'a folder on this machine', command: 'bedrock-gpt-oss check ./my-model' },
    { what: 'what lies in S3', command: 'bedrock-gpt-oss check s3://my-weights/med/v3/' },
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
  async run(given, { out, outside }) {
    const folder = await modelFolder(given.operands[0] ?? '', awsOf(given), outside);
    const found = await report(folder);
    if (given.has('json')) {
      out.stdout.write(jsonText(plainReport(found, given.has('sources'))));
    } else {
      const colours = coloursFor(out.stdout, out);
      const lines = found.findings.map((finding) => findingLine(finding, colours, given.has('sources')));
      lines.push(summaryLine(found.summary), verdictLine(found.findings, colours));
      out.stdout.write(`${lines.join('\n')}\n`);
    }
    return hasErrors(found.findings) ? 1 : 0;
  },
});
