import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { emptyBucket } from '../local/buckets';
import { bootstrap, cdk } from '../local/cdk';
import { startGround, type Ground } from '../local/ground';
import { type Hub, startHub } from '../local/hugging-face';
import { isEmpty, leftovers } from '../local/leftovers';
import { localFolder } from '../local/paths';
import { writeSampleWeights } from '../local/sample-weights';
import { stackOutputs } from '../local/stacks';
import { ask } from './demo/ask';
import { addressOf, deploy, failure, requireSuccess, STACK, type Weights, weightsBucket } from './demo/deploy';
import { commands, type Explored, variables } from './demo/explore';
import { Story } from './demo/story';

/** Three polls of the custom resource in two seconds: what takes minutes on AWS is seen in one go. */
const WAIT_SCALE = 0.05;

/** On the Hub of this machine. */
const REPOSITORY = 'demo/gpt-oss-small';

const QUESTION = 'What are you, in one sentence?';

interface Options {
  /** Everything stays until Ctrl-C. */
  readonly keep: boolean;
  /** The weights have an index that Bedrock refuses. */
  readonly broken: boolean;
  /** The weights come from a Hugging Face Hub on this machine. */
  readonly huggingFace: boolean;
}

async function demo({ keep, broken, huggingFace }: Options): Promise<number> {
  const story = new Story(console.log);
  const folder = await makeWeights(story, broken);
  const hub = huggingFace ? await startHub({ repositories: { [REPOSITORY]: folder } }) : undefined;
  story.tell('starting AWS on this machine');
  const ground = await startGround({ waitScale: WAIT_SCALE });
  try {
    story.tell('AWS runs; preparing its account: cdk bootstrap');
    requireSuccess('cdk bootstrap', await bootstrap(ground));
    story.chapter('cdk deploy');
    const weights = hub ? await onHub(hub, story) : { folder };
    const result = await deploy(ground, weights, story);
    if (broken) {
      if (result.exitCode === 0) throw new Error('broken weights were imported');
      await showFailure(ground, story);
    } else {
      requireSuccess('cdk deploy', result);
      story.tell('done: the stack is complete');
      await useModel(ground, story);
    }
    if (keep) {
      const { environment } = ground;
      const bucket = await weightsBucket(ground);
      const onHub = 'hub' in weights && { hub: { url: weights.hub.endpoint, address: addressOf(weights.hub) } };
      await explore(
        { environment, folder, stack: STACK, broken, ...(bucket !== undefined && { bucket }), ...onHub },
        story,
      );
    }
    await destroy(ground, story);
    return await showLeftovers(ground, story);
  } finally {
    await ground.stop();
    await hub?.close();
  }
}

async function onHub(hub: Hub, story: Story): Promise<Weights> {
  const { commit } = await hub.at(REPOSITORY);
  const weights = { repository: REPOSITORY, revision: commit, endpoint: hub.url };
  story.tell(`a Hugging Face Hub at ${hub.url} has them as ${addressOf(weights)}`);
  return { hub: weights };
}

async function makeWeights(story: Story, broken: boolean): Promise<string> {
  mkdirSync(localFolder('run'), { recursive: true });
  const folder = mkdtempSync(localFolder('run', 'weights-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const files = await writeSampleWeights(folder, { totalParameters: broken });
  const megabytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  story.tell(`made a small GPT-OSS model: ${files.length} files, ${megabytes.toFixed(1)} MB`);
  return folder;
}

async function useModel(ground: Ground, story: Story): Promise<void> {
  const { ModelArn: arn = '' } = await stackOutputs(ground, STACK);
  story.chapter('the imported model');
  story.tell(arn);
  story.tell(`question: ${QUESTION}`);
  story.tell(`answer:   ${await ask(ground, arn, QUESTION)}`);
}

async function showFailure(ground: Ground, story: Story): Promise<void> {
  story.chapter('the deployment failed, and this is what cdk says');
  story.tell(await failure(ground));
}

async function explore(explored: Explored, story: Story): Promise<void> {
  story.chapter('yours to explore; paste this into another shell, Ctrl-C here destroys all');
  console.log(variables(explored));
  story.chapter('and try, in this folder');
  console.log(commands(explored).join('\n'));
  process.off('SIGINT', leave);
  await new Promise((resolve) => process.once('SIGINT', resolve));
  process.on('SIGINT', leave);
}

async function destroy(ground: Ground, story: Story): Promise<void> {
  story.chapter('cdk destroy');
  const bucket = await weightsBucket(ground);
  if (bucket !== undefined) story.tell(`emptied the bucket: ${await emptyBucket(ground, bucket)} objects`);
  requireSuccess('cdk destroy', await cdk(ground, ['destroy', STACK, '--force']));
  story.tell('done: the stack is gone');
}

/** @returns the exit code: 1 when anything is left */
async function showLeftovers(ground: Ground, story: Story): Promise<number> {
  const left = await leftovers(ground);
  story.chapter('what is left, cdk bootstrap aside');
  console.table(Object.fromEntries(Object.entries(left).map(([kind, names]) => [kind, { left: names.length }])));
  for (const [kind, names] of Object.entries(left)) {
    if (names.length > 0) console.error(`left over ${kind}: ${names.join(', ')}`);
  }
  return isEmpty(left) ? 0 : 1;
}

async function main(): Promise<number> {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({ options: { keep: flag, broken: flag, 'hugging-face': flag } });
    if (values.broken && values['hugging-face']) {
      console.error('--broken and --hugging-face exclude each other: a copy mends such an index on the way');
      return 2;
    }
    return await demo({ keep: values.keep, broken: values.broken, huggingFace: values['hugging-face'] });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return error instanceof TypeError && 'code' in error ? 2 : 1; // parseArgs throws these for flags that there are not
  }
}

/** Every process that we start ends with this one. */
function leave(): never {
  process.exit(130);
}

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'; // on Node 20 eight lines amid the story
process.on('SIGINT', leave);
process.on('SIGTERM', leave);
void main().then((code) => {
  process.exitCode = code;
});
