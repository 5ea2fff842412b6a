import { limitFindings } from '../../weights/check/limits';
import { awaitStackWeights } from './await-stack';
import type { Context, Given } from './command';
import { awsOf } from './flags';
import { s3Address, s3Text } from './s3-address';
import type { StackWeights } from './stack-weights';
import { UsageError } from './usage-error';

export const STACK_OPTIONS = {
  stack: {
    value: 'NAME',
    help: "instead of an address: where this stack's model reads its weights, or its WeightsBucket; also while the stack is being created and waits for them",
  },
  model: { value: 'ID', help: 'which model or bucket of the stack, by construct id or logical id, if it has several' },
};

type StackFlags = Given<never, 'stack' | 'model' | 'profile' | 'region'>;

/** Whether an address or a stack says where: exactly one of them must. @throws UsageError */
export function requireOnePlace(address: string | undefined, { option }: StackFlags): void {
  const stack = option('stack');
  if (address === undefined && stack === undefined)
    throw new UsageError('say where: s3://bucket/prefix/ or --stack NAME');
  if (address !== undefined && stack !== undefined) {
    throw new UsageError(`'${address}' and --stack ${stack} both say where; leave one out`);
  }
  if (stack === undefined && option('model') !== undefined) throw new UsageError('--model is for --stack');
  if (address !== undefined) requireImportable(address);
}

/** The place that an address or a stack names; without a prefix where it names a bucket only. */
export async function destination(
  address: string | undefined,
  given: StackFlags,
  { out, outside }: Context,
): Promise<StackWeights> {
  if (address !== undefined) {
    const { bucket, prefix } = s3Address(address);
    return prefix === '' ? { bucket } : { bucket, prefix };
  }
  const [name = '', model] = [given.option('stack'), given.option('model')];
  const choice = { name, ...(model !== undefined && { model }) };
  return awaitStackWeights(choice, await outside.stacks(awsOf(given)), out);
}

function requireImportable(address: string): void {
  const [wrong] = limitFindings(s3Text(s3Address(address)), undefined, [], { format: 'unknown' });
  if (wrong) throw new UsageError(`${wrong.problem}; choose ${wrong.remedy.replace(/^copy the model to /, '')}`);
}
