import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createCertificate } from '../../runtime/topics/signing-certificate.ts';
import { query, readKey } from '../support/query-client.ts';
import { startServer } from '../support/server-process.ts';

/** What an HTTPS endpoint on this machine is sent, one after another. */
async function listen(name: string): Promise<{ server: Server; url: string; pem: string; next(): Promise<string> }> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const pem = createCertificate(keys, { name, since: new Date(Date.now() - 1_000), serial: randomBytes(15) });
  const arrived: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const server = createServer({ key, cert: pem }, async (incoming, outgoing) => {
    let text = '';
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
    outgoing.end();
    const waiter = waiting.shift();
    if (waiter) waiter(text);
    else arrived.push(text);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  const url = `https://localhost:${typeof address === 'object' ? address?.port : 0}`;
  const next = (): Promise<string> => {
    const text = arrived.shift();
    return text === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(text);
  };
  return { server, url, pem, next };
}

it('brings messages to HTTPS endpoints whose certificate is trusted, and to no others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'isola-test-'));
  const trusted = await listen('localhost');
  const stranger = await listen('localhost');
  writeFileSync(join(folder, 'trusted.pem'), trusted.pem);
  const server = await startServer({
    ...{ ISOLA_DATA_DIR: join(folder, 'data'), ISOLA_PRIVATE_HOSTS: 'localhost' },
    NODE_EXTRA_CA_CERTS: join(folder, 'trusted.pem'),
  });
  onTestFinished(async () => {
    await server.kill();
    trusted.server.close();
    stranger.server.close();
    rmSync(folder, { recursive: true });
  });
  const key = readKey(server.credentialsFile);
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:safe';
  const call = async (action: string, form: Record<string, string>) => {
    const answer = await query(server.url, key, 'sns', action, form);
    expect([action, answer.status]).toEqual([action, 200]);
  };
  let refused = 0;
  stranger.server.on('tlsClientError', () => (refused += 1));
  await call('CreateTopic', { Name: 'safe' });
  await call('Subscribe', { TopicArn, Protocol: 'https', Endpoint: stranger.url });
  await expect.poll(() => refused).toBeGreaterThan(0);
  await call('Subscribe', { TopicArn, Protocol: 'https', Endpoint: trusted.url });
  const { SubscribeURL } = JSON.parse(await trusted.next());
  expect((await fetch(SubscribeURL)).status).toBe(200);
  await call('Publish', { TopicArn, Message: 'over TLS' });
  expect(JSON.parse(await trusted.next())).toMatchObject({ Type: 'Notification', Message: 'over TLS' });
}, 120_000);
