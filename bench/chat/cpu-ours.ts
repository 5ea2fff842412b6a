import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { bare, overFetch, overOpenAi } from './ways';

/** Run by itself: prints the CPU milliseconds of this process for one stream of so many tokens, as JSON. */
const [, , endpoint = '', way = '', streams = '', tokens = ''] = process.argv;

const WAYS = new Map(Object.entries({ bare, fetch: overFetch, openai: overOpenAi }));

async function main(): Promise<void> {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  const client = new BedrockRuntimeClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const chosen = WAYS.get(way)?.(client);
  if (!chosen) throw new Error(`there is no way '${way}'`);
  let pieces = 0;
  const once = () => chosen.stream(Number(tokens), () => pieces++);
  for (let run = 0; run < 20; run++) await once();
  pieces = 0;
  const start = process.cpuUsage();
  for (let run = 0; run < Number(streams); run++) await once();
  const { user, system } = process.cpuUsage(start);
  console.log(
    JSON.stringify({ milliseconds: (user + system) / 1000 / Number(streams), pieces: pieces / Number(streams) }),
  );
  client.destroy();
}

void main();
