import { Names } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, IDependable } from 'constructs';
import { GptOss } from './gpt-oss';
import { checkedHuggingFace, copiedWeights } from './hugging-face-source';
import { HuggingFaceCopy } from './hugging-face-copy';
import { HuggingFaceCopyOptions, HuggingFaceSourceOptions } from './hugging-face-source-options';
import { lockedHash, prefixOfHash } from './lock-file';
import { checkedOptions, checkedProps, requireKind } from './prop-kinds';
import { having, requireFit } from './value-kinds';
import { WeightsBucket } from './weights-bucket';
import { requireVersionFolder } from './weights-prefix';

const FIRST_VERSION = 'v1';

/** Where a model's weights are, and whether they are there already. */
export interface ModelSourceConfig {
  /** Bucket that holds the weights, in the import's Region. */
  readonly bucket: IBucket;

  /** Folder of the weights: ends in '/', or is '' for the whole bucket. */
  readonly prefix: string;

  /**
   * Folder that the import role and the handler may read, where `prefix` is known at deploy time only: a policy that
   * waited for it would come too late for those who find it out.
   *
   * @default - `prefix`
   */
  readonly readableFolder?: string;

  /**
   * Anything whose change means "other bytes under the same prefix", and so another model.
   *
   * @default - the prefix never changes its content
   */
  readonly version?: string;

  /**
   * Hash of the lock file that the folder must match, byte for byte, before an import job is created.
   *
   * @default - the folder may hold any valid weights
   */
  readonly lockHash?: string;

  /** Whether an incomplete folder means that somebody is still uploading (wait) or a mistake (fail at once). */
  readonly waitForUpload: boolean;

  /**
   * What must be deployed before the import may start.
   *
   * @default - nothing but the bucket
   */
  readonly dependencies?: IDependable[];

  /**
   * What was copied from Hugging Face.
   *
   * @default - the weights came otherwise
   */
  readonly huggingFaceCopy?: HuggingFaceCopy;
}

/** How weights that are in S3 already are read. */
export interface S3SourceOptions {
  /**
   * Any text whose change means "other bytes under the same prefix", for example a commit or an SSM parameter's value.
   * CloudFormation can't see what is in S3: whoever overwrites a prefix must change this. Better, never overwrite one
   * and put the version into the prefix.
   *
   * @default - the prefix never changes its content
   */
  readonly version?: string;
}

/** Where weights are that a lock file pins. */
export interface LockFileSourceOptions {
  /** Bucket that the weights were uploaded or copied to, in the import's Region. */
  readonly bucket: IBucket;

  /**
   * Folder of the weights, such as `med/v3/`; '' for the whole bucket.
   *
   * @default - the folder that `bedrock-gpt-oss upload` makes from the lock's hash when it is told a bucket only
   */
  readonly prefix?: string;
}

/** How weights that are yet to be uploaded are received. */
export interface UploadSourceOptions {
  /**
   * Bucket to upload to, in the import's Region.
   *
   * @default - a `WeightsBucket` of the model's own, child `Weights`
   */
  readonly bucket?: IBucket;

  /**
   * Name of the upload, which becomes a folder of the prefix; another one waits for another upload and makes another
   * model. Letters, digits and - _ . ! ' ( ).
   *
   * @default 'v1'
   */
  readonly version?: string;
}

/** Where a model's weights come from. */
export abstract class ModelSource {
  /**
   * Weights that are in S3 already. A folder that is missing or incomplete fails the deployment at once.
   *
   * @param bucket in the import's Region; of another account too, see `GptOssImportedModel`
   * @param prefix folder of the weights, such as `med/v3/`; '' for the whole bucket
   */
  public static s3(bucket: IBucket, prefix: string, options: S3SourceOptions = {}): ModelSource {
    requireKind('bucket', bucket);
    requireKind('prefix', prefix);
    return new S3Source(bucket, prefix, checkedOptions('options', options, "{ version: 'v2' }"));
  }

  /**
   * Exactly the weights that a lock file lists. Commit the file: a reviewed change of it is a new model. The deployment
   * fails, before an import job is created, when what lies in the bucket is anything else.
   *
   * @param path of the `gpt-oss.lock.json` that `bedrock-gpt-oss upload` wrote; a relative one starts at the working
   * directory, which `cdk` makes the app's
   * @throws when the file is missing, damaged or of another version
   */
  public static lockFile(path: string, options: LockFileSourceOptions): ModelSource {
    requireKind('path', path);
    const checked = checkedProps('options', options, '{ bucket }', 'bucket');
    return new LockFileSource(lockedHash(path), checked);
  }

  /**
   * Weights that somebody uploads while the stack waits, until the model's `timeout`; the command to type is in the
   * provider's log. The import starts when the upload is whole.
   *
   * The prefix is `<version>/` in the bucket that is made for it, `<unique name of the model>/<version>/` in a
   * bucket that is given.
   */
  public static upload(options: UploadSourceOptions = {}): ModelSource {
    return new UploadSource(checkedOptions('options', options, "{ version: 'v2' }"));
  }

  /**
   * A model repository of Hugging Face, copied into S3 when the stack is deployed: checked before a byte is copied, each
   * file compared with the Hub's hash, and repaired on the way. A second deployment of the same commit copies nothing.
   *
   * The copy lies in `hf/<owner>/<name>/<commit>-<repairs>/`.
   *
   * @param repository as in `openai/gpt-oss-20b`
   * @throws when it is no id of a model repository
   */
  public static huggingFace(repository: string, options: HuggingFaceSourceOptions = {}): ModelSource {
    return new HuggingFaceSource(repository, checkedHuggingFace(repository, options));
  }

  /** One of OpenAI's own models, at a commit that this library knows: `huggingFace` with repository and revision. */
  public static gptOss(model: GptOss, options: HuggingFaceCopyOptions = {}): ModelSource {
    requireFit('model', model, having('revision', 'GptOss.GPT_OSS_20_B'));
    const checked = checkedOptions('options', options, '{ bucket }');
    return ModelSource.huggingFace(model.repository, { ...checked, revision: model.revision });
  }

  /**
   * Makes what the source needs and says where the weights are. Called once by each model.
   *
   * @param scope the model
   */
  public abstract bind(scope: Construct): ModelSourceConfig;
}

class S3Source extends ModelSource {
  constructor(
    private readonly bucket: IBucket,
    private readonly prefix: string,
    private readonly options: S3SourceOptions,
  ) {
    super();
  }

  public bind(): ModelSourceConfig {
    return { bucket: this.bucket, prefix: this.prefix, version: this.options.version, waitForUpload: false };
  }
}

class LockFileSource extends ModelSource {
  constructor(
    private readonly hash: string,
    private readonly options: LockFileSourceOptions,
  ) {
    super();
  }

  public bind(): ModelSourceConfig {
    const { bucket, prefix = prefixOfHash(this.hash) } = this.options;
    return { bucket, prefix, version: this.hash, lockHash: this.hash, waitForUpload: false };
  }
}

class UploadSource extends ModelSource {
  constructor(private readonly options: UploadSourceOptions) {
    super();
  }

  public bind(model: Construct): ModelSourceConfig {
    const version = this.options.version ?? FIRST_VERSION;
    requireVersionFolder(version);
    if (this.options.bucket) {
      const folder = Names.uniqueResourceName(model, { separator: '-', maxLength: 100 });
      return { bucket: this.options.bucket, prefix: `${folder}/${version}/`, waitForUpload: true };
    }
    return { bucket: new WeightsBucket(model, 'Weights'), prefix: `${version}/`, waitForUpload: true };
  }
}

class HuggingFaceSource extends ModelSource {
  constructor(
    private readonly repository: string,
    private readonly options: HuggingFaceSourceOptions,
  ) {
    super();
  }

  public bind(model: Construct): ModelSourceConfig {
    return copiedWeights(model, this.repository, this.options);
  }
}
