import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../local/paths';
import { ensureVenv } from '../../local/python';
import { figure, type Figure } from '../weights/statistics';
import { IMPORTED } from './answers';
import { built, printed } from './child';

/** boto3 is what LiteLLM signs requests for Bedrock with. */
const REQUIREMENTS = ['litellm==1.106.2', 'boto3==1.44.5'];

const TOKENS = 200;
const STREAMS = { ours: 200, litellm: 30 };
const RUNS = 3;

const Spent = z.object({ milliseconds: z.number(), pieces: z.number() });

/** CPU milliseconds for one stream, its pieces counted. */
export interface Cpu {
  readonly tokens: number;
  readonly runs: number;
  readonly clients: readonly { readonly name: string; readonly cpu: Figure; readonly pieces: number }[];
  /** What could not be had, with the reason. */
  readonly absent: readonly string[];
}

export async function measureCpu(): Promise<Cpu> {
  const program = await built('cpu-ours.ts');
  const node = (way: string) => (urls: Urls) =>
    printed(process.execPath, [program, urls.http2, way, `${STREAMS.ours}`, `${TOKENS}`]);
  const clients: Client[] = [
    { name: 'the SDK bare', run: node('bare') },
    { name: 'bedrockFetch', run: node('fetch') },
    { name: 'the `openai` package over it', run: node('openai') },
  ];
  const litellm = await litellmClient();
  if (typeof litellm !== 'string') clients.push(litellm);
  return {
    tokens: TOKENS,
    runs: RUNS,
    clients: await inTurn(clients),
    absent: typeof litellm === 'string' ? [litellm] : [],
  };
}

interface Urls {
  readonly http1: string;
  readonly http2: string;
}

interface Client {
  readonly name: string;
  readonly run: (urls: Urls) => Promise<unknown>;
}

/**
 * By its route for Moonshot's models: the one for OpenAI's, `bedrock/openai/<arn>`, gives an empty stream for the chunks
 * of imported models.
 */
async function litellmClient(): Promise<Client | string> {
  try {
    const python = join(await ensureVenv('bench-litellm', REQUIREMENTS), 'python');
    const argv = [join(packageRoot(), 'bench', 'chat', 'cpu_litellm.py')];
    const model = `bedrock/moonshot/${IMPORTED}`;
    return {
      name: 'LiteLLM 1.106.2, its `moonshot` route',
      run: ({ http1 }) => printed(python, [...argv, http1, model, `${STREAMS.litellm}`, `${TOKENS}`]),
    };
  } catch (error) {
    return `LiteLLM: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function inTurn(clients: readonly Client[]): Promise<Cpu['clients']> {
  const server = spawn(process.execPath, [await built('runtime-server.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [line] = z.tuple([z.instanceof(Buffer)]).parse(await once(server.stdout, 'data'));
    const urls = z.object({ http1: z.string(), http2: z.string() }).parse(JSON.parse(line.toString()));
    const found = clients.map(({ name }) => ({ name, spent: new Array<z.infer<typeof Spent>>() }));
    for (let run = 0; run < RUNS; run++) {
      for (const [place, client] of clients.entries()) found[place]?.spent.push(Spent.parse(await client.run(urls)));
    }
    return found.map(({ name, spent }) => ({
      name,
      cpu: figure(spent.map(({ milliseconds }) => milliseconds)),
      pieces: spent[0]?.pieces ?? 0,
    }));
  } finally {
    server.stdin.end();
  }
}
