import { Annotations, RemovalPolicy, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { requireFindingCodes } from './finding-codes';
import { HubCopy } from './hub-copy';
import { repositoryFolder } from './hub-copy-permissions';
import { hubEndpoint } from './hub-endpoint';
import { isCommit, normalRevision, repositoryProblem, revisionProblem } from './hub-repository';
import { HuggingFaceSourceOptions } from './hugging-face-source-options';
import type { ModelSourceConfig } from './model-source';
import { checkedOptions, requireKind } from './prop-kinds';
import { WeightsBucket } from './weights-bucket';

/** More than 40 at once are not promised for a Map within one execution. */
const MAX_CONCURRENCY = 40;

/**
 * Refuses at synth what would fail the deployment.
 *
 * @returns the options in the one form that the handlers know
 * @throws for ids, revisions, endpoints, codes and counts that cannot be
 */
export function checkedHuggingFace(repository: string, given: HuggingFaceSourceOptions): HuggingFaceSourceOptions {
  requireKind('repository', repository);
  const options = checkedOptions('options', given, "{ revision: 'main' }");
  const { revision, endpoint, concurrency, copyVpc } = options;
  const ofRepository = Token.isUnresolved(repository)
    ? 'it is known at deploy time only; write it down'
    : repositoryProblem(repository);
  if (ofRepository !== undefined) {
    throw new Error(`'${repository}' is no model repository of Hugging Face: ${ofRepository}`);
  }
  if (revision !== undefined && !Token.isUnresolved(revision)) {
    const problem = revisionProblem(revision);
    if (problem !== undefined) {
      throw new Error(`'revision' must be a commit, a tag or a branch, got '${revision}': ${problem}`);
    }
  }
  requireFindingCodes(options.acceptedFindings);
  if (
    concurrency !== undefined &&
    !(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= MAX_CONCURRENCY)
  ) {
    throw new Error(`'concurrency' must be a whole number from 1 to ${MAX_CONCURRENCY}, got ${concurrency}`);
  }
  for (const name of ['copyVpcSubnets', 'copySecurityGroups'] as const) {
    if (options[name] && !copyVpc) {
      throw new Error(`'${name}' needs 'copyVpc', which is not given; pass the VPC too, or leave '${name}' out`);
    }
  }
  return {
    ...options,
    ...(revision !== undefined && { revision: normalRevision(revision) }),
    ...(endpoint !== undefined && { endpoint: hubEndpoint(endpoint) }),
  };
}

/** Makes the copy that a model's weights come from. */
export function copiedWeights(
  model: Construct,
  repository: string,
  options: HuggingFaceSourceOptions,
): ModelSourceConfig {
  const revision = options.revision ?? 'main';
  if (!Token.isUnresolved(revision) && !isCommit(revision)) {
    Annotations.of(model).addWarningV2(
      'cdk-bedrock-gpt-oss:unpinned-revision',
      `revision '${revision}' of ${repository} may be another content tomorrow; pin it: give the commit's 40 hexadecimal digits as 'revision'`,
    );
  }
  if (options.tokenSecret && options.endpoint?.startsWith('http://')) {
    Annotations.of(model).addWarningV2(
      'cdk-bedrock-gpt-oss:token-in-clear',
      `the token for ${options.endpoint} would travel unencrypted; give an 'endpoint' that begins with https://`,
    );
  }
  // its copies can be made again, so a first deployment that fails leaves no bucket
  const removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
  const bucket = options.bucket ?? new WeightsBucket(model, 'Weights', { removalPolicy });
  const hubCopy = new HubCopy(model, 'Copy', {
    ...options,
    repository,
    revision,
    bucket,
    ownsBucket: options.bucket === undefined,
  });
  const { copied } = hubCopy;
  const pinned = !Token.isUnresolved(copied.prefix);
  return {
    bucket,
    prefix: copied.prefix,
    ...(!pinned && { readableFolder: repositoryFolder(repository) }),
    lockHash: copied.hash,
    waitForUpload: false,
    dependencies: [hubCopy],
    huggingFaceCopy: copied,
  };
}
