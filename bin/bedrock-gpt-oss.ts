#!/usr/bin/env node
import { outside } from './cli/outside';
import { run } from './cli/run';

// the SDK's warning about old Nodes is for those who update it, and it is bundled here
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const stop = new AbortController();
process.once('SIGINT', () => {
  // whoever presses Ctrl-C twice does not want to wait for a clean end
  process.once('SIGINT', () => process.exit(1));
  stop.abort();
});
process.once('SIGTERM', () => {
  stop.abort();
});
// a reader that has seen enough, as in `bedrock-gpt-oss check … | head`
process.stdout.on('error', () => process.exit(1));

const out = { stdout: process.stdout, stderr: process.stderr, env: process.env, signal: stop.signal };
void run(process.argv.slice(2), out, outside(process.env)).then((code) => {
  process.exitCode = code;
});
