import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layerPermissionOperations } from '../../../runtime/gateway/lambda-api/layer-permissions.ts';
import { layerOperations } from '../../../runtime/gateway/lambda-api/layers.ts';
import { createWorkbench, type Workbench } from '../../registry/fixture.ts';
import { zipOf } from '../../registry/zip-of.ts';
import { createCaller } from './fixture.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:layer:l';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const L = { LayerName: 'l' };
const VERSION = { LayerName: 'l', VersionNumber: '1' };

describe('operations on layers', () => {
  let bench: Workbench;
  let call: ReturnType<typeof createCaller>;
  beforeEach(async () => {
    bench = await createWorkbench();
    call = createCaller([...layerOperations(bench.registry), ...layerPermissionOperations(bench.registry)]);
  });
  afterEach(() => bench.dispose());

  const publish = async (more: object = {}, name = 'l') => {
    const Content = { ZipFile: (await zipOf({ 'lib/a': 'a' })).toString('base64') };
    return call('PublishLayerVersion', { params: { LayerName: name }, body: { Content, ...more } });
  };

  it('answer a publication as Lambda does, field for field', async () => {
    const { status, body } = await publish({
      ...{ Description: 'd', CompatibleRuntimes: ['provided.al2023', 'python3.12'], LicenseInfo: 'MIT' },
      CompatibleArchitectures: ['arm64'],
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      Content: {
        Location: expect.stringMatching(/^http:\/\/isola\.test\/layer-packages\/us-east-1\/l\/1$/),
        CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
        CodeSize: (await zipOf({ 'lib/a': 'a' })).length,
      },
      LayerArn: ARN,
      LayerVersionArn: `${ARN}:1`,
      Description: 'd',
      CreatedDate: '2020-04-10T19:06:32.563+0000',
      Version: 1,
      CompatibleRuntimes: ['provided.al2023', 'python3.12'],
      CompatibleArchitectures: ['arm64'],
      LicenseInfo: 'MIT',
    });
    for (const LayerName of ['l', ARN]) {
      expect((await call('GetLayerVersion', { params: { ...VERSION, LayerName } })).body).toEqual(body);
    }
    const query = { find: 'LayerVersion', Arn: `${ARN}:1` };
    expect((await call('ListLayers', { query })).body).toEqual(body);
  });

  it('leave out what was not said, and describe nothing as nothing', async () => {
    const { body } = await publish();
    expect(Object.keys(body as object).sort()).toEqual(
      ['Content', 'CreatedDate', 'Description', 'LayerArn', 'LayerVersionArn', 'Version'].sort(),
    );
    expect(body).toMatchObject({ Description: '' });
  });

  it('list layers by name with the newest version that matches, and versions newest first, in pages', async () => {
    await publish({ CompatibleRuntimes: ['python3.12'] });
    await publish({ CompatibleRuntimes: ['python3.12'], CompatibleArchitectures: ['arm64'] });
    await publish({ Description: 'third' });
    await publish({}, 'k');
    const list = async (name: string, query: Readonly<Record<string, string>> = {}) =>
      (await call(name, { query, params: name === 'ListLayers' ? {} : L })).body as Record<string, never>;
    const python = { CompatibleRuntime: 'python3.12' };

    expect(await list('ListLayers')).toEqual({
      Layers: [
        {
          LayerName: 'k',
          LayerArn: ARN.replace(/l$/, 'k'),
          LatestMatchingVersion: expect.objectContaining({ Version: 1 }),
        },
        {
          LayerName: 'l',
          LayerArn: ARN,
          LatestMatchingVersion: {
            ...{ LayerVersionArn: `${ARN}:3`, Version: 3, Description: 'third' },
            CreatedDate: expect.stringMatching(/^2020-.*\+0000$/),
          },
        },
      ],
    });
    expect(await list('ListLayers', python)).toMatchObject({ Layers: [{ LatestMatchingVersion: { Version: 2 } }] });
    expect(await list('ListLayers', { ...python, CompatibleArchitecture: 'x86_64' })).toEqual({ Layers: [] });

    const first = await list('ListLayerVersions', { MaxItems: '2' });
    expect(first).toMatchObject({ LayerVersions: [{ Version: 3 }, { Version: 2 }] });
    const second = await list('ListLayerVersions', { MaxItems: '2', Marker: first.NextMarker as unknown as string });
    expect(second).toEqual({ LayerVersions: [expect.objectContaining({ Version: 1 })] });
    expect(await list('ListLayerVersions', { ...python, CompatibleArchitecture: 'arm64' })).toMatchObject({
      LayerVersions: [{ Version: 2 }],
    });
    const page = await list('ListLayers', { MaxItems: '1' });
    expect(page).toMatchObject({ Layers: [{ LayerName: 'k' }] });
    expect(await list('ListLayers', { Marker: page.NextMarker as unknown as string })).toMatchObject({
      Layers: [{ LayerName: 'l' }],
    });
    expect((await call('ListLayerVersions', { params: { LayerName: 'nobody' } })).body).toEqual({ LayerVersions: [] });
  });

  it('keep regions apart', async () => {
    await publish();
    expect((await call('ListLayers', { region: 'eu-west-1' })).body).toEqual({ Layers: [] });
    await expect(call('GetLayerVersion', { params: VERSION, region: 'eu-west-1' })).rejects.toThrow(
      'The resource you requested does not exist.',
    );
  });

  it('delete a version, or one that is not there, with an empty answer', async () => {
    await publish();
    expect(await call('DeleteLayerVersion', { params: VERSION })).toEqual({ status: 204 });
    expect(await call('DeleteLayerVersion', { params: VERSION })).toEqual({ status: 204 });
    const gone = call('GetLayerVersion', { params: VERSION });
    await expect(gone).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('hand out a package to whoever has a link to it, until its version is deleted', async () => {
    const { Content } = (await publish()).body as { Content: { Location: string } };
    const [, region = '', name = '', version = ''] = /packages\/([^/]+)\/([^/]+)\/(.+)$/.exec(Content.Location) ?? [];
    const params = { Region: region, LayerName: name, VersionNumber: version };
    expect((await call('DownloadLayer', { params })).file).toEqual(await zipOf({ 'lib/a': 'a' }));
    await call('DeleteLayerVersion', { params: VERSION });
    await expect(call('DownloadLayer', { params })).rejects.toThrow('does not exist');
  });

  it.each<[string, string, object, string]>([
    ['PublishLayerVersion', 'ValidationException', { body: {} }, "Value null at 'content'"],
    [
      'PublishLayerVersion',
      'ValidationException',
      { params: { LayerName: 'a.b' }, body: { Content: { ZipFile: 'AGFzbQEAAAA=' } } },
      "Value 'a.b' at 'layerName'",
    ],
    [
      'PublishLayerVersion',
      'ValidationException',
      { body: { Content: {}, CompatibleRuntimes: ['cobol'] } },
      "Value '[cobol]' at 'compatibleRuntimes' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [",
    ],
    [
      'PublishLayerVersion',
      'ValidationException',
      { body: { Content: {}, CompatibleRuntimes: Array(16).fill('python3.12') } },
      "at 'compatibleRuntimes' failed to satisfy constraint: Member must have length less than or equal to 15",
    ],
    [
      'PublishLayerVersion',
      'ValidationException',
      { body: { Content: {}, CompatibleArchitectures: ['mips'] } },
      "Value '[mips]' at 'compatibleArchitectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
    ],
    [
      'PublishLayerVersion',
      'ValidationException',
      { body: { Content: {}, LicenseInfo: 'x'.repeat(513) } },
      "'licenseInfo'",
    ],
    ['PublishLayerVersion', 'InvalidParameterValueException', { body: { Content: { ZipFile: 'aGVsbG8=' } } }, 'unzip'],
    ['PublishLayerVersion', 'InvalidParameterValueException', { body: { Content: {} } }, 'Please provide a source'],
    [
      'GetLayerVersion',
      'InvalidParameterValueException',
      { VersionNumber: '0' },
      'Layer Version Cannot be less than 1',
    ],
    [
      'GetLayerVersion',
      'InvalidParameterValueException',
      { VersionNumber: '-1' },
      'Layer Version Cannot be less than 1',
    ],
    ['GetLayerVersion', 'ValidationException', { VersionNumber: 'one' }, "Value 'one' at 'versionNumber'"],
    [
      'GetLayerVersion',
      'ResourceNotFoundException',
      { VersionNumber: '2' },
      'The resource you requested does not exist.',
    ],
    ['DeleteLayerVersion', 'InvalidParameterValueException', { VersionNumber: '0' }, 'Cannot be less than 1'],
    [
      'ListLayers',
      'ValidationException',
      { query: { CompatibleRuntime: 'cobol' } },
      "Value 'cobol' at 'compatibleRuntime'",
    ],
    ['ListLayers', 'ValidationException', { query: { find: 'LayerVersion' } }, "Value null at 'arn'"],
    ['ListLayers', 'ValidationException', { query: { find: 'LayerVersion', Arn: ARN } }, `Value '${ARN}' at 'arn'`],
    [
      'ListLayers',
      'ResourceNotFoundException',
      { query: { find: 'LayerVersion', Arn: `${ARN}:2` } },
      'The resource you requested does not exist.',
    ],
    [
      'ListLayers',
      'AccessDeniedException',
      { query: { find: 'LayerVersion', Arn: `${ARN.replace('000000000000', '123456789012')}:1` } },
      'no resource-based policy allows',
    ],
  ])('%s refuses with %s: %j', async (name, code, change, message) => {
    await publish();
    const request =
      'VersionNumber' in change ? { params: { ...VERSION, ...change } } : { params: L, ...(change as object) };
    await expect(call(name, request)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe("operations on a layer's policy", () => {
  let bench: Workbench;
  let call: ReturnType<typeof createCaller>;
  const body = { StatementId: 's', Action: 'lambda:GetLayerVersion', Principal: '123456789012' };
  const add = (more: object = {}, query: Readonly<Record<string, string>> = {}) =>
    call('AddLayerVersionPermission', { params: VERSION, query, body: { ...body, ...more } });
  const policy = async () => {
    const { body: answer } = await call('GetLayerVersionPolicy', { params: VERSION });
    const { Policy, RevisionId } = answer as { Policy: string; RevisionId: string };
    return { document: JSON.parse(Policy), revisionId: RevisionId };
  };
  beforeEach(async () => {
    bench = await createWorkbench();
    call = createCaller([...layerOperations(bench.registry), ...layerPermissionOperations(bench.registry)]);
    const Content = { ZipFile: (await zipOf({ a: 'a' })).toString('base64') };
    await call('PublishLayerVersion', { params: L, body: { Content } });
  });
  afterEach(() => bench.dispose());

  it('add statements in the form of IAM, each with another revision', async () => {
    const first = await add();
    expect(first).toMatchObject({ status: 201, body: { RevisionId: expect.stringMatching(UUID) } });
    const { Statement } = first.body as { Statement: string };
    expect(JSON.parse(Statement)).toEqual({
      Sid: 's',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::123456789012:root' },
      Action: 'lambda:GetLayerVersion',
      Resource: `${ARN}:1`,
    });
    await add({ StatementId: 'all', Principal: '*', OrganizationId: 'o-abcdefghij' });
    const { document, revisionId } = await policy();
    expect(document).toMatchObject({ Version: '2012-10-17', Id: 'default' });
    expect(document.Statement[1]).toMatchObject({
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
    });
    expect(revisionId).not.toBe((first.body as { RevisionId: string }).RevisionId);
  });

  it('change only the revision that the caller expects', async () => {
    await add();
    const stale = { code: 'PreconditionFailedException', message: expect.stringContaining('GetLayerPolicy API') };
    await expect(add({ StatementId: 't' }, { RevisionId: 'stale' })).rejects.toMatchObject(stale);
    const params = { ...VERSION, StatementId: 's' };
    const remove = (RevisionId: string) => call('RemoveLayerVersionPermission', { params, query: { RevisionId } });
    await expect(remove('stale')).rejects.toMatchObject(stale);
    expect(await remove((await policy()).revisionId)).toEqual({ status: 204 });
    await expect(policy()).rejects.toThrow('No policy is associated with the given resource.');
  });

  it('take one of two statements that come at once under one name', async () => {
    const both = await Promise.allSettled([add(), add()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await policy()).document.Statement).toHaveLength(1);
  });

  it('survive a restart, and go with their version', async () => {
    await add();
    const again = await bench.reopen();
    expect(
      (await again.layerPermissions.get({ region: 'us-east-1', accountId: '000000000000' }, 'l', 1)).statements,
    ).toHaveLength(1);
    await call('DeleteLayerVersion', { params: VERSION });
    await expect(policy()).rejects.toThrow(`Layer version ${ARN}:1 does not exist.`);
  });

  it.each<[string, object, string]>([
    [
      'ValidationException',
      { Action: 'lambda:*' },
      "Value 'lambda:*' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: lambda:GetLayerVersion",
    ],
    ['ValidationException', { Principal: 'me' }, "Value 'me' at 'principal'"],
    ['ValidationException', { StatementId: 'a b' }, "Value 'a b' at 'statementId'"],
    ['ValidationException', { StatementId: undefined }, "Value null at 'statementId'"],
    ['ValidationException', { OrganizationId: 'x' }, "Value 'x' at 'organizationId'"],
    [
      'ResourceConflictException',
      {},
      'The statement id (s) provided already exists. Please provide a new statement id, or remove the existing statement.',
    ],
  ])('refuse with %s: %j', async (code, change, message) => {
    await add();
    await expect(add(change)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect((await policy()).document.Statement).toHaveLength(1);
  });

  it('say what is not there', async () => {
    const params = { ...VERSION, StatementId: 's' };
    await expect(policy()).rejects.toThrow('No policy is associated with the given resource.');
    await expect(call('RemoveLayerVersionPermission', { params })).rejects.toThrow(
      'Statement s is not found in resource policy.',
    );
    const other = { ...VERSION, VersionNumber: '7' };
    await expect(call('AddLayerVersionPermission', { params: other, body })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: `Layer version ${ARN}:7 does not exist.`,
    });
  });
});
