import { dirname } from 'node:path';
import { strike } from '../../local/hugging-face';
import { leftovers } from '../../local/leftovers';
import { stackResources } from '../../local/stacks';
import { processesOf } from '../local/processes';
import { eventually, settled } from './harness';
import { type HubBench, openHubBench, STACK } from './hub-bench';

jest.setTimeout(240_000);

const SHARD = 'model-00001-of-00002.safetensors';

/** A part of a file: what is in S3 when a function hands on to the next. */
const PART = 8 * 1024 * 1024;

describe('a copy that is killed in the middle of a file', () => {
  let bench: HubBench;

  beforeAll(async () => {
    bench = await openHubBench();
    await bench.makeBucket('kept');
  });

  afterAll(async () => {
    await bench.stop();
  });

  const readsOf = (path: string) => bench.copied().filter((read) => read.path === path);

  test('goes on at the byte, without a terminal too, and the next deployment copies nothing', async () => {
    const { hub, ground } = bench;
    const { commit, files } = await hub.at('openai/gpt-oss-tiny');
    // a minute is kept for the end, so a function of 61 seconds hands on after its first part
    const app = bench.app(commit, { bucket: 'kept', copierSeconds: '61' });
    hub.mischief = strike({ kind: 'slow', bytesPerSecond: 3_000_000 }, { kind: 'cdn' });
    const run = await bench.startDeploy(STACK, app);
    await eventually('the second function has bytes of the file', () =>
      readsOf(SHARD).some(({ from, sent }) => from === PART && sent > 0),
    );
    expect(await killCopiers()).toBeGreaterThan(0);
    run.interrupt();
    expect((await run.ended).exitCode).not.toBe(0);

    expect(await settled(ground, STACK)).toBe('CREATE_COMPLETE');
    expect(readsOf(SHARD).map(({ from }) => from)).toEqual([0, PART, PART]);
    const size = files.get(SHARD)?.content.size ?? 0;
    const [first, killed, last] = readsOf(SHARD).map(({ sent }) => sent);
    expect(last).toBe(size - PART);
    expect(killed).toBeLessThan(size - PART);
    expect(first).toBeLessThan(size);
    expect(await bench.begun('kept')).toEqual([]);

    const before = bench.copied().length;
    const { exitCode, output } = await bench.deploy(STACK, app);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(bench.copied()).toHaveLength(before);
    expect(await leftovers(ground)).toMatchObject({ models: [expect.anything()] });
  });

  /** As Lambda does when it loses a machine. @returns how many processes */
  async function killCopiers(): Promise<number> {
    const { ground } = bench;
    const resources = await stackResources(ground, STACK);
    const copier = resources.find(({ logicalId }) => /^ModelCopyCopier[0-9A-F]{8}$/.test(logicalId))?.physicalId ?? '?';
    const workers = processesOf(dirname(ground.environment['CDK_HOME'] ?? '')).filter(
      ({ command }) => command.includes(`-${copier}-`) && command.includes('_worker'),
    );
    for (const { pid } of workers) process.kill(pid, 'SIGKILL');
    return workers.length;
  }
});
