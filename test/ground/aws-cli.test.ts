import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onGround, startGround, type Ground } from '../../local/ground';
import { awsTools } from '../local/bedrock/aws-tools';
import { bedrockTrust, config, goodIndex, safetensors } from '../local/bedrock/testbed';

/**
 * What a person does by hand to import a model, typed as AWS's own walkthrough types it, with AWS's own tools: nobody
 * here wrote these clients, so they cannot share our misunderstandings.
 */
let ground: Ground;
let bin: string;
let work: string;

beforeAll(async () => {
  bin = await awsTools();
  ground = await startGround({ switches: { importSeconds: 2, roleDelaySeconds: 2 } });
  work = mkdtempSync(join(tmpdir(), 'walkthrough-'));
}, 240_000);

afterAll(async () => {
  await ground.stop();
  rmSync(work, { recursive: true, force: true });
}, 30_000);

async function run(program: string, args: readonly string[]): Promise<string> {
  const env = onGround(ground);
  return (await promisify(execFile)(join(bin, program), args, { cwd: work, env, timeout: 60_000 })).stdout;
}

/** Arguments separated by blanks, then those that have blanks inside. */
async function aws(words: string, ...more: string[]): Promise<Record<string, unknown>> {
  const out = await run('aws', [...words.split(' '), ...more]);
  return out.trim().startsWith('{') ? (JSON.parse(out) as Record<string, unknown>) : { out };
}

/** The import role of AWS's user guide, for the whole bucket. */
function readsBucket(bucket: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:ListBucket'],
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
        Condition: { StringEquals: { 'aws:ResourceAccount': '000000000000' } },
      },
    ],
  });
}

function writeModel(): void {
  const put = (name: string, content: Buffer | object): void => {
    writeFileSync(join(work, name), content instanceof Buffer ? content : JSON.stringify(content));
  };
  put('config.json', config);
  put('tokenizer.json', {});
  put('tokenizer_config.json', { tokenizer_class: 'PreTrainedTokenizerFast' });
  put('model.safetensors.index.json', goodIndex);
  const [first, second] = [
    { data_offsets: [0, 16], shape: [4, 2] },
    { data_offsets: [0, 8], shape: [4] },
  ];
  put('model-00001-of-00002.safetensors', safetensors({ 'lm_head.weight': { dtype: 'BF16', ...first } }));
  put('model-00002-of-00002.safetensors', safetensors({ 'model.norm.weight': { dtype: 'BF16', ...second } }));
}

/** Repeats while `again` says so, as one does by hand; a minute at most. */
async function repeat<T>(step: () => Promise<T>, again: (value: T) => boolean): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const value = await step();
    if (!again(value) || Date.now() > end) return value;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test('the AWS CLI goes through the walkthrough, from the upload to the clean-up', async () => {
  writeModel();
  const trust = JSON.stringify({ Version: '2012-10-17', ...bedrockTrust });
  await aws('s3 mb s3://walkthrough-cli');
  await aws('iam create-role --role-name cli-import --assume-role-policy-document', trust);
  await aws(
    'iam put-role-policy --role-name cli-import --policy-name s3 --policy-document',
    readsBucket('walkthrough-cli'),
  );
  await aws('s3 sync . s3://walkthrough-cli/gpt-oss-20b-v1.0/');
  expect((await aws('s3 ls s3://walkthrough-cli/gpt-oss-20b-v1.0/'))['out']).toContain('model.safetensors.index.json');

  const create =
    'bedrock create-model-import-job --job-name cli-20261121 --imported-model-name med-gpt-oss ' +
    '--role-arn arn:aws:iam::000000000000:role/cli-import ' +
    '--model-data-source s3DataSource={s3Uri=s3://walkthrough-cli/gpt-oss-20b-v1.0/}';
  const fresh = (answer: object | Error) => answer instanceof Error && answer.message.includes('role ARN is invalid');
  const started = await repeat(() => aws(create).catch((error: unknown) => error as Error), fresh);
  expect(started).toEqual({ jobArn: expect.stringContaining(':model-import-job/') as string });
  await expect(aws(create)).rejects.toThrow('ConflictException');

  const look = () => aws('bedrock get-model-import-job --job-identifier cli-20261121');
  const job = await repeat(look, ({ status }) => status === 'InProgress');
  expect(job).toMatchObject({ status: 'Completed', importedModelName: 'med-gpt-oss' });

  const body = JSON.stringify({
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: 'What is anaemia?' },
    ],
    max_tokens: 500,
    temperature: 0.7,
  });
  const modelArn = String(job['importedModelArn']);
  await aws(`bedrock-runtime invoke-model --model-id ${modelArn} --body`, body, 'answer.json');
  const answer: unknown = JSON.parse(readFileSync(join(work, 'answer.json'), 'utf8'));
  expect(answer).toMatchObject({
    object: 'chat.completion',
    model: modelArn.replace(/^.*:(\d{12}):imported-model\/(.*)$/, '$1-$2'),
    choices: [{ message: { role: 'assistant' }, finish_reason: 'stop' }],
  });

  await aws(`bedrock delete-imported-model --model-identifier ${modelArn}`);
  await aws('s3 rm s3://walkthrough-cli/gpt-oss-20b-v1.0/ --recursive');
  await aws('iam delete-role-policy --role-name cli-import --policy-name s3');
  await aws('iam delete-role --role-name cli-import');
  expect(await aws('bedrock list-imported-models')).toEqual({ modelSummaries: [] });
}, 120_000);

const walkthrough = `
import json, os, sys, time, boto3, botocore.config
folder, trust, policy = sys.argv[1:4]
s3, iam, bedrock = (boto3.client(name) for name in ('s3', 'iam', 'bedrock'))
# a model that is cold answers ModelNotReadyException for a while
patient = botocore.config.Config(retries={'total_max_attempts': 10, 'mode': 'standard'})
runtime = boto3.client('bedrock-runtime', config=patient)
s3.create_bucket(Bucket='walkthrough-boto3')
for name in os.listdir(folder):
    s3.upload_file(os.path.join(folder, name), 'walkthrough-boto3', 'med/' + name)
role = iam.create_role(RoleName='boto3-import', AssumeRolePolicyDocument=trust)['Role']['Arn']
iam.put_role_policy(RoleName='boto3-import', PolicyName='s3', PolicyDocument=policy)
refused = 0
while True:
    try:
        job = bedrock.create_model_import_job(
            jobName='boto3-20261121', importedModelName='med-boto3', roleArn=role,
            modelDataSource={'s3DataSource': {'s3Uri': 's3://walkthrough-boto3/med/'}},
            importedModelTags=[{'key': 'team', 'value': 'a'}], clientRequestToken='token-1')['jobArn']
        break
    except bedrock.exceptions.ValidationException as error:
        assert 'The provided role ARN is invalid' in str(error) and refused < 60, error
        refused += 1
        time.sleep(0.5)
while (seen := bedrock.get_model_import_job(jobIdentifier=job))['status'] == 'InProgress':
    time.sleep(0.3)
model = bedrock.get_imported_model(modelIdentifier=seen['importedModelArn'])
tags = bedrock.list_tags_for_resource(resourceARN=model['modelArn'])['tags']
answer = runtime.invoke_model(
    modelId=model['modelArn'], contentType='application/json',
    body=json.dumps({'messages': [{'role': 'user', 'content': 'Hello'}], 'max_tokens': 50}))
content = json.loads(answer['body'].read())['choices'][0]['message']['content']
bedrock.delete_imported_model(modelIdentifier='med-boto3')
try:
    bedrock.get_imported_model(modelIdentifier='med-boto3')
    gone = False
except bedrock.exceptions.ResourceNotFoundException:
    gone = True
print(json.dumps({
    'refused': refused, 'status': seen['status'], 'seconds': (seen['endTime'] - seen['creationTime']).total_seconds(),
    'architecture': model['modelArchitecture'], 'tags': tags, 'content': content, 'gone': gone}))
`;

test('boto3 goes through the same', async () => {
  const trust = JSON.stringify({ Version: '2012-10-17', ...bedrockTrust });
  writeModel();
  const out = await run('python', ['-c', walkthrough, work, trust, readsBucket('walkthrough-boto3')]);
  expect(JSON.parse(out)).toMatchObject({
    status: 'Completed',
    seconds: 2,
    architecture: 'gpt_oss',
    tags: [{ key: 'team', value: 'a' }],
    content: expect.stringContaining('emulator') as string,
    gone: true,
  });
}, 120_000);
