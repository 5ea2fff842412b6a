import { Code } from 'aws-cdk-lib/aws-lambda';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The handler's bundle, made when this package was built. It lies at a fixed place in the package, while this file may
 * be `lib/` (from source) or `dist/lib/` (published), so the package's root is searched first.
 */
export function handlerCode(name: string): Code {
  const folder = join(packageRoot(__dirname), 'dist', 'lambda', name);
  if (!existsSync(join(folder, 'index.mjs'))) {
    throw new Error(
      `no handler bundle in '${folder}'; run 'npm run build:lambda' in a checkout, reinstall the package elsewhere, and leave cdk-bedrock-gpt-oss out of any bundle that you make of your CDK app`,
    );
  }
  return Code.fromAsset(folder);
}

function packageRoot(folder: string): string {
  const parent = dirname(folder);
  return existsSync(join(folder, 'package.json')) || parent === folder ? folder : packageRoot(parent);
}
