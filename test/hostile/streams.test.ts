import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { InvokeWithResponseStreamCommand, UpdateFunctionUrlConfigCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STREAM_BYTES } from '../../runtime/contract/limits.ts';
import { exchange } from '../support/exchange.ts';
import { streaming } from '../support/streaming-guest.ts';
import { type HostileIsola, startHostileIsola } from './hostile-isola.ts';

describe('a stream without end', () => {
  let hostile: HostileIsola;
  let at: URL;
  beforeAll(async () => {
    hostile = await startHostileIsola();
    const { isola } = hostile;
    await isola.create('endless', streaming({ blocks: Number.POSITIVE_INFINITY }), { Timeout: 60 });
    await isola.openUrl('endless');
    const InvokeMode = 'RESPONSE_STREAM';
    await isola.client.send(new UpdateFunctionUrlConfigCommand({ FunctionName: 'endless', InvokeMode }));
    at = new URL(`${isola.url}/url/endless/`);
  });
  afterAll(() => hostile.stop());

  const running = async (): Promise<number> => {
    const { body } = await exchange(hostile.isola.url, { method: 'GET', path: '/metrics' });
    return Number(/^isola_concurrent_executions (\d+)$/m.exec(body.toString())?.[1]);
  };

  it('ends at the limit, whoever reads it', async () => {
    const { client } = hostile.isola;
    const { EventStream = [] } = await client.send(new InvokeWithResponseStreamCommand({ FunctionName: 'endless' }));
    let bytes = 0;
    let details: string | undefined;
    for await (const { PayloadChunk, InvokeComplete } of EventStream) {
      bytes += PayloadChunk?.Payload?.length ?? 0;
      details = InvokeComplete?.ErrorDetails;
    }
    expect(bytes).toBe(STREAM_BYTES);
    expect(JSON.parse(details ?? '')).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
    await hostile.assertUnharmed();
  });

  it('breaks off for the visitor of a function URL', async () => {
    const outgoing = request(at, { agent: false }).end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
    });
    await expect(once(incoming, 'end')).rejects.toThrow('aborted');
    expect(bytes).toBe(STREAM_BYTES);
  });

  it('takes no more than its windows when nobody reads it, and the neighbours answer', async () => {
    const readers = await Promise.all(Array.from({ length: 6 }, () => openWithoutReading(at)));
    while ((await running()) < readers.length) await hostile.invoke('neighbour');
    await hostile.assertUnharmed();
    expect(await running()).toBe(readers.length);
    for (const reader of readers) reader.destroy();
    while ((await running()) > 0) await hostile.invoke('neighbour');
    await hostile.assertUnharmed();
  });
});

/** A connection on which the beginning of the answer has come, and the rest is left where it is. */
async function openWithoutReading({ hostname, port, pathname, host }: URL): Promise<Socket> {
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}
