import { App, CfnDeletionPolicy, CfnResource, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GptOssImportedModel, ModelSource } from '../../lib';
import { IMPORTED_MODEL_TYPE } from '../../lib/contract';
import type { Template } from '../../local/cloudformation/template';
import { OTHER_RESOURCE } from '../../local/cloudformation/other-resources';

/** One model of a stack, as a history may deploy it. */
export interface ModelPlan {
  /** Construct id: another one is a rename. */
  readonly id: string;
  readonly prefix: string;
  readonly version?: string;
  readonly name?: string;
  readonly hasKey: boolean;
  readonly links: 1 | 2 | 3;
  readonly upload: boolean;
  readonly retain: boolean;
  readonly keepReplaced: boolean;
  readonly tag: string;
}

/** A resource beside the models that may fail the stack, before, beside or after them. */
export interface OtherPlan {
  readonly when: 'before' | 'beside' | 'after';
  readonly seconds: number;
  readonly failsOn: '' | 'Create' | 'Update';
  /** Another number is a change, so that an update reaches it. */
  readonly change: number;
}

export interface StackPlan {
  readonly models: readonly ModelPlan[];
  readonly other?: OtherPlan;
}

/** A synthesised stack, and where its provider's runtime and waiter are described. */
export interface Synthesised {
  readonly template: Template;
  readonly runtime: string;
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
}

/** A model with nothing special about it. */
export const ANY_MODEL: ModelPlan = {
  id: 'Model',
  prefix: 'v1',
  hasKey: false,
  links: 1,
  upload: false,
  retain: false,
  keepReplaced: false,
  tag: '',
};
const IDLE: OtherPlan = { when: 'beside', seconds: 0, failsOn: '', change: 0 };

export const BUCKET = 'weights';
const made = new Map<string, Synthesised>();

/** The template that the CDK makes of a plan. Each kind of model is synthesised once, with the provider that all share. */
export function synthesised(name: string, plan: StackPlan): Synthesised {
  const [first, ...others] = plan.models.map((model) => withModel(name, model));
  const models = [...(first ? [first] : []), ...others];
  const resources = Object.assign({}, ...models.map(({ template }) => template.Resources)) as Template['Resources'];
  // CloudFormation knows no empty stack: a plan without models removes them all
  const other = plan.other ?? (models.length === 0 ? IDLE : undefined);
  return {
    ...(first ?? withModel(name, ANY_MODEL)),
    template: { Resources: other ? withOther(resources, other) : resources },
  };
}

/** Stands for any prefix, and for any tag, in what is synthesised: they change no other text of a template. */
const ANY_PREFIX = 'any-prefix';
const ANY_TAG = 'any-tag';

function withModel(name: string, plan: ModelPlan): Synthesised {
  const general = { ...plan, prefix: ANY_PREFIX, tag: plan.tag && ANY_TAG };
  const key = JSON.stringify([name, general]);
  const known = made.get(key) ?? synthesise(name, general);
  made.set(key, known);
  const text = JSON.stringify(known.template).replaceAll(ANY_PREFIX, plan.prefix).replaceAll(ANY_TAG, plan.tag);
  return { ...known, template: JSON.parse(text) as Template };
}

function synthesise(name: string, plan: ModelPlan): Synthesised {
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  const stack = new Stack(app, name, { env: { region: 'us-east-1' } });
  addModel(stack, Bucket.fromBucketName(stack, 'Bucket', BUCKET), plan);
  const assembly = app.synth();
  const { template } = assembly.getStackByName(name) as { template: Template };
  const framework = frameworkOf(assembly.directory, template);
  rmSync(assembly.directory, { recursive: true });
  return { template, ...framework };
}

function withOther(
  resources: Template['Resources'],
  { when, seconds, failsOn, change }: OtherPlan,
): Template['Resources'] {
  const models = Object.entries(resources).filter(([, { Type }]) => Type === IMPORTED_MODEL_TYPE);
  const properties = { Seconds: seconds, FailsOn: failsOn, Change: change };
  const other = {
    Type: OTHER_RESOURCE,
    Properties: properties,
    DependsOn: when === 'after' ? models.map(([id]) => id) : [],
  };
  if (when !== 'before') return { ...resources, Other: other };
  const later = models.map(
    ([id, model]) => [id, { ...model, DependsOn: [...[model.DependsOn ?? []].flat(), 'Other'] }] as const,
  );
  return { ...resources, ...Object.fromEntries(later), Other: other };
}

function addModel(stack: Stack, bucket: ReturnType<typeof Bucket.fromBucketName>, plan: ModelPlan): void {
  const model = new GptOssImportedModel(stack, plan.id, {
    source: plan.upload
      ? ModelSource.upload({ bucket, version: plan.prefix })
      : ModelSource.s3(bucket, `${plan.prefix}/`, plan.version === undefined ? {} : { version: plan.version }),
    timeout: Duration.minutes(50 * plan.links),
    // what Bedrock's own job refuses, so that jobs fail
    acceptedFindings: ['index-extra-metadata'],
    ...(plan.name !== undefined && { modelName: plan.name }),
    ...(plan.hasKey && {
      modelKey: Key.fromKeyArn(
        stack,
        `${plan.id}Key`,
        'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000',
      ),
    }),
    ...(plan.retain && { removalPolicy: RemovalPolicy.RETAIN }),
  });
  if (plan.tag !== '') Tags.of(model).add('team', plan.tag);
  const resource = model.node.defaultChild as CfnResource;
  if (plan.keepReplaced) resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
}

/** Where the framework's runtime lies, and how often its waiter asks, read from what was synthesised. */
function frameworkOf(directory: string, template: Template): Omit<Synthesised, 'template'> {
  const assets = readdirSync(directory).filter((file) => file.endsWith('.assets.json'));
  const manifests = assets.map(
    (file) =>
      JSON.parse(readFileSync(join(directory, file), 'utf8')) as {
        files: Record<string, { source: { path?: string } }>;
      },
  );
  const paths = manifests.flatMap(({ files }) => Object.values(files).map(({ source }) => source.path ?? ''));
  const runtime = paths.find((path) => path.endsWith('runtime')) ?? '';
  const machine = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
  const definition = JSON.stringify(machine?.Properties);
  const number = (name: string) => Number(new RegExp(`${name}[\\\\":]+(\\d+)`).exec(definition)?.[1]);
  return { runtime, intervalSeconds: number('IntervalSeconds'), maxAttempts: number('MaxAttempts') };
}
