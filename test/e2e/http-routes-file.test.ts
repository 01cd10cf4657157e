import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteApiCommand, GetApisCommand, GetRoutesCommand, UpdateApiCommand } from '@aws-sdk/client-apigatewayv2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApisClient, visit } from '../support/apis.ts';
import { exchange } from '../support/exchange.ts';
import { startTestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'isola-routes-'));
  file = join(folder, 'routes.json');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('serves the APIs of a file, which no operation changes and no policy must allow', async () => {
  writeFileSync(file, JSON.stringify({ apis: { shop: { routes: { 'GET /items/{id}': 'echo' } } } }));
  const isola = await startTestIsola({ ISOLA_ROUTES: file });
  const client = createApisClient(isola);
  await isola.create('echo', guest('echo'));
  expect((await visit(isola, 'shop', '/items/7')).body()).toMatchObject({ pathParameters: { id: '7' } });
  const byPath = await exchange(isola.url, { method: 'GET', path: '/api/shop/items/8', headers: {} });
  expect(JSON.parse(Buffer.from(byPath.body).toString())).toMatchObject({ pathParameters: { id: '8' } });
  expect((await visit(isola, 'shop', '/other')).status).toBe(404);
  expect((await client.send(new GetApisCommand({}))).Items).toMatchObject([{ ApiId: 'shop', Name: 'shop' }]);
  expect((await client.send(new GetRoutesCommand({ ApiId: 'shop' }))).Items).toHaveLength(1);
  for (const change of [new UpdateApiCommand({ ApiId: 'shop', Name: 'x' }), new DeleteApiCommand({ ApiId: 'shop' })]) {
    await expect(client.send(change as UpdateApiCommand)).rejects.toMatchObject({ name: 'ConflictException' });
  }
  client.destroy();
  await isola.stop();
});

it.each<[string, string]>([
  ['{"apis":{"shop":{"routes":{"GET items":"f"}}}}', 'the file.apis.shop.routes.GET items'],
  ['{', 'it is not JSON'],
])('does not start with %s', async (content, why) => {
  writeFileSync(file, content);
  for (const processes of ['1', '2']) {
    const started = startTestIsola({ ISOLA_ROUTES: file, ISOLA_PROCESSES: processes });
    await expect(started).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining(why) });
  }
});

it('does not start without the file that it names', async () => {
  await expect(startTestIsola({ ISOLA_ROUTES: join(folder, 'nowhere') })).rejects.toMatchObject({
    ...{ name: 'ConfigError', message: expect.stringContaining('ENOENT') },
  });
});
