import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddLayerVersionPermissionCommand,
  DeleteLayerVersionCommand,
  GetFunctionConfigurationCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  ListFunctionsCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  paginateListLayers,
  paginateListLayerVersions,
  RemoveLayerVersionPermissionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';

const READER = readFileSync('test/fixtures/wasi/layers.wasm');

describe('layers', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-layers-'));
  let isola: TestIsola;
  const start = async () => {
    isola = await startTestIsola({ ISOLA_DATA_DIR: dataDir });
  };
  beforeAll(start);
  afterAll(async () => {
    await isola.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const publish = async (LayerName: string, files: Readonly<Record<string, string>>) => {
    const bytes = await zip(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])));
    const { LayerVersionArn = '' } = await isola.client.send(
      new PublishLayerVersionCommand({ LayerName, Content: { ZipFile: bytes } }),
    );
    return { arn: LayerVersionArn, bytes };
  };
  const lines = async (name: string) => {
    const { payload, error, log } = await isola.invoke(name);
    if (error !== undefined) throw new Error(log);
    return String(payload).trim().split('\n').sort();
  };

  it('are mounted at /opt over each other, read-only, and shown in the configuration', async () => {
    const below = await publish('below', { 'lib/a.txt': 'below', 'lib/b.txt': 'below' });
    const above = await publish('above', { 'lib/b.txt': 'above', 'bin/c.txt': 'above' });
    await isola.create('reader', READER, { Layers: [below.arn, above.arn] });
    const shown = [
      { Arn: below.arn, CodeSize: below.bytes.length },
      { Arn: above.arn, CodeSize: above.bytes.length },
    ];
    const name = { FunctionName: 'reader' };
    expect((await isola.client.send(new GetFunctionConfigurationCommand(name))).Layers).toEqual(shown);
    const { Functions } = await isola.client.send(new ListFunctionsCommand({}));
    expect(Functions?.find(({ FunctionName }) => FunctionName === 'reader')?.Layers).toEqual(shown);
    const seen = [
      '/opt/bin/c.txt: above',
      '/opt/lib/a.txt: below',
      '/opt/lib/b.txt: above',
      'write: Read-only file system',
    ];
    expect(await lines('reader')).toEqual(seen);
    expect(await lines('reader')).toEqual(seen);

    await isola.client.send(new PublishVersionCommand(name));
    await isola.client.send(new UpdateFunctionConfigurationCommand({ ...name, Layers: [] }));
    expect(await lines('reader')).toEqual(['/opt: No such file or directory', 'write: No such file or directory']);
    const { Layers } = await isola.client.send(new GetFunctionConfigurationCommand(name));
    expect(Layers).toBeUndefined();

    for (const LayerName of ['below', 'above']) {
      await isola.client.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber: 1 }));
    }
    await isola.stop();
    await start();
    expect(await lines('reader:1')).toEqual(seen);
    await expect(
      isola.client.send(new UpdateFunctionConfigurationCommand({ ...name, Layers: [below.arn] })),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: `Layer version ${below.arn} does not exist.`,
    });
  });

  it('may bring the module of functions that have none', async () => {
    const { LayerVersionArn = '' } = await isola.client.send(
      new PublishLayerVersionCommand({ LayerName: 'module', Content: { ZipFile: guest('echo') } }),
    );
    const code = await zip({ 'data.txt': Buffer.from('nothing to run') });
    await isola.create('brought', code, { Layers: [LayerVersionArn] });
    expect(await isola.invoke('brought', { a: 1 })).toMatchObject({ payload: { a: 1 } });
  });

  it('are published, found, listed, shared, downloaded and deleted with the SDK', async () => {
    const { arn, bytes } = await publish('cycle', { a: '1' });
    await publish('cycle', { a: '2' });
    const version = { LayerName: 'cycle', VersionNumber: 1 };
    const found = await isola.client.send(new GetLayerVersionCommand(version));
    expect(found).toMatchObject({ LayerVersionArn: arn, Version: 1, Description: '' });
    const byArn = await isola.client.send(new GetLayerVersionByArnCommand({ Arn: arn }));
    expect(byArn.Content?.CodeSha256).toBe(createHash('sha256').update(bytes).digest('base64'));
    const downloaded = await fetch(byArn.Content?.Location ?? '');
    expect([downloaded.status, downloaded.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect(Buffer.from(await downloaded.arrayBuffer()).equals(bytes)).toBe(true);
    const unsigned = new URL(byArn.Content?.Location ?? '');
    expect((await fetch(unsigned.origin + unsigned.pathname)).status).toBe(403);

    const versions: unknown[] = [];
    for await (const page of paginateListLayerVersions({ client: isola.client, pageSize: 1 }, { LayerName: 'cycle' })) {
      versions.push(...(page.LayerVersions ?? []).map((each) => each.Version));
    }
    expect(versions).toEqual([2, 1]);
    const names: unknown[] = [];
    for await (const page of paginateListLayers({ client: isola.client, pageSize: 1 }, {})) {
      names.push(...(page.Layers ?? []).map((each) => each.LayerName));
    }
    expect(names).toContain('cycle');

    const grant = { StatementId: 's', Action: 'lambda:GetLayerVersion', Principal: '*' };
    const { RevisionId } = await isola.client.send(new AddLayerVersionPermissionCommand({ ...version, ...grant }));
    expect(await isola.client.send(new GetLayerVersionPolicyCommand(version))).toMatchObject({ RevisionId });
    const revoke = { ...version, StatementId: 's', RevisionId };
    await isola.client.send(new RemoveLayerVersionPermissionCommand(revoke));
    await expect(isola.client.send(new GetLayerVersionPolicyCommand(version))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await isola.client.send(new DeleteLayerVersionCommand(version));
    await expect(isola.client.send(new GetLayerVersionCommand(version))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The resource you requested does not exist.',
    });
  });
});
