import type { ObjectSource } from '../../contract/object-source.ts';
import { Constraints } from '../../registry/constraints.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import { LAYER_VERSION_SHOWN, parseLayerVersionArn, toLayerArn } from '../../registry/layer-name.ts';
import type { SelectedLayer } from '../../registry/layers.ts';
import { namedObject, noObjects } from './code-input.ts';
import { toLambdaTime } from './function-configuration.ts';
import { layerOf, parseLayerFilter, parsePublishLayer, versionOf } from './layer-input.ts';
import { parseMembers } from './members.ts';
import type { ApiRequest, ApiResponse, Operation } from './operation.ts';
import { toPackageFile } from './package-download.ts';
import { parsePage, toPage } from './paging.ts';

const LAYERS = '/2018-10-31/layers';
const VERSIONS = `${LAYERS}/:LayerName/versions`;
const VERSION = `${VERSIONS}/:VersionNumber`;

/** The operations on layers. ListLayers and GetLayerVersionByArn share a path. */
export function layerOperations({ layers }: FunctionRegistry, objects: ObjectSource = noObjects): readonly Operation[] {
  return [
    {
      name: 'PublishLayerVersion',
      method: 'POST',
      path: VERSIONS,
      usesObject: (request) => namedObject(parseMembers(request).nested('Content')),
      handle: async (request) => {
        const input = await parsePublishLayer(parseMembers(request), objects);
        const layer = await layers.publish(request.scope, layerOf(request), input);
        return { status: 201, body: await toLayerVersion(request, layer) };
      },
    },
    {
      name: 'ListLayers',
      method: 'GET',
      path: LAYERS,
      action: (request) => (asksByArn(request) ? 'GetLayerVersion' : 'ListLayers'),
      resource: (request) => (asksByArn(request) ? (request.query.get('Arn') ?? undefined) : undefined),
      handle: (request) => (asksByArn(request) ? getByArn(layers, request) : listLayers(layers, request)),
    },
    {
      name: 'ListLayerVersions',
      method: 'GET',
      path: VERSIONS,
      handle: async (request) => {
        const page = parsePage(request.query);
        const all = await layers.listVersions(request.scope, layerOf(request), parseLayerFilter(request));
        const rest = all.filter(({ record }) => page.after === undefined || record.version < Number(page.after));
        const { items, marker } = toPage(rest, page, ({ record }) => String(record.version));
        const shown = items.map(toListedVersion);
        return { status: 200, body: { LayerVersions: shown, ...(marker === undefined ? {} : { NextMarker: marker }) } };
      },
    },
    {
      name: 'GetLayerVersion',
      method: 'GET',
      path: VERSION,
      handle: async (request) => {
        const layer = await layers.get(request.scope, layerOf(request), versionOf(request));
        return { status: 200, body: await toLayerVersion(request, layer) };
      },
    },
    {
      name: 'DeleteLayerVersion',
      method: 'DELETE',
      path: VERSION,
      handle: async (request) => {
        await layers.delete(request.scope, layerOf(request), versionOf(request));
        return { status: 204 };
      },
    },
    {
      name: 'DownloadLayer',
      action: 'GetLayerVersion',
      method: 'GET',
      path: '/layer-packages/:Region/:LayerName/:VersionNumber',
      resource: (request) => {
        const { Region: region = '', LayerName: name = '', VersionNumber: version = '' } = request.params;
        return `${toLayerArn({ ...request.scope, region, name })}:${version}`;
      },
      handle: async (request) => {
        const { Region: region = '' } = request.params;
        const layer = await layers.get({ ...request.scope, region }, layerOf(request), versionOf(request));
        return toPackageFile(await layers.readPackage(layer), layer.record.package);
      },
    },
  ];
}

function asksByArn({ query }: ApiRequest): boolean {
  return query.get('find') === 'LayerVersion';
}

type Layers = FunctionRegistry['layers'];

async function getByArn(layers: Layers, request: ApiRequest): Promise<ApiResponse> {
  const arn = request.query.get('Arn') ?? undefined;
  const parsed = arn === undefined ? undefined : parseLayerVersionArn(arn);
  const constraints = new Constraints();
  constraints.required('arn', arn);
  if (arn !== undefined && parsed === undefined) {
    constraints.violated('arn', arn, `Member must satisfy regular expression pattern: ${LAYER_VERSION_SHOWN}`);
  }
  constraints.assertSatisfied();
  const { key, version } = parsed as NonNullable<typeof parsed>;
  const layer = await layers.get(request.scope, toLayerArn(key), version);
  return { status: 200, body: await toLayerVersion(request, layer) };
}

async function listLayers(layers: Layers, request: ApiRequest): Promise<ApiResponse> {
  const page = parsePage(request.query);
  const all = await layers.list(request.scope, parseLayerFilter(request));
  const rest = all.filter(({ key }) => page.after === undefined || key.name > page.after);
  const { items, marker } = toPage(rest, page, ({ key }) => key.name);
  const shown = items.map((layer) => ({
    LayerName: layer.key.name,
    LayerArn: toLayerArn(layer.key),
    LatestMatchingVersion: toListedVersion(layer),
  }));
  return { status: 200, body: { Layers: shown, ...(marker === undefined ? {} : { NextMarker: marker }) } };
}

async function toLayerVersion(request: ApiRequest, layer: SelectedLayer): Promise<Record<string, unknown>> {
  const { key, record } = layer;
  const location = await request.linkTo(`/layer-packages/${key.region}/${key.name}/${record.version}`);
  const sha256 = Buffer.from(record.package, 'hex').toString('base64');
  return {
    Content: { Location: location, CodeSha256: sha256, CodeSize: record.packageBytes },
    LayerArn: toLayerArn(key),
    ...toListedVersion(layer),
  };
}

function toListedVersion({ key, record }: SelectedLayer): Record<string, unknown> {
  const { version, description, createdAt, runtimes, architectures, license } = record;
  return {
    LayerVersionArn: toLayerArn(key, version),
    Version: version,
    Description: description,
    CreatedDate: toLambdaTime(createdAt),
    ...(runtimes === undefined ? {} : { CompatibleRuntimes: runtimes }),
    ...(architectures === undefined ? {} : { CompatibleArchitectures: architectures }),
    ...(license === undefined ? {} : { LicenseInfo: license }),
  };
}
