#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { outside } from './cli/outside';
import { run } from './cli/run';

// the SDK's warning about old Nodes is for those who update it, and it is bundled here
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// V8 else lets dead objects pile up to several times the living: an upload of 40 GB peaked 36 MB higher
setFlagsFromString('--heap-growing-percent=30');

/** Milliseconds in which a command may end cleanly; what has nothing to clean up does not listen. */
const GRACE = 1500;

const stop = new AbortController();
const end = () => {
  stop.abort();
  setTimeout(() => process.exit(1), GRACE).unref();
};
process.once('SIGTERM', end);
process.once('SIGINT', () => {
  // whoever presses Ctrl-C twice does not want to wait
  process.once('SIGINT', () => process.exit(1));
  end();
});
// a reader that has seen enough, as in `bedrock-gpt-oss check … | head`
process.stdout.on('error', () => process.exit(1));

const out = { stdout: process.stdout, stderr: process.stderr, env: process.env, signal: stop.signal };
void run(process.argv.slice(2), out, outside(process.env)).then((code) => {
  process.exitCode = code;
});
