import { lookup as resolveName } from 'node:dns/promises';
import { setMaxListeners } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Answer, Ask, Headers, Question } from './ask';
import { hubCalls } from './calls';
import { originOf, tokenOf } from './endpoint';
import type { Hub } from './hub';
import { isPrivateAddress } from './private-address';
import { ring } from './ring';

export interface HubOptions {
  /** A Hub of your own, or a mirror: scheme, host and port, without a path. @default https://huggingface.co */
  readonly endpoint?: string;
  /** For private and gated repositories; sent to the endpoint alone. @default - asks as nobody */
  readonly token?: string;
  /** Milliseconds after which a connection on which nothing comes is given up. @default 30000 */
  readonly idleMs?: number;
  /** How names become addresses. @default - as the system does it */
  readonly lookup?: (host: string) => Promise<readonly ResolvedAddress[]>;
  /** Addresses that a Hub outside of them must not send us to. @default - private, loopback, link-local and the like */
  readonly isPrivate?: (address: string) => boolean;
}

export interface ResolvedAddress {
  readonly address: string;
  /** 4 or 6. */
  readonly family: number;
}

const ENDPOINT = 'https://huggingface.co';
const IDLE_MS = 30_000;

/** So much of an answer that nobody reads is worth the connection, which can then be used again. */
const DRAINED = 64 * 1024;

/**
 * The Hugging Face Hub, or another one. It repeats nothing by itself: see `hubRetry`.
 *
 * @throws HubOptionError when the endpoint is no origin, or the token none that a header can carry
 */
export function hub(options: HubOptions = {}): Hub {
  const { idleMs = IDLE_MS, lookup = lookUp, isPrivate = isPrivateAddress } = options;
  const endpoint = originOf(options.endpoint ?? ENDPOINT);
  const agents = {
    'http:': intoRings(new http.Agent({ keepAlive: true })),
    'https:': intoRings(new https.Agent({ keepAlive: true })),
  };
  const addressesOf = async (url: URL) => {
    const address = literal(url);
    return address ? [address] : lookup(url.hostname);
  };
  let inside: Promise<boolean> | undefined;
  return hubCalls({
    endpoint,
    token: tokenOf(options.token),
    ask: asking({ agents, idleMs, lookup, isPrivate }),
    async hubIsPrivate() {
      inside ??= addressesOf(endpoint).then((all) => all.some(({ address }) => isPrivate(address)));
      try {
        return await inside;
      } catch (error) {
        inside = undefined;
        throw error;
      }
    },
  });
}

/** Every connection reads into a ring of its own. */
function intoRings<A extends http.Agent>(agent: A): A {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const { room, taken } = ring();
    const onread = { buffer: room, callback: (length: number) => socket?.push(taken(length)) ?? false };
    const reading = { ...options, onread };
    const socket = connect(reading, callback);
    return socket;
  };
  return agent;
}

const lookUp = (host: string) => resolveName(host, { all: true });

/** The address that a host is itself, in place of a name; undefined for a name. */
function literal({ hostname }: URL): ResolvedAddress | undefined {
  const address = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  return family === 0 ? undefined : { address, family };
}

interface Means extends Required<Pick<HubOptions, 'idleMs' | 'lookup' | 'isPrivate'>> {
  readonly agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };
}

function asking(means: Means): Ask {
  return async (question) => {
    // a host that is an address is connected to without a lookup
    const address = literal(question.url);
    if (question.publicOnly && address) requirePublic([address], question.url, means);
    const response = await send(question, means);
    return answerOf(response, means.idleMs);
  };
}

function requirePublic(addresses: readonly ResolvedAddress[], { origin }: URL, { isPrivate }: Means): void {
  const found = addresses.find(({ address }) => isPrivate(address));
  if (!found) return;
  throw new Error(
    `the Hub redirects to ${origin}, which leads inside a network (${found.address}); only a Hub that is inside one may`,
  );
}

async function send({ url, headers, publicOnly, signal }: Question, means: Means): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  const lookup = lookupOf(url, publicOnly, means);
  // one signal ends many requests at a time, and Node takes more than ten listeners for a leak
  setMaxListeners(0, signal);
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(url, {
      headers: { 'user-agent': 'cdk-bedrock-gpt-oss', ...headers },
      agent: means.agents[secure ? 'https:' : 'http:'],
      lookup,
    });
    // without an error, which Node's own `signal` has: where all of a body has come and is not read yet, Node hands it to
    // the connection after its listeners are gone, and nobody can catch it
    const stop = () => request.destroy();
    signal.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(() => request.destroy(idle(means.idleMs)), means.idleMs);
    request
      .once('close', () => {
        signal.removeEventListener('abort', stop);
      })
      .once('response', (response) => {
        clearTimeout(timer);
        resolve(response);
      })
      .on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      })
      .end();
  });
}

/** What is checked is what is connected to: a name that changes its address in between gains nothing. */
function lookupOf(url: URL, publicOnly: boolean, means: Means): LookupFunction {
  return (host, { all }, callback) => {
    means
      .lookup(host)
      .then((addresses) => {
        if (publicOnly) requirePublic(addresses, url, means);
        const [first] = addresses;
        if (!first) throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
        if (all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      })
      .catch((error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)), []);
      });
  };
}

function idle(idleMs: number): Error {
  return Object.assign(new Error(`nothing came for ${idleMs / 1000} s`), { code: 'ETIMEDOUT' });
}

function answerOf(response: IncomingMessage, idleMs: number): Answer {
  response.on('error', () => undefined); // whoever reads hears of it; nobody else needs to
  return {
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    body: bodyOf(response, idleMs),
    close() {
      if (Number(response.headers['content-length'] ?? Infinity) <= DRAINED) response.resume();
      else response.destroy();
    },
  };
}

function headersOf({ headers }: IncomingMessage): Headers {
  const found: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) found[name] = Array.isArray(value) ? value.join(', ') : value;
  return found;
}

/** Waits for the server no longer than `idleMs` at a time; how long the reader takes does not count. */
async function* bodyOf(response: IncomingMessage, idleMs: number): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterable<Uint8Array> = response;
  const wait = () => setTimeout(() => response.destroy(idle(idleMs)), idleMs);
  let timer = wait();
  try {
    for await (const chunk of chunks) {
      clearTimeout(timer);
      yield chunk;
      timer = wait();
    }
  } finally {
    clearTimeout(timer);
  }
}
