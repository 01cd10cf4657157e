import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createOutbound } from '../../runtime/wiring/outbound.ts';

const GET = { method: 'GET', headers: [], body: new Uint8Array() };
const never = new AbortController().signal;

async function listen(): Promise<number> {
  const server = createServer((_request, response) => response.writeHead(302, { location: '/other' }).end('moved'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

it('asks nobody who is not on the public Internet, by whatever name', async () => {
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const ask = createOutbound({ privateHosts: ['other.test', 'here.test:1'], resolve });
  for (const url of ['http://127.0.0.1/', 'http://here.test/', 'http://[::1]/', 'https://10.0.0.1/x']) {
    await expect(ask(url, GET, never), url).rejects.toMatchObject({ type: 'PrivateAddress' });
  }
  await expect(ask('file:///etc/passwd', GET, never)).rejects.toMatchObject({ type: 'InvalidRequest' });
});

it('asks hosts that the operator has named, with their port or without, and follows nothing', async () => {
  const port = await listen();
  for (const host of ['127.0.0.1', `127.0.0.1:${port}`]) {
    const answer = await createOutbound({ privateHosts: [host] })(`http://127.0.0.1:${port}/`, GET, never);
    expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([302, 'moved']);
  }
});
