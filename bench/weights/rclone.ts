import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { localFolder } from '../../local/paths';

const run = promisify(execFile);

const VERSION = 'v1.69.3';

/** rclone as it is, with only the two of its seventy backends that are used: all of them take ten minutes to compile. */
const PROGRAM = `package main

import (
	_ "github.com/rclone/rclone/backend/local"
	_ "github.com/rclone/rclone/backend/s3"
	"github.com/rclone/rclone/cmd"
	_ "github.com/rclone/rclone/cmd/copy"
)

func main() { cmd.Main() }
`;

/** Builds rclone from the Go module proxy into `.local-aws`, once: two minutes. @returns the program's path */
export async function buildRclone(): Promise<string> {
  const program = localFolder(`rclone-${VERSION}`, 'rclone');
  if (existsSync(program)) return program;
  await mkdir(localFolder(`rclone-${VERSION}`), { recursive: true });
  const cwd = await mkdtemp(localFolder('building-rclone-'));
  try {
    await writeFile(join(cwd, 'main.go'), PROGRAM);
    await run('go', ['mod', 'init', 'rclone'], { cwd });
    await run('go', ['get', `github.com/rclone/rclone@${VERSION}`], { cwd });
    await run('go', ['mod', 'tidy'], { cwd });
    await run('go', ['build', '-trimpath', '-o', 'rclone', '.'], { cwd });
    await rename(join(cwd, 'rclone'), program);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
  return program;
}
