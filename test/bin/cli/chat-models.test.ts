import { BedrockClient, ListImportedModelsCommand } from '@aws-sdk/client-bedrock';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { accountModels } from '../../../bin/cli/chat/account-models';
import { BASE, IMPORTED } from '../../chat/answers';

const models = accountModels({ region: 'us-east-1' });

test('an account’s imported models have names, over all pages', async () => {
  const bedrock = mockClient(BedrockClient);
  const about = { creationTime: new Date(0) };
  bedrock
    .on(ListImportedModelsCommand)
    .resolvesOnce({ modelSummaries: [{ ...about, modelName: 'med', modelArn: IMPORTED }], nextToken: 'more' })
    .resolves({ modelSummaries: [{ ...about, modelName: 'law', modelArn: `${IMPORTED}x` }] });

  expect(Object.fromEntries(await models.imported())).toEqual({ med: IMPORTED, law: `${IMPORTED}x` });
  bedrock.restore();
});

describe('a stack', () => {
  const cloudFormation = mockClient(CloudFormationClient);
  const stack = { StackName: 'App', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE' as const };

  afterEach(() => {
    cloudFormation.reset();
  });

  test('has outputs by name, or none', async () => {
    const Outputs = [
      { OutputKey: 'ModelArn', OutputValue: IMPORTED },
      { OutputKey: 'Base', OutputValue: BASE },
    ];
    cloudFormation.on(DescribeStacksCommand, { StackName: 'App' }).resolvesOnce({ Stacks: [{ ...stack, Outputs }] });
    expect(Object.fromEntries((await models.outputs('App')) ?? [])).toEqual({ ModelArn: IMPORTED, Base: BASE });

    cloudFormation.on(DescribeStacksCommand, { StackName: 'App' }).resolves({ Stacks: [stack] });
    expect(await models.outputs('App')).toEqual(new Map());
  });

  test('that is not there is told from a call that failed', async () => {
    const failure = (name: string, message: string) => Object.assign(new Error(message), { name });
    cloudFormation
      .on(DescribeStacksCommand)
      .rejectsOnce(failure('ValidationError', 'Stack with id App does not exist'))
      .rejectsOnce(failure('ValidationError', 'stackName failed to satisfy constraint'))
      .rejects(failure('AccessDenied', 'not yours'));

    expect(await models.outputs('App')).toBeUndefined();
    await expect(models.outputs('A_b')).rejects.toThrow('constraint');
    await expect(models.outputs('App')).rejects.toThrow('not yours');
  });
});
