import type { JsonObject } from '../../chat/json';
import { ChatFailed, completionOf } from './chat/answer';
import { answerOnce, converse, type Chat } from './chat/conversation';
import type { Keyboard } from './chat/keyboard';
import { loading } from './chat/loading';
import { modelCalled } from './chat/models';
import { requestFields } from './chat/request';
import { command } from './command';
import { jsonText } from './findings';
import { awsOf } from './flags';
import type { ExitCode } from './out';
import { UsageError } from './usage-error';

export const chat = command({
  name: 'chat',
  summary: "talks to an imported model, or to one of Bedrock's own",
  operands: ['<model>', '[prompt]'],
  about:
    "Asks a model, which is named by its ARN, by an imported model's name, or by the id of a GPT-OSS model of Bedrock's own. With a prompt, or one that is piped in, it answers and ends; without, it keeps up a conversation, in which Ctrl-C stops an answer and twice the program, exit or Ctrl-D ends, and /help says so. A model that is not loaded is waited for. The answer goes to stdout, the reasoning to stderr.",
  switches: {
    json: "the whole answer as OpenAI's JSON object on stdout; needs a prompt",
    'no-reasoning': 'only the answer',
  },
  options: {
    stack: { value: 'NAME', help: "stack with an output that is called <model> and has the model's ARN" },
    system: { value: 'TEXT', help: 'what the model is told before all else' },
    tool: {
      value: 'FILE',
      help: 'tools that it may call, as JSON in the form of OpenAI; it asks you for their results',
    },
    temperature: { value: 'N', help: "from 0, the likeliest word, to 2; default: the model's own" },
    'max-tokens': { value: 'N', help: 'most tokens of an answer, its reasoning included' },
    profile: { value: 'NAME', help: 'profile of the AWS configuration; default: AWS_PROFILE' },
    region: {
      value: 'REGION',
      help: "Region of the model; default: its ARN's, then AWS_REGION, or that of the profile",
    },
  },
  examples: [
    { what: 'one answer', command: 'bedrock-gpt-oss chat openai.gpt-oss-20b-1:0 Hello --no-reasoning' },
    { what: 'a conversation with the model of a stack', command: 'bedrock-gpt-oss chat ModelArn --stack App' },
    { what: 'for a program', command: 'bedrock-gpt-oss chat my-model Hello --json | jq .usage' },
  ],
  exit: { 0: 'it has answered', 1: 'it has not; the reason is said', 2: 'wrong use' },
  async run(given, { out, outside }) {
    const [name = '', prompt] = given.operands;
    const aws = awsOf(given);
    const fields = await requestFields(given);
    const keyboard = await outside.keyboard();
    const question = prompt ?? (await piped(keyboard));
    if (given.has('json') && question === undefined) throw new UsageError('--json goes with a prompt');

    const model = await modelCalled(name, given.option('stack'), () => outside.models(aws));
    const waiting = loading(out.stderr);
    const options = { model, region: aws.region, coldStart: { onWait: waiting.onWait } };
    const system = given.option('system');
    const talking: Chat = {
      talk: await outside.openAi(options, aws.profile),
      fields: { model, ...fields },
      system: system === undefined ? [] : [{ role: 'system', content: system }],
      loading: waiting,
      showsReasoning: !given.has('no-reasoning'),
      out,
      ...(aws.profile !== undefined && { profile: aws.profile }),
    };
    if (question === undefined) return atKeyboard(talking, keyboard);
    if (given.has('json')) return asJson(talking, question);
    await answerOnce(talking, question, out.signal);
    return 0;
  },
});

/** @throws UsageError for a pipe with nothing in it */
async function piped(keyboard: Keyboard): Promise<string | undefined> {
  if (keyboard.isTTY) return undefined;
  const text = (await keyboard.text()).trim();
  if (text === '') throw new UsageError('there is no prompt, neither on the command line nor on stdin');
  return text;
}

async function atKeyboard(talking: Chat, keyboard: Keyboard): Promise<ExitCode> {
  const lines = keyboard.open();
  const { signal } = talking.out;
  const leave = () => {
    lines.close();
  };
  signal.addEventListener('abort', leave, { once: true });
  try {
    await converse(talking, lines);
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
  }
  return signal.aborted ? 1 : 0;
}

/** Errors are for programs, too. */
async function asJson({ talk, fields, system, loading, out }: Chat, question: string): Promise<ExitCode> {
  const messages: JsonObject[] = [...system, { role: 'user', content: question }];
  try {
    out.stdout.write(jsonText(await completionOf(talk, { ...fields, messages }, out.signal)));
    return 0;
  } catch (error) {
    if (!(error instanceof ChatFailed)) throw error;
    out.stdout.write(jsonText({ error: error.error }));
    return 1;
  } finally {
    loading.end();
  }
}
