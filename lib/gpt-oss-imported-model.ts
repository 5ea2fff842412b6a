import { Duration, ITaggableV2, ReferenceStrength, RemovalPolicy, Resource, Stack, TagManager } from 'aws-cdk-lib';
import { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { ImportAttributes, MINUTES_PER_LINK } from './contract';
import { acceptCrossStackReferences, changingAttribute } from './cross-stack-reference';
import { requireFindingCodes } from './finding-codes';
import { GptOssImportProvider } from './gpt-oss-import-provider';
import { GptOssImportedModelProps } from './gpt-oss-imported-model-props';
import { grantModel } from './handler-permissions';
import { HuggingFaceCopy } from './hugging-face-copy';
import { ImportLinks, importLinks, requireTimeout } from './import-links';
import { importNetwork } from './import-network';
import { explainImport, grantImport, importRole } from './import-role';
import { GptOssImportedModelAttributes, IGptOssImportedModel } from './imported-model';
import { invokeGrant } from './invoke-grant';
import { baseModelName } from './model-name';
import { ModelSource, ModelSourceConfig } from './model-source';
import { modelTags, renderedTags, tagErrors } from './model-tags';
import { checkedOptions } from './prop-kinds';
import { explainReading, ownPolicy } from './read-weights';
import { ReferredModel } from './referred-model';
import { importRegions, requireImportRegion, requireSameRegion } from './regions';
import { applyModelRemovalPolicy } from './removal-policy';
import { requirePrefix, surroundingPrefixes } from './weights-prefix';

/**
 * GPT-OSS weights, imported into Amazon Bedrock when the stack is deployed.
 *
 * ```ts
 * const model = new GptOssImportedModel(this, 'Model', { source: ModelSource.s3(bucket, 'med/v3/') });
 * model.grantInvoke(fn);
 * fn.addEnvironment('MODEL_ARN', model.modelArn);
 * ```
 *
 * What makes another model is bucket, prefix, version, name and model key; Bedrock can't change a model in place, so
 * the new one is imported first and then the old one deleted, and the ARN changes. Tags change in place.
 *
 * **A bucket of another account** (`Bucket.fromBucketAttributes(this, 'Weights', { bucketArn, account })`) must let both
 * roles in, the import role and the handler's; this is the bucket policy to add there, with the roles' ARNs in
 * `importRole.roleArn` and `provider.handlerRole.roleArn`.
 *
 * ```json
 * { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::MODEL_ACCOUNT:root" },
 *   "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/PREFIX*"],
 *   "Condition": { "ArnEquals": { "aws:PrincipalArn": ["IMPORT_ROLE_ARN", "HANDLER_ROLE_ARN"] } } }
 * ```
 *
 * **A KMS key of another account** (`Key.fromKeyArn(this, 'Key', keyArn)`) must let them in too: its policy is never
 * written here. The bucket's key needs the same statement with `kms:Decrypt` and `kms:DescribeKey` for both roles; the
 * model's key with `kms:Decrypt`, `kms:GenerateDataKey`, `kms:DescribeKey` and `kms:CreateGrant` for both roles, and
 * with `kms:Decrypt` for all who invoke the model.
 */
export class GptOssImportedModel extends Resource implements IGptOssImportedModel, ITaggableV2 {
  /**
   * Refers to a model by its ARN.
   *
   * @throws if it isn't the ARN of an imported model
   */
  public static fromModelArn(scope: Construct, id: string, modelArn: string): IGptOssImportedModel {
    return GptOssImportedModel.fromModelAttributes(scope, id, { modelArn });
  }

  /** Refers to a model by its ARN and key. */
  public static fromModelAttributes(
    scope: Construct,
    id: string,
    attributes: GptOssImportedModelAttributes,
  ): IGptOssImportedModel {
    // eslint-disable-next-line cdk/no-variable-construct-id, cdk/require-passing-this -- they are the caller's
    return new ReferredModel(scope, id, attributes);
  }

  /**
   * Refers to a model that another stack of this account and Region has published under `parameterName`. The ARN is
   * read when this stack is deployed: deploy it after each new version of the model, whose old version is deleted.
   */
  public static fromParameter(scope: Construct, id: string, parameterName: string): IGptOssImportedModel {
    const modelArn = StringParameter.valueForStringParameter(scope, parameterName);
    return GptOssImportedModel.fromModelAttributes(scope, id, { modelArn });
  }

  /** ARN to invoke the model with. It changes with every version; between stacks use `publish` and `fromParameter`. */
  public readonly modelArn: string;

  /** Full name of the imported model: the base name and a hash of what makes another model. */
  public readonly modelName: string;

  /** Architecture that Bedrock has found, such as `gpt_oss`. */
  public readonly modelArchitecture: string;

  /** ARN of the job that imported the model. */
  public readonly jobArn: string;

  /** Custom model units that one running copy is billed for, a number as text; empty when Bedrock says nothing. */
  public readonly customModelUnitsPerModelCopy: string;

  /** Version of the custom model units, which decides their price; empty when Bedrock says nothing. */
  public readonly customModelUnitsVersion: string;

  /** Bucket that holds the weights. */
  public readonly weightsBucket: IBucket;

  /** Folder of the weights in the bucket: ends in '/', or is '' for the whole bucket. */
  public readonly weightsPrefix: string;

  /** What was copied from Hugging Face: commit, files, bytes, hash. Undefined for weights from elsewhere. */
  public readonly huggingFaceCopy?: HuggingFaceCopy;

  /** Role that Bedrock assumes to read the weights. */
  public readonly importRole: IRole;

  /** Functions that import the model. */
  public readonly provider: GptOssImportProvider;

  /** Tags of the import job and the imported model; `Tags.of` finds it here. */
  public readonly cdkTagManager: TagManager = modelTags(this);

  private readonly links: ImportLinks;
  private readonly modelKey?: IKey;

  constructor(scope: Construct, id: string, props?: GptOssImportedModelProps) {
    super(scope, id);
    requireImportRegion(this);
    const given = checkedOptions('props', props, "{ source: ModelSource.s3(bucket, 'med/v3/') }");
    const timeout = given.timeout ?? Duration.minutes(MINUTES_PER_LINK);
    requireTimeout(timeout);
    const baseName = baseModelName(this, given.modelName);
    requireFindingCodes(given.acceptedFindings);

    this.provider = ownProvider(this, given.provider);
    const weights = boundWeights(this, given.source ?? ModelSource.upload());
    const network = importNetwork(this, given);
    this.importRole = importRole(this, given.importRole);
    this.links = importLinks(this, timeout, {
      ServiceToken: this.provider.serviceToken,
      ModelName: baseName,
      Bucket: weights.bucket.bucketName,
      Prefix: weights.prefix,
      Version: weights.version,
      LockHash: weights.lockHash,
      AcceptedFindings: given.acceptedFindings,
      WaitForUpload: String(weights.waitForUpload),
      ImportRoleArn: this.importRole.roleArn,
      ModelKeyArn: given.modelKey?.keyArn,
      SubnetIds: network?.subnetIds,
      SecurityGroupIds: network?.securityGroupIds,
      Regions: importRegions(this),
      Tags: renderedTags(this.cdkTagManager),
    });
    this.applyRemovalPolicy(given.removalPolicy ?? RemovalPolicy.DESTROY);

    const access = { weights, modelKey: given.modelKey, network };
    grantImport(this, this.importRole, access);
    grantModel(this.provider.handlerRole, this.importRole, access);
    if (!given.importRole) {
      explainImport(this, this.importRole, access);
    }
    if (this.provider.handlerRole.node.scope === this.provider) {
      explainReading(this.provider.handlerRole, weights);
    }
    // the resource refers to role and bucket only, which exist before their policies do
    this.links.first.node.addDependency(this.importRole, ownPolicy(this, weights.bucket));
    this.links.first.node.addDependency(...(weights.dependencies ?? []), ...(network?.dependencies ?? []));
    this.node.addValidation({ validate: () => synthErrors(this) });

    this.modelKey = given.modelKey;
    this.weightsBucket = weights.bucket;
    this.weightsPrefix = weights.prefix;
    this.huggingFaceCopy = weights.huggingFaceCopy;
    this.modelArn = this.answer('modelArn', 'ModelArn');
    this.modelName = this.answer('modelName', 'ModelName');
    this.modelArchitecture = this.answer('modelArchitecture', 'ModelArchitecture');
    this.jobArn = this.answer('jobArn', 'JobArn');
    this.customModelUnitsPerModelCopy = this.answer('customModelUnitsPerModelCopy', 'CustomModelUnitsPerModelCopy');
    this.customModelUnitsVersion = this.answer('customModelUnitsVersion', 'CustomModelUnitsVersion');
  }

  /**
   * Lets somebody invoke the model: `bedrock:InvokeModel` and `bedrock:InvokeModelWithResponseStream` on exactly its
   * ARN, and decryption when it has a model key.
   *
   * @param grantee a role, user or function of the model's account
   * @throws if the grantee is of another account or can't take a policy: imported models have no resource policy
   */
  public grantInvoke(grantee: IGrantable): Grant {
    return invokeGrant(this, grantee, this.modelKey);
  }

  /**
   * Writes the model's ARN to an SSM parameter, for `GptOssImportedModel.fromParameter` in other stacks of this account
   * and Region. An export would block the model's next version; a parameter doesn't.
   *
   * @param parameterName such as `/ml/med`
   * @throws when called twice
   */
  public publish(parameterName: string): StringParameter {
    if (this.node.tryFindChild('Parameter')) {
      throw new Error(
        `${this.node.path} is published already, got a second name '${parameterName}'; let its readers share the first, or make a StringParameter of model.modelArn`,
      );
    }
    return new StringParameter(this, 'Parameter', {
      parameterName,
      stringValue: this.modelArn,
      description: `ARN of the imported model ${this.node.path}`.slice(0, 1024),
    });
  }

  /** Sets what happens to the imported model when it leaves the stack, as the property `removalPolicy` does. */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    applyModelRemovalPolicy(this.links.first, policy);
  }

  /** Chooses how other stacks refer to the model. `WEAK` makes no export, and so needs no parameter in between. */
  public override applyCrossStackReferenceStrength(strength: ReferenceStrength): void {
    this.links.all.forEach((link) => {
      link.applyCrossStackReferenceStrength(strength);
    });
    if (strength === ReferenceStrength.WEAK) {
      acceptCrossStackReferences(this, 'weak references make no export');
    }
  }

  /** Of the last link, which answers when the model is there. */
  private answer(property: string, attribute: keyof ImportAttributes): string {
    return changingAttribute(this, property, this.links.last.getAtt(attribute));
  }
}

function ownProvider(model: Construct, given?: GptOssImportProvider): GptOssImportProvider {
  if (given && Stack.of(given) !== Stack.of(model)) {
    throw new Error(
      `'provider' must be of the model's stack '${Stack.of(model).node.path}', got that of '${Stack.of(given).node.path}', whose permissions end at its own stack; call GptOssImportProvider.getOrCreate(this) in the model's stack`,
    );
  }
  return given ?? GptOssImportProvider.getOrCreate(model);
}

function boundWeights(model: Construct, source: ModelSource): ModelSourceConfig {
  const weights = source.bind(model);
  requirePrefix(weights.prefix);
  requireSameRegion(model, weights.bucket);
  return weights;
}

function synthErrors(model: GptOssImportedModel): string[] {
  const models = model.node.root.node.findAll().filter((construct) => construct instanceof GptOssImportedModel);
  return [...surroundingPrefixes(model, models), ...tagErrors(model.cdkTagManager)];
}
