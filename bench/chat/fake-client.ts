import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { answerFrames, tokensOf, WHOLE_ANSWER } from './answers';

/** How the frames of an answer come. */
export interface Pace {
  /** Milliseconds from one to the next; 0 gives all as fast as they are read. */
  readonly interval: number;
  /** Told when a frame is handed over. */
  readonly onFrame?: () => void;
}

interface Given {
  readonly path: string;
  readonly body: Uint8Array;
}

/** AWS's real client, with only the part replaced that opens connections: it signs, reads event streams and checks their sums. */
export function fakeClient(pace: Pace): BedrockRuntimeClient {
  const made = new Map<number, readonly Uint8Array[]>();
  const frames = (tokens: number) => {
    const known = made.get(tokens) ?? answerFrames(tokens);
    made.set(tokens, known);
    return known;
  };
  const handle = ({ path, body }: Given) => {
    const streams = path.endsWith('/invoke-with-response-stream');
    const headers = {
      'x-amzn-requestid': 'req-bench',
      'content-type': streams ? 'application/vnd.amazon.eventstream' : 'application/json',
    };
    const answer = streams ? Readable.from(paced(frames(tokensOf(body)), pace)) : Readable.from([WHOLE_ANSWER]);
    return Promise.resolve({ response: { statusCode: 200, headers, body: answer } });
  };
  return new BedrockRuntimeClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    requestHandler: {
      handle,
      metadata: { handlerProtocol: 'h2' },
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  });
}

async function* paced(frames: readonly Uint8Array[], { interval, onFrame }: Pace): AsyncGenerator<Uint8Array> {
  const start = performance.now();
  for (const [place, frame] of frames.entries()) {
    if (interval > 0) await sleep(Math.max(0, start + place * interval - performance.now()));
    onFrame?.();
    yield frame;
  }
}
