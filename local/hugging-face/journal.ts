import type { IncomingMessage } from 'node:http';
import type { Asked, Fault, Mischief } from './faults';

/** A request as it came, and what became of it. The token itself is nowhere kept. */
export interface Recorded extends Asked {
  readonly server: 'hub' | 'cdn';
  /** The `Host` header. */
  readonly host: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  /** Whether there was an `Authorization` header, of whatever kind. */
  readonly authorized: boolean;
  /** Of the answer; 0 as long as there is none. */
  status: number;
  /** Bytes of the answer's body that were handed to the connection. */
  sent: number;
}

export interface Journal {
  mischief: Mischief | undefined;
  readonly requests: readonly Recorded[];
  /** Writes a request down, and asks what is to go wrong with it. */
  note(server: Recorded['server'], message: IncomingMessage, about: About): { recorded: Recorded; fault?: Fault };
}

type About = Pick<Asked, 'kind' | 'repository' | 'path'>;

export function journal(): Journal {
  const requests: Recorded[] = [];
  const alike = new Map<string, number>();
  return {
    mischief: undefined,
    requests,
    note(server, { method = 'GET', url = '/', headers }, about) {
      const key = [about.kind, about.repository, about.path].join('\n');
      const nth = (alike.get(key) ?? 0) + 1;
      alike.set(key, nth);
      const [host, authorized] = [headers.host ?? '', headers.authorization !== undefined];
      const asked = { ...about, method, range: headers.range, nth, count: requests.length + 1 };
      const recorded = { ...asked, server, host, url, authorized, status: 0, sent: 0 };
      requests.push(recorded);
      const fault = this.mischief?.(asked);
      return { recorded, ...(fault && { fault }) };
    },
  };
}
