import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';

/** A server on loopback that answers as the test says, and tells what it was asked. */
export interface SmallHub {
  readonly origin: string;
  readonly asked: { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  answer: (path: string, request: IncomingMessage, response: ServerResponse) => void;
  stop(): Promise<void>;
}

export async function smallHub(host = '127.0.0.1'): Promise<SmallHub> {
  const hub: SmallHub = {
    origin: '',
    asked: [],
    answer: (_path, _request, response) => response.writeHead(404).end(),
    stop: () => stop(server),
  };
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? '';
    hub.asked.push({ path, headers: request.headers });
    hub.answer(path, request, response);
  };
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, host, listening));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server has no address');
  return Object.assign(hub, { origin: `http://${host}:${address.port}` });
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((stopped) =>
    server.close(() => {
      stopped();
    }),
  );
}
