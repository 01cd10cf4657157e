import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCredentials } from '../../runtime/cli/credentials.ts';
import { type Deployment, deployFunction } from '../../runtime/cli/deployment.ts';
import { removeOwnRole } from '../../runtime/cli/execution-role.ts';
import { LambdaClient } from '../../runtime/cli/lambda-client.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { query, readKey } from '../support/query-client.ts';
import { guest } from '../support/wat.ts';

describe('what a project asks leave for', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
  });
  afterAll(() => isola.stop());

  it('is what its function may do, until it asks for it no more', async () => {
    const host = { env: { ISOLA_DATA_DIR: isola.dataDir }, cwd: isola.dataDir, home: isola.dataDir };
    const client = new LambdaClient(isola.url, 'us-east-1', await findCredentials(host));
    const deploy = (grants: NonNullable<Deployment['grants']>) => {
      const code = { name: 'asking', code: guest('caller'), handler: 'index.handler' };
      return deployFunction(client, { ...code, publicUrl: false, accountId: '000000000000', grants }, () => undefined);
    };
    const get = async () => (await isola.invoke('asking', { op: 'kv.get', key: 'k' })).payload;
    const denied = { error: { type: 'AccessDenied' } };
    await deploy([]);
    expect(await get()).toMatchObject(denied);
    await deploy([{ action: 'isola:KvGet', resource: 'arn:isola:kv:us-east-1:000000000000:asking/*' }]);
    expect(await get()).toEqual({ version: 0 });
    expect((await isola.invoke('asking', { op: 'kv.put', key: 'k' })).payload).toMatchObject(denied);
    await deploy([{ action: 'isola:KvPut', resource: '*' }]);
    expect(await get()).toMatchObject(denied);
    await deploy([]);
    expect((await isola.invoke('asking', { op: 'kv.put', key: 'k' })).payload).toMatchObject(denied);
    const key = readKey(isola.running.credentialsFile);
    const asked = () => query(isola.url, key, 'iam', 'GetRole', { RoleName: 'isola-asking' });
    expect((await asked()).status).toBe(200);
    await removeOwnRole(client, 'asking');
    await removeOwnRole(client, 'asking');
    expect((await asked()).status).toBe(404);
  });
});
