/** The house's rules as tables. A change of architecture is a change of a line here. */

/** Marks a place of which only types may be imported. */
export const TYPES = 'types of ';

/**
 * What the files of a room may import from the rest of runtime/; their own room is always allowed. The longest matching
 * key decides. A trailing slash means the whole room, `/*` only the files that lie directly in it, `types of` no code.
 */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'runtime/main.ts': ['runtime/'],
  'runtime/service.ts': ['runtime/'],
  'runtime/data-directory.ts': ['runtime/closers.ts', 'runtime/config.ts', 'runtime/gateway/*', 'runtime/store/*'],
  'runtime/closers.ts': [],
  'runtime/descriptors.ts': [],
  'runtime/wiring/': ['runtime/'],
  'runtime/deferred.ts': [],
  'runtime/event-parts.ts': ['runtime/'],
  'runtime/keep-usage.ts': ['runtime/contract/', 'types of runtime/store/', 'types of runtime/telemetry/'],
  'runtime/recent-use.ts': ['runtime/contract/', 'runtime/pool/', 'runtime/registry/', 'runtime/store/'],
  'runtime/index.ts': ['runtime/main.ts', 'runtime/config.ts', 'runtime/contract/'],
  'runtime/config.ts': [
    'types of runtime/contract/',
    'runtime/config-error.ts',
    'runtime/env-values.ts',
    'runtime/traces-config.ts',
  ],
  'runtime/config-error.ts': [],
  'runtime/traces-config.ts': ['runtime/config-error.ts', 'types of runtime/env-values.ts'],
  'runtime/env-values.ts': ['runtime/config-error.ts'],
  'runtime/contract/': [],
  'runtime/wasm/': ['runtime/contract/'],
  'runtime/snapshot/': ['runtime/contract/'],
  'runtime/isolate/': ['runtime/contract/', 'runtime/wasm/', 'runtime/snapshot/'],
  'runtime/pool/': ['runtime/contract/', 'runtime/snapshot/', 'types of runtime/isolate/'],
  'runtime/pool/thread-isolates.ts': ['runtime/contract/', 'runtime/isolate/', 'runtime/snapshot/'],
  'runtime/pool/builder.ts': ['runtime/contract/', 'runtime/isolate/', 'runtime/snapshot/'],
  'runtime/dispatch/': ['runtime/contract/'],
  'runtime/store/': ['runtime/contract/'],
  'runtime/patterns/': ['runtime/contract/'],
  'runtime/logs/': ['runtime/contract/', 'runtime/events/', 'runtime/store/*'],
  'runtime/topics/': ['runtime/contract/', 'runtime/events/', 'runtime/patterns/', 'runtime/store/*'],
  'runtime/queues/': ['runtime/contract/', 'runtime/store/*'],
  'runtime/buckets/': ['runtime/contract/', 'runtime/events/', 'runtime/store/*'],
  'runtime/apis/': ['runtime/contract/', 'runtime/store/*'],
  'runtime/buses/': ['runtime/contract/', 'runtime/events/', 'runtime/patterns/', 'runtime/store/*'],
  'runtime/registry/': ['runtime/contract/', 'runtime/patterns/', 'runtime/store/*'],
  'runtime/events/': ['runtime/contract/'],
  'runtime/sources/': ['runtime/contract/', 'runtime/events/', 'types of runtime/triggers/'],
  'runtime/triggers/': [
    'runtime/contract/',
    'runtime/events/',
    'runtime/patterns/',
    'runtime/registry/',
    'runtime/store/*',
  ],
  'runtime/identity/': ['runtime/contract/', 'runtime/store/*'],
  'runtime/capabilities/': ['runtime/contract/', 'runtime/store/*'],
  'runtime/gateway/': [
    'runtime/contract/',
    'runtime/deferred.ts',
    'runtime/dispatch/deadlines.ts',
    'runtime/events/',
    'runtime/registry/',
    'runtime/identity/',
    'runtime/logs/',
    'runtime/buses/',
    'runtime/patterns/',
    'runtime/queues/',
    'runtime/buckets/',
    'runtime/topics/',
    'runtime/apis/',
    'runtime/config.ts',
  ],
  'runtime/cluster/': [
    'runtime/closers.ts',
    'runtime/config.ts',
    'runtime/contract/',
    'runtime/descriptors.ts',
    'runtime/gateway/',
    'runtime/registry/',
    'runtime/telemetry/',
    'types of runtime/identity/',
    'types of runtime/service.ts',
  ],
  'runtime/cluster/child.ts': ['runtime/main.ts', 'runtime/service.ts'],
  'runtime/telemetry/': ['runtime/contract/', 'runtime/events/', 'runtime/config.ts'],
  'runtime/telemetry/traces/': ['runtime/contract/', 'types of runtime/traces-config.ts'],
  'runtime/cli/': ['runtime/contract/', 'runtime/config.ts', 'runtime/main.ts', 'types of runtime/isolate/'],
  'runtime/cli/wiring.ts': ['runtime/main.ts', 'runtime/isolate/', 'runtime/registry/'],
};

/** Each library belongs to one room, so that replacing it touches one room. A library that is not here may not be imported. */
export const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  '@aws-crypto/sha256-js': ['runtime/cli/', 'runtime/gateway/auth/', 'runtime/store/s3/'],
  '@aws-sdk/client-dynamodb-streams': ['runtime/sources/'],
  '@aws-sdk/client-kinesis': ['runtime/sources/'],
  '@aws-sdk/client-sqs': ['runtime/sources/'],
  '@smithy/node-http-handler': ['runtime/sources/'],
  '@smithy/signature-v4': ['runtime/cli/', 'runtime/gateway/auth/', 'runtime/store/s3/'],
  assemblyscript: ['runtime/cli/toolchain/'],
  hono: ['runtime/gateway/'],
  jose: ['runtime/apis/tokens/'],
  koffi: ['runtime/snapshot/'],
  libsql: ['runtime/store/sqlite/'],
  piscina: ['runtime/pool/builders.ts'],
  'prom-client': ['runtime/telemetry/'],
  yauzl: ['runtime/registry/'],
};

/** What runs before a process gives its first answer, and what none of it may load: all else can wait until it is needed. */
export const START: { readonly entries: readonly string[]; readonly late: readonly string[] } = {
  entries: [
    'runtime/cli/isola.ts',
    'runtime/cli/commands/serve.ts',
    'runtime/main.ts',
    'runtime/service.ts',
    'runtime/pool/worker.ts',
  ],
  late: [
    ...[
      '@aws-crypto/sha256-js',
      '@smithy/signature-v4',
      'assemblyscript',
      'jose',
      'koffi',
      'piscina',
      'prom-client',
      'yauzl',
    ],
    ...[
      'runtime/cli/toolchain/',
      'runtime/identity/policy/',
      'runtime/wasm/rewrite.ts',
      'runtime/isolate/build.ts',
      'runtime/capabilities/',
      'runtime/queues/',
      'runtime/buckets/',
      'runtime/gateway/s3/',
      'runtime/logs/',
      'runtime/store/segments/',
      'runtime/gateway/logs-api/',
      'runtime/topics/',
      'runtime/apis/',
      'runtime/gateway/public/http-api.ts',
      'runtime/gateway/rest/',
      'runtime/gateway/apigateway-api/',
      'runtime/buses/',
      'runtime/gateway/events-api/',
      'runtime/gateway/scheduler-api/',
      'runtime/gateway/sqs-api/',
      'runtime/gateway/sns-api/',
      'runtime/gateway/json/',
      'runtime/gateway/query/',
      'runtime/cluster/',
      'runtime/telemetry/traces/',
      'runtime/wiring/',
      'runtime/triggers/outbox.ts',
      'runtime/sources/',
      'runtime/triggers/mappings/',
      'runtime/gateway/lambda-api/operations.ts',
      'runtime/store/s3/',
      'runtime/cli/http-exchange.ts',
      'runtime/snapshot/pack-image.ts',
    ],
  ],
};

/** Rooms that know no Node API either. */
export const PURE: readonly string[] = ['runtime/contract/', 'runtime/wasm/'];

/** Names of the machine that only some rooms may say in code. */
export const NAMES: Readonly<Record<string, { readonly pattern: RegExp; readonly rooms: readonly string[] }>> = {
  WebAssembly: {
    pattern: /\bWebAssembly\b/,
    rooms: ['runtime/isolate/', 'runtime/snapshot/', 'runtime/pool/'],
  },
  'process.env': { pattern: /\bprocess\s*(?:\.|\[)\s*env\b/, rooms: ['runtime/main.ts', 'runtime/cli/'] },
};

export const SQL: { readonly pattern: RegExp; readonly room: string } = {
  pattern:
    /^\s*(?:SELECT\b|INSERT (?:OR \w+ )?INTO\b|UPDATE \w+ SET\b|DELETE FROM\b|CREATE (?:TABLE|INDEX)\b|PRAGMA\b)/,
  room: 'runtime/store/sqlite/',
};

export const LONGEST_FILE = 400;
/** Tables may be longer. */
export const TABLES: readonly string[] = [];

/** True when `path` is what `place` names: a file, a whole room (`x/`), or the files directly in a room (`x/*`). */
export function isIn(path: string, place: string): boolean {
  if (place.endsWith('/*')) {
    const room = place.slice(0, -1);
    return path.startsWith(room) && !path.slice(room.length).includes('/');
  }
  return place.endsWith('/') ? path.startsWith(place) : path === place;
}
