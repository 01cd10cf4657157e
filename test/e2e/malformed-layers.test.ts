import { GetLayerVersionPolicyCommand, ListLayersCommand, PublishLayerVersionCommand } from '@aws-sdk/client-lambda';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS } from '../../runtime/contract/errors.ts';
import { exchange } from '../support/exchange.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { zip } from '../support/zip.ts';

const { constantFrom, oneof, record, string, constant, dictionary, jsonValue, uint8Array } = fc;
const ARN = 'arn:aws:lambda:us-east-1:000000000000:layer:kept';

const layer = oneof(
  constantFrom(
    'kept',
    ARN,
    `${ARN}:1`,
    ARN.replace('us', 'eu'),
    'a.b',
    '..',
    '',
    '%',
    '__proto__',
    'n'.repeat(141),
    '\u0000',
  ),
  string({ unit: 'binary', maxLength: 20 }),
).map(encodeURIComponent);
const version = oneof(
  constantFrom('0', '-1', '2', '1e3', '99999999999999999999', 'one', '1%00', '%201'),
  string({ maxLength: 6 })
    .filter((text) => Number(text) !== 1)
    .map(encodeURIComponent),
);
const statement = constantFrom('s', 'nobody', '%2e%2e', 'x'.repeat(200));
const path = oneof(
  constant('/2018-10-31/layers'),
  layer.map((name) => `/2018-10-31/layers/${name}/versions`),
  record({ layer, version }).map((at) => `/2018-10-31/layers/${at.layer}/versions/${at.version}`),
  record({ layer, version }).map((at) => `/2018-10-31/layers/${at.layer}/versions/${at.version}/policy`),
  record({ layer, version, statement }).map(
    (at) => `/2018-10-31/layers/${at.layer}/versions/${at.version}/policy/${at.statement}`,
  ),
  record({ layer, version }).map((at) => `/layer-packages/us-east-1/${at.layer}/${at.version}`),
);
const query = dictionary(
  constantFrom('find', 'Arn', 'Marker', 'MaxItems', 'CompatibleRuntime', 'CompatibleArchitecture', 'RevisionId'),
  oneof(
    constantFrom('LayerVersion', ARN, `${ARN}:7`, '0', '%ff', 'MTA', 'python3.12', 'arm64', 'stale'),
    string({ maxLength: 9 }),
  ),
  { maxKeys: 3 },
).map((pairs) => new URLSearchParams(pairs).toString());
const member = oneof(
  jsonValue({ maxDepth: 2 }),
  constantFrom<unknown>(
    { S3Bucket: 'b', S3Key: 'k' },
    { ZipFile: '====' },
    ['python3.12', 'cobol'],
    '*',
    'lambda:GetLayerVersion',
  ),
  record({ ZipFile: uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64')) }),
);
const members = constantFrom(
  ...['Content', 'Description', 'CompatibleRuntimes', 'CompatibleArchitectures', 'LicenseInfo'],
  ...['StatementId', 'Action', 'Principal', 'OrganizationId'],
);
const body = oneof(
  dictionary(members, member, { maxKeys: 5 }).map((value) => JSON.stringify(value)),
  constantFrom('', '{', '[]', 'null', '[['.repeat(40_000)),
);

describe('malformed requests about layers', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_AUTH: 'off' });
    const ZipFile = await zip({ 'lib/a': Buffer.from('a') });
    await isola.client.send(new PublishLayerVersionCommand({ LayerName: 'kept', Content: { ZipFile } }));
  });
  afterAll(() => isola.stop());

  it('are answered with an error of the catalogue, or do nothing', async () => {
    const before = await isola.client.send(new ListLayersCommand({}));
    const method = constantFrom('GET', 'POST', 'DELETE', 'PUT');
    await fc.assert(
      fc.asyncProperty(method, path, query, body, async (verb, target, search, content) => {
        const answer = await exchange(isola.url, {
          ...{ method: verb, path: `${target}?${search}`, headers: { 'content-type': 'application/json' } },
          ...(verb === 'GET' ? {} : { body: content }),
        });
        if (answer.status < 300) return;
        expect(answer.status).toBeLessThan(500);
        expect(Object.keys(ERRORS)).toContain(answer.headers['x-amzn-errortype']);
        expect(JSON.parse(answer.body.toString())).toMatchObject({});
      }),
      { numRuns: 500 },
    );
    const { Layers } = await isola.client.send(new ListLayersCommand({}));
    expect(Layers?.filter(({ LayerName }) => LayerName === 'kept')).toEqual(before.Layers);
    const policy = new GetLayerVersionPolicyCommand({ LayerName: 'kept', VersionNumber: 1 });
    await expect(isola.client.send(policy)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
