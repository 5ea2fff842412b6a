import { parseArgs } from 'node:util';
import type { UpstreamOptions } from '../local/bedrock/runtime/upstream';
import { startGround } from '../local/ground';
import { shellLines } from '../local/shell';

/** Seconds between the custom resource's polls are 15 times this: quick, and still ten minutes to upload by hand. */
const WAIT_SCALE = 0.2;

/** `--upstream http://127.0.0.1:11434/v1` lets a model on that server answer; `--upstream-model` names it. */
function upstream(): { upstream?: UpstreamOptions } {
  const options = { upstream: { type: 'string' }, 'upstream-model': { type: 'string' } } as const;
  const { upstream: url, 'upstream-model': model } = parseArgs({ options }).values;
  if (url === undefined) {
    if (model !== undefined) throw new Error(`'--upstream-model' needs '--upstream', the server's address`);
    return {};
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new Error(`'--upstream' must be an address such as http://127.0.0.1:11434/v1, got '${url}'`);
  }
  return { upstream: { url, ...(model !== undefined && { model }) } };
}

async function main(): Promise<void> {
  const ground = await startGround({ waitScale: WAIT_SCALE, ...upstream() });
  console.log(shellLines(ground.environment));
  console.error('\nAWS is running on this machine. Paste the lines above into another shell; Ctrl-C ends it.');

  const asked = new AbortController();
  const stop = () => {
    if (asked.signal.aborted) return; // Ctrl-C reaches us from the terminal and again through npm
    asked.abort();
    void ground.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  whenParentGoes(stop);
  await ground.ended;
  if (!asked.signal.aborted) {
    await ground.stop();
    throw new Error('MiniStack ended by itself');
  }
}

/** npm and tsx don't pass every end on, and a killed shell passes none: being handed to another parent says it all. */
function whenParentGoes(then: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    then();
  }, 500);
  watch.unref();
}

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'; // on Node 20 eight lines before ours
main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
