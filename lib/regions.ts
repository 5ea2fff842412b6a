import { Stack, Token } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';

/** Where Bedrock imports the GPT-OSS architecture, by its user guide of November 2025. */
const GPT_OSS_REGIONS = ['us-east-1'];

/** Context key that replaces the list: a JSON array, or names with commas between them. */
const REGIONS_CONTEXT = 'cdk-bedrock-gpt-oss:regions';

/** Regions where an import may be tried. */
export function importRegions(model: IConstruct): string[] {
  const widened: unknown = model.node.tryGetContext(REGIONS_CONTEXT);
  if (widened === undefined) {
    return GPT_OSS_REGIONS;
  }
  const names: unknown[] = typeof widened === 'string' ? widened.split(',') : Array.isArray(widened) ? widened : [];
  const regions = names.filter((name) => typeof name === 'string').map((name) => name.trim());
  if (regions.length === 0 || regions.length !== names.length || regions.includes('')) {
    throw new Error(
      `context '${REGIONS_CONTEXT}' must be a list of Regions, got ${JSON.stringify(widened)}; write ["us-east-1", "us-west-2"] in cdk.json or -c ${REGIONS_CONTEXT}=us-east-1,us-west-2`,
    );
  }
  return regions;
}

/** Refuses a stack in a Region that can't import GPT-OSS. An unresolved Region is left to the handler. */
export function requireImportRegion(model: IConstruct): void {
  const region = Stack.of(model).region;
  const regions = importRegions(model);
  if (!Token.isUnresolved(region) && !regions.includes(region)) {
    throw new Error(
      `Bedrock imports GPT-OSS in ${regions.join(', ')} only, and this stack is in '${region}'; deploy it there, or, if AWS has added your Region, set context '${REGIONS_CONTEXT}' to '${[...regions, region].join(',')}'`,
    );
  }
}

/** Refuses a bucket that is known to be in another Region than the import. */
export function requireSameRegion(model: IConstruct, bucket: IBucket): void {
  const here = Stack.of(model).region;
  const there = bucket.env.region;
  if (!Token.isUnresolved(here) && !Token.isUnresolved(there) && here !== there) {
    throw new Error(
      `'source' must be a bucket in the import's Region '${here}', got one in '${there}'; copy the weights to a bucket in '${here}'`,
    );
  }
}
