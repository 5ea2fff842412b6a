import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Hub, type HubOptions, startHub } from '../../../local/hugging-face';

const undo: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A folder that is there until the test ends. */
export function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hub-'));
  undo.push(() => {
    rmSync(folder, { recursive: true });
  });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A Hub that runs until the test ends. */
export async function hubOf(options: HubOptions): Promise<Hub> {
  const hub = await startHub(options);
  undo.push(() => hub.close());
  return hub;
}

export const WEIGHTS = Buffer.from(Array.from({ length: 3000 }, (_, at) => at % 251));

/** One repository, `acme/tiny`, with a small file and a large one. */
export function tinyHub(options: Partial<HubOptions> = {}): Promise<Hub> {
  const folder = folderOf({ 'config.json': '{"a":1}\n', 'model.safetensors': WEIGHTS });
  return hubOf({ repositories: { 'acme/tiny': folder }, ...options });
}

export interface Asking {
  readonly token?: string;
  readonly range?: string;
  readonly method?: string;
}

/** Asks once, following nothing. */
export function ask(url: string, { token, range, method = 'GET' }: Asking = {}): Promise<Response> {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(range && { range }) };
  return fetch(url, { method, headers, redirect: 'manual' });
}

export async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

/** The address of a large file at the CDN. */
export async function link(hub: Hub, path = 'model.safetensors'): Promise<string> {
  const answer = await ask(`${hub.url}/acme/tiny/resolve/main/${path}`, { method: 'HEAD' });
  return answer.headers.get('location') ?? '';
}
