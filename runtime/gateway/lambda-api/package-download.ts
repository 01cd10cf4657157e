import type { FunctionKey, FunctionRegistry, VersionRecord } from '../../registry/function-registry.ts';
import { isModule } from '../../registry/package.ts';
import type { ApiResponse, Operation } from './operation.ts';
import { toFunctionResource } from './permission.ts';

/** Where a function's package lies; a link to it is GetFunction's `Code.Location`. */
export function toPackagePath(key: FunctionKey, { code }: VersionRecord): string {
  return `/packages/${key.region}/${key.name}/${code.package}`;
}

/** A package as an answer that browsers save. */
export function toPackageFile(file: Uint8Array, hash: string): ApiResponse {
  const kind = isModule(file) ? 'wasm' : 'zip';
  const headers = {
    'content-type': `application/${kind}`,
    'content-disposition': `attachment; filename="${hash}.${kind}"`,
  };
  return { status: 200, headers, file };
}

/** Answers a package as it was uploaded. Not an operation of Lambda, which keeps packages in a bucket of S3. */
export function packageOperations(registry: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'DownloadPackage',
      action: 'GetFunction',
      method: 'GET',
      path: '/packages/:Region/:FunctionName/:Hash',
      resource: ({ scope, params: { Region: region = '', FunctionName: reference = '' } }) =>
        toFunctionResource({ ...scope, region, reference, qualifier: undefined }),
      handle: async ({ scope, params }) => {
        const { Region: region = '', FunctionName: name = '', Hash: hash = '' } = params;
        const file = await registry.readPackage({ ...scope, region }, name, hash);
        return toPackageFile(file, hash);
      },
    },
  ];
}
