import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Door } from './choose.ts';

/** Says by which port, and from which address, a request came that is passed on; the last of its name is ours. */
const CLIENT_HEADER = 'x-isola-client';
/** What holds between two ends of a connection alone. */
const OF_ONE_CONNECTION: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding']);
/** A connection to the keeper outlives its client's, and how a body is framed has been decided by the client. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set(['connection', 'keep-alive']);

export interface PassOnDeps {
  /** The path of the keeper's socket. */
  readonly path: string;
  /** Answers a request that did not get through. */
  readonly failed: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
}

/** Sends requests to the keeper as they came, and its answers back, each piece when the other side has taken the one before. */
export function createPassOn({ path, failed }: PassOnDeps): {
  passOn(incoming: IncomingMessage, outgoing: ServerResponse, door: Door): void;
  close(): void;
} {
  const agent = new Agent({ keepAlive: true });
  return {
    close: () => agent.destroy(),
    passOn(incoming, outgoing, door) {
      const client = `${door} ${(incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, '')}`;
      const headers = [...without(incoming.rawHeaders, NOT_PASSED_ON), CLIENT_HEADER, client];
      let answered: IncomingMessage | undefined;
      const fail = (): void => {
        if (answered?.complete) return;
        if (outgoing.headersSent) outgoing.destroy();
        else failed(incoming, outgoing);
      };
      const onward = request({
        ...{ agent, socketPath: path, method: incoming.method ?? 'GET', path: incoming.url ?? '/' },
        headers: headers as unknown as Record<string, string>,
      });
      onward.on('error', fail);
      onward.on('response', (answer) => {
        answered = answer;
        sendBack(answer, incoming, outgoing);
      });
      outgoing.on('close', () => {
        if (!outgoing.writableFinished) onward.destroy();
      });
      incoming.pipe(onward);
    },
  };
}

/** Where a passed-on request came from; its mark is taken off. Undefined when it has none. */
export function takeClient(incoming: IncomingMessage): { readonly door: Door; readonly sourceIp: string } | undefined {
  const { rawHeaders } = incoming;
  const at = rawHeaders.lastIndexOf(CLIENT_HEADER);
  if (at === -1 || at % 2 === 1) return undefined;
  const [door, sourceIp = ''] = (rawHeaders.splice(at, 2)[1] as string).split(' ');
  return { door: door === 'public' ? 'public' : 'api', sourceIp };
}

function without(lines: readonly string[], names: ReadonlySet<string>): string[] {
  return lines.filter((_, index) => !names.has((lines[index & ~1] as string).toLowerCase()));
}

function sendBack(answer: IncomingMessage, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const headers = without(answer.rawHeaders, OF_ONE_CONNECTION);
  // Whoever still sends a body that nobody will read must not reuse the connection.
  if (!incoming.complete) headers.push('connection', 'close');
  answer.on('error', () => outgoing.destroy());
  outgoing.writeHead(answer.statusCode ?? 500, headers);
  outgoing.flushHeaders();
  answer.pipe(outgoing);
}
