/** What templates know without a parameter of that name, by the ARN of their stack; nothing for what is no such ARN. */
export function pseudoParameters(stackId: string): readonly (readonly [string, string])[] {
  const [, partition, region, account, name] =
    /^arn:([a-z-]+):cloudformation:([a-z0-9-]+):(\d{12}):stack\/([^/]+)\//.exec(stackId) ?? [];
  if (partition === undefined || region === undefined || account === undefined || name === undefined) return [];
  return [
    ['AWS::AccountId', account],
    ['AWS::Partition', partition],
    ['AWS::Region', region],
    ['AWS::StackId', stackId],
    ['AWS::StackName', name],
    ['AWS::URLSuffix', partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'],
  ];
}
