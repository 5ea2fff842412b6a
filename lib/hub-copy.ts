import { Duration, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CopyAttributes, HUB_COPY_ROOT, MINUTES_PER_LINK } from './contract';
import { GptOssImportProvider } from './gpt-oss-import-provider';
import { copyingFunction, HubCopyProps, stateMachine } from './hub-copy-function';
import { copyLinks } from './hub-copy-links';
import { handlerPolicy, removalPolicy } from './hub-copy-permissions';
import { isCommit } from './hub-repository';
import { HuggingFaceCopy } from './hugging-face-copy';
import { HubRepairs } from './hugging-face-source-options';
import { requireTimeout } from './import-links';

/** Function, state machine and resource that copy one revision of a Hugging Face repository into S3. */
export class HubCopy extends Construct {
  /** The copy's place, commit and figures. */
  public readonly copied: HuggingFaceCopy;

  constructor(scope: Construct, id: string, props: HubCopyProps) {
    super(scope, id);
    const { repository, revision, bucket } = props;
    const timeout = props.copyTimeout ?? Duration.minutes(MINUTES_PER_LINK);
    requireTimeout(timeout, 'copyTimeout');
    const provider = GptOssImportProvider.getOrCreate(this);
    const copier = copyingFunction(this, provider, props);
    const machine = stateMachine(this, copier, props.concurrency ?? 8);
    const policies = [
      handlerPolicy(this, provider.handlerRole, { machine, copier, resolves: !isCommit(revision) }),
      removalPolicy(this, provider.handlerRole, props),
    ];
    const rules = props.repairs ?? HubRepairs.R1;
    const { first, last } = copyLinks(this, timeout, {
      ServiceToken: provider.serviceToken,
      Repository: repository,
      Revision: revision,
      RepairRules: rules,
      Endpoint: props.endpoint,
      TokenSecretArn: props.tokenSecret?.secretArn,
      Bucket: bucket.bucketName,
      BucketOwner: bucket.env.account,
      AcceptedFindings: props.acceptedFindings,
      StateMachineArn: machine.stateMachineArn,
      CopierArn: copier.functionArn,
      RemoveCopies: String(props.ownsBucket),
    });
    // deleted after the resource, whose Delete needs them
    first.node.addDependency(machine, copier, ...policies);
    const answer = (name: keyof CopyAttributes) => Token.asString(last.getAtt(name));
    const pinned = isCommit(revision);
    this.copied = {
      prefix: pinned ? `${HUB_COPY_ROOT}${repository}/${revision}-${rules}/` : answer('Prefix'),
      commit: pinned ? revision : answer('Commit'),
      files: answer('Files'),
      bytes: answer('Bytes'),
      hash: answer('Hash'),
    };
  }
}
