import { mkdirSync } from 'node:fs';
import { localFolder } from '../../local/paths';
import { machine } from '../weights/machine';
import { measureAdded } from './added';
import { measureColdImports } from './cold-import';
import { measureCpu } from './cpu';
import { measureHeld } from './held';
import { report } from './report';

/** `npm run bench:chat`: takes about eight minutes and prints the figures in Markdown. */
async function main(): Promise<void> {
  mkdirSync(localFolder('run'), { recursive: true });
  const say = (what: string) => {
    console.error(`${what} …`);
  };
  say('added time');
  const added = await measureAdded();
  say('memory');
  const held = await measureHeld();
  say('CPU');
  const cpu = await measureCpu();
  say('cold import');
  const imports = await measureColdImports();
  console.log(report({ machine: machine(), added, held, cpu, imports }));
}

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
