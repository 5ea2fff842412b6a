import { OF_ACCOUNT, whetherRight } from './aws-endpoints';
import { coloursFor, type Colours } from './colours';
import { command } from './command';
import { jsonText } from './findings';
import { AWS_OPTIONS, awsOf } from './flags';
import { type Answer, preflightAnswers } from './preflight-checks';

export const preflight = command({
  name: 'preflight',
  summary: 'says whether this account can import, before anything is spent',
  operands: [],
  about:
    "Asks AWS, by calls that change and cost nothing, whether an import could succeed now: the Region, who calls, both quotas and what holds them, and the caller's rights as far as IAM's simulator sees them.",
  switches: { json: 'the answers as JSON on stdout' },
  options: {
    ...AWS_OPTIONS,
    region: { value: 'REGION', help: 'Region to import in; default: AWS_REGION, or that of the profile' },
  },
  examples: [
    { what: 'the account of a profile', command: 'bedrock-gpt-oss preflight --profile prod --region us-east-1' },
  ],
  exit: {
    0: "no answer is 'no': an import could begin now, or after a wait; what could not be asked is 'unknown', and counts as no obstacle",
    1: "an answer is 'no': an import would fail, and the remedy is said; also where nobody could say who calls",
    2: 'wrong use',
  },
  async run(given, { out, outside }) {
    const answers = await preflightAnswers(await outside.account(awsOf(given)), whetherRight(out.env, OF_ACCOUNT));
    const code = answers.some(({ state }) => state === 'no') ? 1 : 0;
    if (given.has('json')) {
      out.stdout.write(jsonText({ canImport: code === 0, answers }));
    } else {
      const colours = coloursFor(out.stdout, out);
      out.stdout.write(answers.map((answer) => `${line(answer, colours)}\n`).join(''));
    }
    return code;
  },
});

function line({ about, state, message, remedy }: Answer, { green, red, yellow }: Colours): string {
  const paint = { yes: green, no: red, wait: yellow, unknown: yellow }[state];
  return `${paint(state.padEnd(7))} ${about}: ${message}${remedy === '' ? '' : `. Remedy: ${remedy}`}`;
}
