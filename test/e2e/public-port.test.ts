import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../support/exchange.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

let isola: TestIsola;
let publicUrl: string;
beforeAll(async () => {
  isola = await startTestIsola({ ISOLA_PUBLIC_PORT: '0' });
  publicUrl = isola.running.publicUrl;
  await isola.create('f', guest('echo'));
  await isola.client.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'f', AuthType: 'NONE' }));
  const anyone = { StatementId: 'anyone', Action: 'lambda:InvokeFunctionUrl', Principal: '*' };
  await isola.client.send(new AddPermissionCommand({ ...anyone, FunctionName: 'f', FunctionUrlAuthType: 'NONE' }));
});
afterAll(() => isola.stop());

const urlOf = async (): Promise<URL> => {
  const { FunctionUrl } = await isola.client.send(new GetFunctionUrlConfigCommand({ FunctionName: 'f' }));
  return new URL(FunctionUrl ?? '');
};

describe('with a public port of its own', () => {
  it('a function URL names that port, and answers there, by host and by path', async () => {
    expect(publicUrl).not.toBe(isola.url);
    const url = await urlOf();
    expect(url.port).toBe(new URL(publicUrl).port);
    const byHost = await exchange(publicUrl, { method: 'GET', path: '/a?b=1', headers: { host: url.host } });
    expect(JSON.parse(byHost.body.toString())).toMatchObject({ rawPath: '/a', rawQueryString: 'b=1' });
    const byPath = await exchange(publicUrl, { method: 'GET', path: '/url/f/a' });
    expect(JSON.parse(byPath.body.toString())).toMatchObject({ rawPath: '/a' });
  });

  it.each([
    '/',
    '/healthz',
    '/readyz',
    '/metrics',
    '/2015-03-31/functions',
    '/2015-03-31/functions/f',
    '/2015-03-31/functions/f/invocations',
    '/url',
    '/url/',
    '/url/nobody/',
    '/url/f%2f..%2f..%2fmetrics',
    '//healthz',
  ])('nothing else answers there: %s', async (path) => {
    for (const method of ['GET', 'POST']) {
      const { status, headers, body } = await exchange(publicUrl, { method, path });
      expect([status, headers['content-type'], JSON.parse(body.toString())]).toEqual([
        403,
        'application/json',
        { Message: null },
      ]);
    }
  });

  it('the port of the API answers no function URL', async () => {
    const { host } = await urlOf();
    for (const headers of [{}, { host }]) {
      const { status, headers: answered } = await exchange(isola.url, { method: 'GET', path: '/url/f/', headers });
      expect([status, answered['x-amzn-errortype']]).toEqual([404, 'UnknownOperationException']);
    }
    expect(await (await fetch(`${isola.url}/healthz`)).json()).toEqual({
      status: 'ok',
      publicPort: Number(new URL(publicUrl).port),
    });
    expect((await isola.invoke('f', { n: 1 })).payload).toEqual({ n: 1 });
  });

  it('both ports are closed by a stop', async () => {
    const other = await startTestIsola({ ISOLA_PUBLIC_PORT: '0' });
    const urls = [other.url, other.running.publicUrl];
    await other.stop();
    for (const url of urls) await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });
});
