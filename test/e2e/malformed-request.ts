import fc from 'fast-check';
import type { WireRequest } from '../support/exchange.ts';
import { malformedOperation } from './malformed-operations.ts';

/** The one function that is there; every request below leaves it as it is. */
export const KEPT = 'kept';

const { constantFrom, oneof, record, string, constant, dictionary, jsonValue, uint8Array, tuple } = fc;
type Text = fc.Arbitrary<string>;

const noName: Text = constantFrom(
  'un known',
  'a/b',
  '..',
  '%',
  'kept:1',
  'kept:nope',
  'kept:$LATEST:x',
  'nobody',
  'K'.repeat(65),
  'n'.repeat(200),
  'arn:aws:lambda:us-east-1:000000000000:function:nobody',
  'arn:aws:lambda:eu-west-1:000000000000:function:kept',
  'arn:aws:lambda:us-east-1:999999999999:function:kept',
  'arn:aws:s3:::kept',
  'arn:aws:lambda:us-east-1:000000000000:function:kept:1',
  '\u0000',
  '\u{1f4a5}',
  '__proto__',
  'constructor',
);
const segment: Text = oneof(noName.map(encodeURIComponent), constantFrom('%zz', '%', '%c3%28', '%2e%2e', ';', '', '*'));
const named: Text = oneof(constant(KEPT), segment);
const odd: Text = oneof(
  string({ maxLength: 30 }),
  string({ unit: 'binary', maxLength: 12 }),
  constantFrom('0', '-1', 'null'),
);
const query: Text = oneof(
  constant(''),
  dictionary(oneof(constantFrom('Marker', 'MaxItems', 'FunctionVersion', 'RevisionId', 'X-Amz-Algorithm'), odd), odd, {
    maxKeys: 3,
  }).map((pairs) =>
    Object.entries(pairs)
      .map(([name, value]) => `&${encodeLoosely(name)}=${encodeLoosely(value)}`)
      .join(''),
  ),
  constantFrom('&=', '&&&', '&%=%', '&a[]=1&a[]=2', '&MaxItems=1&MaxItems=x', '&Marker=%ff'),
);
const field: Text = string({ maxLength: 40 }).map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, ''));
const headers = dictionary(
  constantFrom(
    'x-amz-invocation-type',
    'x-amz-log-type',
    'x-amz-client-context',
    'x-amzn-trace-id',
    'content-type',
    'content-encoding',
    'x-amz-date',
    'x-amz-content-sha256',
    '__proto__',
    'cookie',
  ),
  oneof(field, constantFrom('RequestResponse', 'Tail', 'Event', 'e30=', 'application/xml', 'gzip')),
  { maxKeys: 3 },
);

const MEMBERS = [
  'Architectures',
  'Code',
  'CodeSigningConfigArn',
  'DeadLetterConfig',
  'Description',
  'Environment',
  'EphemeralStorage',
  'FileSystemConfigs',
  'Handler',
  'ImageConfig',
  'KMSKeyArn',
  'Layers',
  'LoggingConfig',
  'MemorySize',
  'PackageType',
  'Publish',
  'Role',
  'Runtime',
  'SnapStart',
  'Tags',
  'Timeout',
  'TracingConfig',
  'VpcConfig',
  'ZipFile',
] as const;
const mutations = dictionary(
  constantFrom(...MEMBERS),
  oneof(
    jsonValue({ maxDepth: 3 }),
    constantFrom<unknown>(1e308, -0, 2 ** 53, '', [], {}, null, { Variables: { A: 1 } }, { ZipFile: '====' }),
    record({ ZipFile: uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64')) }),
  ),
  { maxKeys: 4 },
);

const notJson = oneof(
  constantFrom('{', '{"a":', '[1,', 'nul', '{"a":1}}', "{'a':1}", '"\\ud8"', '\u0000', '{"a":01}'),
  constant(Buffer.from([0x22, 0xff, 0xfe, 0x22])),
  constant('['.repeat(100_000)),
  uint8Array({ minLength: 1, maxLength: 50 }).map((bytes) => Buffer.from([0x01, ...bytes])),
);
const notObject = jsonValue().filter((value) => typeof value !== 'object' || value === null || Array.isArray(value));
/** JSON that can be read, but not walked by a function that calls itself. */
const deep: Text = constantFrom('VpcConfig', 'ImageUri', 'Code', 'Cors', 'Tags', 'RevisionId').map(
  (member) => `{"RevisionId":"r0","AuthType":7,"${member}":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
);
/** A body that no operation can take, whatever the function. */
const noBody = oneof(
  notJson,
  deep,
  notObject.map((value) => JSON.stringify(value)),
);

/** A whole CreateFunction of a name that cannot be had, some of its members replaced. */
const create = tuple(oneof(constant(KEPT), noName), mutations).map(([FunctionName, changes]) =>
  JSON.stringify({
    Role: 'arn:aws:iam::000000000000:role/test',
    Runtime: 'provided.wasm',
    Handler: 'index.handler',
    Code: { ZipFile: Buffer.from('\0asm').toString('base64') },
    ...changes,
    FunctionName: FunctionName === 'nobody' ? KEPT : FunctionName,
  }),
);
/** An update of a revision that is not the latest, or of one that is no text. */
const update = tuple(mutations, constantFrom<unknown>('r0', 7, false, {}, ['r'])).map(([changes, RevisionId]) =>
  JSON.stringify({ ...changes, RevisionId }),
);
const urlConfig = dictionary(constantFrom('AuthType', 'Cors', 'InvokeMode'), jsonValue({ maxDepth: 2 }), {
  minKeys: 1,
  maxKeys: 3,
}).map((changes) => JSON.stringify({ InvokeMode: 'NEITHER', ...changes, AuthType: 'EVERYONE' }));

const FUNCTIONS = '/2015-03-31/functions';
const at = (name: string, rest: string): string => `${FUNCTIONS}/${name}${rest}`;

const request = (
  method: Text,
  path: Text,
  body: fc.Arbitrary<Uint8Array | string> = constant(''),
): fc.Arbitrary<WireRequest> =>
  record({ method, path: tuple(path, query).map(([base, extra]) => `${base}?Qualifier=9${extra}`), headers, body });

const anyOperation = malformedOperation({
  nobody: segment,
  kept: KEPT,
  unusable: noBody,
  notJson,
  members: mutations.map((members) => JSON.stringify(members)),
});

/** Requests that change nothing and that none of the operations can carry out, but for some that only read. */
export const malformedRequest: fc.Arbitrary<WireRequest> = oneof(
  {
    weight: 10,
    arbitrary: record({ row: anyOperation, query, headers }).map(({ row, query: extra, headers: sent }) => ({
      ...row,
      path: `${row.path}?Qualifier=9${extra}`,
      headers: sent,
    })),
  },
  request(constant('POST'), constantFrom(FUNCTIONS, `${FUNCTIONS}/`), oneof(create, noBody)),
  request(
    constant('PUT'),
    named.map((name) => at(name, '/code')),
    oneof(update, noBody),
  ),
  request(
    constant('PUT'),
    named.map((name) => at(name, '/configuration')),
    oneof(update, noBody),
  ),
  request(
    constant('POST'),
    named.map((name) => at(name, '/invocations')),
    oneof(noBody, constant('{}')),
  ),
  request(
    constantFrom('GET', 'HEAD', 'DELETE'),
    named.map((name) => at(name, '')),
  ),
  request(constantFrom('GET', 'HEAD'), constantFrom(FUNCTIONS, at(KEPT, '/configuration'))),
  request(
    constantFrom('POST', 'PUT'),
    named.map((name) => `/2021-10-31/functions/${name}/url`),
    oneof(urlConfig, noBody),
  ),
  request(
    constantFrom('GET', 'DELETE'),
    named.map((name) => `/2021-10-31/functions/${name}/url`),
  ),
  request(
    constantFrom('GET', 'HEAD'),
    tuple(named, segment).map(([name, hash]) => `/packages/us-east-1/${name}/${hash}`),
  ),
  request(
    constantFrom('GET', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'POST'),
    constantFrom('/', '//', '/2015-03-31', '/9999-99-99/functions', '/%', '/..%2f..%2fetc%2fpasswd', at('', '')),
    noBody,
  ),
);

function encodeLoosely(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/[^A-Za-z0-9%*;._-]/g, escape);
}
