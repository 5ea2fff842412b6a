import { createHash } from 'node:crypto';
import { gitBlobSha1 } from '../../../weights/hub/git-blob';
import type { Hub, HubFile, HubRange } from '../../../weights/hub/hub';
import { HubError } from '../../../weights/hub/hub-error';

export const COMMIT = 'c'.repeat(40);

/** A Hub in memory, whose calls do what a test says, and which tells what was called. */
export interface FakeHub extends Hub {
  readonly calls: string[];
  /** Is asked before each call; what it throws, the call fails with. Bytes behind `cutAt` do not come. */
  trouble: (call: string) => void;
  cutAt: ((name: string, range: HubRange) => number | undefined) | undefined;
}

/** Files of more than 100 bytes are large ones, with a SHA-256. */
export function fakeHub(contents: Readonly<Record<string, Buffer>>): FakeHub {
  const calls: string[] = [];
  const call = (name: string) => {
    calls.push(name);
    fake.trouble(name);
  };
  const fake: FakeHub = {
    endpoint: 'https://hub.example',
    calls,
    trouble: () => undefined,
    cutAt: undefined,
    resolve() {
      call('resolve');
      return Promise.resolve({ commit: COMMIT });
    },
    async files() {
      call('files');
      return Promise.resolve(Object.entries(contents).map(([name, content]) => listed(name, content)));
    },
    async open(_repository, _commit, name, range) {
      const { from, to, size } = range;
      call(`open ${name} ${from}-${to ?? ''}`);
      const content = contents[name];
      if (!content) throw new HubError('missing-file', `no ${name}`);
      if (size !== undefined && size !== content.length) throw new HubError('changed', `${name} has another size`);
      const end = Math.min(to ?? content.length, fake.cutAt?.(name, range) ?? Infinity);
      const bytes = content.subarray(from, end);
      return Promise.resolve({
        size: content.length,
        close: () => undefined,
        bytes: sent(bytes, end < (to ?? content.length)),
      });
    },
  };
  return fake;
}

async function* sent(bytes: Buffer, isCut: boolean): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 700) yield await Promise.resolve(bytes.subarray(at, at + 700));
  if (isCut) throw new HubError('cut', 'the connection was cut');
}

function listed(name: string, content: Buffer): HubFile {
  const blob = gitBlobSha1(content.length).update(content).digest('hex');
  if (content.length <= 100) return { name, size: content.length, blob };
  return { name, size: content.length, blob, sha256: createHash('sha256').update(content).digest('hex') };
}
