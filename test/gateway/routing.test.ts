import { describe, expect, it } from 'vitest';
import type { ApiRequest, Operation } from '../../runtime/gateway/index.ts';
import { createTestGateway } from './fixture.ts';

const operation = (method: Operation['method'], path: string, name: string): Operation => ({
  name,
  method,
  path,
  handle: async ({ params }: ApiRequest) => ({ status: 200, body: { name, params: { ...params } } }),
});

function ask(method: string, path: string): Promise<Response> {
  const operations = [
    operation('GET', '/things/:Name', 'one'),
    operation('PUT', '/things/:Name/parts/:Part', 'part'),
    operation('GET', '/things', 'all'),
  ];
  return createTestGateway({ operations }).gateway.request(path, { method });
}

describe('the route table', () => {
  it.each([
    ['GET', '/things', 'all', {}],
    ['GET', '/things/', 'all', {}],
    ['GET', '/things/arn%3Aaws%3A%24x%2Fy', 'one', { Name: 'arn:aws:$x/y' }],
    ['GET', '/things/%zz', 'one', { Name: '%zz' }],
    ['GET', '/things/__proto__', 'one', { Name: '__proto__' }],
    ['PUT', '/things/a/parts/b/', 'part', { Name: 'a', Part: 'b' }],
  ])('finds %s %s', async (method, path, name, params) => {
    expect(await (await ask(method, path)).json()).toEqual({ name, params });
  });

  it('serves HEAD where it serves GET, without the body', async () => {
    const response = await ask('HEAD', '/things/a');
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
  });

  it.each([
    ['POST', '/things'],
    ['GET', '/'],
    ['GET', '/things//'],
    ['GET', '/things/a/b'],
    ['PUT', '/things//parts/b'],
    ['GET', '/Things'],
    ['GET', '/url'],
    ['GET', '/url/'],
  ])('finds nothing for %s %s', async (method, path) => {
    const response = await ask(method, path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ message: `No operation answers ${method} ${path}.` });
  });
});
