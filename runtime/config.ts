import { ConfigError } from './config-error.ts';
import type { Prices } from './contract/usage.ts';
import { choice, type Env, endpoint, integer, key, list, text } from './env-values.ts';
import { parseTracesConfig, type TracesConfig } from './traces-config.ts';

export { ConfigError } from './config-error.ts';

/** The process's settings: parsed once, flat, frozen. Every field has a user; every default its reason. */
export interface Config {
  /** ISOLA_HOST. Loopback by default: nothing is offered to a network unasked. */
  readonly host: string;
  /** ISOLA_PORT. 8420 is registered to nobody in common use; 0 lets the system choose. */
  readonly port: number;
  /** ISOLA_PUBLIC_PORT: where function URLs and HTTP APIs answer, and nothing else does; one port for all when absent, as most want it. */
  readonly publicPort: number | undefined;
  /** ISOLA_DATA_DIR: isola.db, blobs/, credentials. Beside the working directory, so that two projects do not mix. */
  readonly dataDir: string;
  /** ISOLA_ROOT_ACCESS_KEY_ID and ISOLA_ROOT_SECRET_ACCESS_KEY; generated on first start when absent. */
  readonly rootAccessKeyId: string | undefined;
  readonly rootSecretAccessKey: string | undefined;
  /**
   * ISOLA_KEY: 32 bytes, in base64 or hex, with which secrets are sealed on disk. Without it a key is made on first start and kept
   * in the data directory, which keeps secrets out of copies of the database alone.
   */
  readonly key: string | undefined;
  /** ISOLA_PREVIOUS_KEY: what they are sealed with when that is not ISOLA_KEY, or the key in the data directory, yet. */
  readonly previousKey: string | undefined;
  /** ISOLA_AUTH: `on` verifies every API request's signature. `off` is refused on a host that is not loopback. */
  readonly auth: 'on' | 'off';
  /** ISOLA_REGION: what AWS tools use when nobody chose. */
  readonly region: string;
  /** ISOLA_ACCOUNT_ID: twelve digits. */
  readonly accountId: string;
  /**
   * ISOLA_PROCESSES: processes that share the port and the data directory, each with its part of the threads, the cache and the
   * queues. One by default: more pay off where one thread of HTTP is what holds the machine up.
   */
  readonly processes: number;
  /** ISOLA_THREADS: threads for quick work. At least four; those of invocations that run long or wait come on top. */
  readonly threads: number;
  /**
   * ISOLA_CONCURRENCY: invocations of one account in one region that run and wait together; one more is answered 429. What
   * PutFunctionConcurrency reserves is taken from it. A thousand is what Lambda gives a new account.
   */
  readonly concurrency: number;
  /**
   * ISOLA_WAITING: invocations that may run long, or wait in a guest's fetch or invoke or for a slow client, each in a thread of
   * its own besides those for quick work. A thread takes some megabytes. A function may have as many as are left for others.
   */
  readonly waiting: number;
  /** ISOLA_QUEUE: invocations waiting per function before admission answers 429. A thousand is Lambda's account concurrency. */
  readonly queuePerFunction: number;
  /**
   * ISOLA_CONNECTIONS: connections that are served at a time; those beyond it are told to come again. Ten for each invocation that
   * an account may have, at some ten kilobytes; and half of the descriptors that the process may have at the most.
   */
  readonly connections: number;
  /** ISOLA_DRAIN: seconds that what was let in has to end after a SIGTERM. Container runtimes kill after thirty; the rest is for closing. */
  readonly drainSeconds: number;
  /** ISOLA_ASYNC_QUEUE: asynchronous events waiting on disk before another one is answered 429. Some 700 bytes of memory each. */
  readonly asyncQueue: number;
  /** ISOLA_SQS_MESSAGES: messages in all queues together before another one is refused (OverLimit). Some 250 bytes of memory each. */
  readonly sqsMessages: number;
  /** ISOLA_S3_WEBHOOK_TOKEN: what other stores' webhooks must show at /s3-webhook. Without it nobody's are taken, unless ISOLA_AUTH is off. */
  readonly s3WebhookToken: string | undefined;
  /** ISOLA_S3_GB: what all objects in our own buckets may weigh together, in gigabytes of 2^30 bytes. Room for work, and none to fill a disk by. */
  readonly s3Gb: number;
  /** ISOLA_ASYNC_RETRY_DELAYS: seconds before an event whose function failed is tried again, a first and a second time. Lambda's. */
  readonly asyncRetryDelays: readonly number[];
  /**
   * ISOLA_ISOLATES: memories of isolates kept in all threads together, the least recently used go first. Each reserves ten
   * gigabytes of address space and a few mappings: V8 has room for 13,000 on Node 20, and a third of that leaves enough for
   * those that wait for the collector.
   */
  readonly isolates: number;
  /** ISOLA_CACHE_MB: what compiled modules and images may weigh together; those that nobody uses go first. Hundreds of usual functions. */
  readonly cacheMb: number;
  /** ISOLA_SNAPSHOT: `auto` maps images copy-on-write where it can, `copy` never does. */
  readonly snapshot: 'auto' | 'copy';
  /**
   * ISOLA_CPU: `proportional` lets a function run for its part of a core, MemorySize over 1,769 MB, as Lambda does; its thread
   * sleeps the rest of the time. `shared` by default: it does so only while there are more guests than cores.
   */
  readonly cpu: 'shared' | 'proportional';
  /**
   * ISOLA_S3_ENDPOINT: base URL of the S3-compatible server that `S3Bucket` and `S3Key` of a function's code or a layer's content
   * are read from, path-style. Our own buckets by default: nothing is fetched from anywhere unasked.
   */
  readonly s3Endpoint: string | undefined;
  /** ISOLA_S3_REGION: which region those requests are signed for. */
  readonly s3Region: string;
  /** ISOLA_S3_ACCESS_KEY_ID and ISOLA_S3_SECRET_ACCESS_KEY; without them those requests are not signed. */
  readonly s3AccessKeyId: string | undefined;
  readonly s3SecretAccessKey: string | undefined;
  /**
   * ISOLA_PRIVATE_HOSTS: hosts that Isola itself may ask though they are not on the public Internet, each a name or an address
   * with `:PORT` or without: issuers of tokens, subscribers of topics. None by default, so that nobody reaches by us what is ours.
   */
  readonly privateHosts: readonly string[];
  /**
   * ISOLA_PRICES: what a million requests and a GB-second cost, and in which currency. Lambda's list prices by default: x86, us-east-1,
   * the first tier.
   */
  readonly prices: Prices;
  /**
   * ISOLA_SQS_ENDPOINT, ISOLA_KINESIS_ENDPOINT, ISOLA_DYNAMODB_STREAMS_ENDPOINT: base URLs of services from which event-source
   * mappings read queues that are not here, and streams. None by default: nothing is read from anywhere unasked.
   */
  readonly sqsEndpoint: string | undefined;
  readonly kinesisEndpoint: string | undefined;
  readonly dynamodbStreamsEndpoint: string | undefined;
  /**
   * ISOLA_SOURCES_ACCESS_KEY_ID and ISOLA_SOURCES_SECRET_ACCESS_KEY: what those requests are signed with. `isola` by default:
   * stand-ins for AWS take any key.
   */
  readonly sourcesAccessKeyId: string;
  readonly sourcesSecretAccessKey: string;
  /**
   * ISOLA_LOGS_MB: what all log groups may hold on disk together; of the one that has most the oldest lines go first. 0 keeps no
   * lines of functions. A gigabyte holds some six million invocations that say nothing themselves.
   */
  readonly logsMb: number;
  /**
   * ISOLA_ROUTES: a JSON file of HTTP APIs that are there from the start and that no operation changes. It is the operator's word:
   * its routes lead to functions whose policies need not allow it.
   */
  readonly routes: string | undefined;
  /** ISOLA_LOG: `text` for people, `json` for collectors, `off`. */
  readonly log: 'text' | 'json' | 'off';
  /** OTEL_*: where traces go. Nowhere by default. */
  readonly traces: TracesConfig | undefined;
}

const NAMES = [
  'ISOLA_HOST',
  'ISOLA_PORT',
  'ISOLA_PUBLIC_PORT',
  'ISOLA_DATA_DIR',
  'ISOLA_ROOT_ACCESS_KEY_ID',
  'ISOLA_ROOT_SECRET_ACCESS_KEY',
  'ISOLA_KEY',
  'ISOLA_PREVIOUS_KEY',
  'ISOLA_AUTH',
  'ISOLA_REGION',
  'ISOLA_ACCOUNT_ID',
  'ISOLA_PROCESSES',
  'ISOLA_THREADS',
  'ISOLA_CONCURRENCY',
  'ISOLA_WAITING',
  'ISOLA_QUEUE',
  'ISOLA_CONNECTIONS',
  'ISOLA_DRAIN',
  'ISOLA_ASYNC_QUEUE',
  'ISOLA_ASYNC_RETRY_DELAYS',
  'ISOLA_SQS_MESSAGES',
  'ISOLA_ISOLATES',
  'ISOLA_CACHE_MB',
  'ISOLA_SNAPSHOT',
  'ISOLA_CPU',
  'ISOLA_S3_GB',
  'ISOLA_S3_WEBHOOK_TOKEN',
  'ISOLA_S3_ENDPOINT',
  'ISOLA_S3_REGION',
  'ISOLA_S3_ACCESS_KEY_ID',
  'ISOLA_S3_SECRET_ACCESS_KEY',
  'ISOLA_PRIVATE_HOSTS',
  'ISOLA_PRICES',
  'ISOLA_SQS_ENDPOINT',
  'ISOLA_KINESIS_ENDPOINT',
  'ISOLA_DYNAMODB_STREAMS_ENDPOINT',
  'ISOLA_SOURCES_ACCESS_KEY_ID',
  'ISOLA_SOURCES_SECRET_ACCESS_KEY',
  'ISOLA_LOGS_MB',
  'ISOLA_ROUTES',
  'ISOLA_LOG',
] as const;
type Name = (typeof NAMES)[number];
type Settings = Readonly<Partial<Record<Name, string | undefined>>>;

/** Turns an environment record into a Config, or throws a ConfigError. An ISOLA_* name that nobody reads is a mistake. */
export function parseConfig(given: Env, machine: { readonly cores: number }): Config {
  for (const name of Object.keys(given)) {
    if (name.startsWith('ISOLA_') && !NAMES.includes(name as Name)) {
      throw new ConfigError(`${name} is not a setting of Isola. Settings are: ${NAMES.join(', ')}.`);
    }
  }
  const env: Settings = given;
  const config: Config = {
    host: text(env, 'ISOLA_HOST', '127.0.0.1'),
    port: integer(env, 'ISOLA_PORT', 8420, { min: 0, max: 65_535 }),
    publicPort: env.ISOLA_PUBLIC_PORT ? integer(env, 'ISOLA_PUBLIC_PORT', 0, { min: 0, max: 65_535 }) : undefined,
    dataDir: text(env, 'ISOLA_DATA_DIR', '.isola'),
    rootAccessKeyId: env.ISOLA_ROOT_ACCESS_KEY_ID || undefined,
    rootSecretAccessKey: env.ISOLA_ROOT_SECRET_ACCESS_KEY || undefined,
    key: key(env, 'ISOLA_KEY'),
    previousKey: key(env, 'ISOLA_PREVIOUS_KEY'),
    auth: choice(env, 'ISOLA_AUTH', ['on', 'off']),
    region: text(env, 'ISOLA_REGION', 'us-east-1', [/^[a-z]{2}(-[a-z]+)+-\d+$/, 'a region such as eu-west-1']),
    accountId: text(env, 'ISOLA_ACCOUNT_ID', '000000000000', [/^\d{12}$/, 'twelve digits']),
    processes: integer(env, 'ISOLA_PROCESSES', 1, { min: 1, max: 64 }),
    threads: integer(env, 'ISOLA_THREADS', Math.max(4, machine.cores), { min: 1, max: 256 }),
    concurrency: integer(env, 'ISOLA_CONCURRENCY', 1000, { min: 1, max: 1_000_000 }),
    waiting: integer(env, 'ISOLA_WAITING', 64, { min: 0, max: 1_024 }),
    queuePerFunction: integer(env, 'ISOLA_QUEUE', 1000, { min: 1, max: 1_000_000 }),
    connections: integer(env, 'ISOLA_CONNECTIONS', 10_000, { min: 1, max: 1_000_000 }),
    drainSeconds: integer(env, 'ISOLA_DRAIN', 25, { min: 0, max: 3_600 }),
    asyncQueue: integer(env, 'ISOLA_ASYNC_QUEUE', 100_000, { min: 1, max: 10_000_000 }),
    sqsMessages: integer(env, 'ISOLA_SQS_MESSAGES', 400_000, { min: 1, max: 10_000_000 }),
    asyncRetryDelays: text(env, 'ISOLA_ASYNC_RETRY_DELAYS', '60,120', [
      /^\d{1,5}(\.\d+)?,\d{1,5}(\.\d+)?$/,
      'two numbers of seconds such as 60,120',
    ])
      .split(',')
      .map(Number),
    isolates: integer(env, 'ISOLA_ISOLATES', 4_096, { min: 1, max: 10_000 }),
    cacheMb: integer(env, 'ISOLA_CACHE_MB', 1_024, { min: 1, max: 1_048_576 }),
    snapshot: choice(env, 'ISOLA_SNAPSHOT', ['auto', 'copy']),
    cpu: choice(env, 'ISOLA_CPU', ['shared', 'proportional']),
    s3Gb: integer(env, 'ISOLA_S3_GB', 20, { min: 1, max: 1_048_576 }),
    s3WebhookToken: env.ISOLA_S3_WEBHOOK_TOKEN || undefined,
    s3Endpoint: endpoint(env, 'ISOLA_S3_ENDPOINT'),
    s3Region: text(env, 'ISOLA_S3_REGION', 'us-east-1', [/^[a-z0-9-]{1,64}$/, 'a region such as eu-west-1']),
    s3AccessKeyId: env.ISOLA_S3_ACCESS_KEY_ID || undefined,
    s3SecretAccessKey: env.ISOLA_S3_SECRET_ACCESS_KEY || undefined,
    privateHosts: list(env, 'ISOLA_PRIVATE_HOSTS', [
      /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]+\])(?::\d{1,5})?$/,
      'a host such as 127.0.0.1:8080',
    ]),
    prices: prices(env),
    sqsEndpoint: endpoint(env, 'ISOLA_SQS_ENDPOINT'),
    kinesisEndpoint: endpoint(env, 'ISOLA_KINESIS_ENDPOINT'),
    dynamodbStreamsEndpoint: endpoint(env, 'ISOLA_DYNAMODB_STREAMS_ENDPOINT'),
    sourcesAccessKeyId: env.ISOLA_SOURCES_ACCESS_KEY_ID || 'isola',
    sourcesSecretAccessKey: env.ISOLA_SOURCES_SECRET_ACCESS_KEY || 'isola',
    logsMb: integer(env, 'ISOLA_LOGS_MB', 1_024, { min: 0, max: 1_048_576 }),
    routes: env.ISOLA_ROUTES || undefined,
    log: choice(env, 'ISOLA_LOG', ['text', 'json', 'off']),
    traces: parseTracesConfig(given),
  };
  if ((config.rootAccessKeyId === undefined) !== (config.rootSecretAccessKey === undefined)) {
    throw new ConfigError(
      'ISOLA_ROOT_ACCESS_KEY_ID and ISOLA_ROOT_SECRET_ACCESS_KEY go together: set both or neither.',
    );
  }
  if ((config.s3AccessKeyId === undefined) !== (config.s3SecretAccessKey === undefined)) {
    throw new ConfigError('ISOLA_S3_ACCESS_KEY_ID and ISOLA_S3_SECRET_ACCESS_KEY go together: set both or neither.');
  }
  if (!env.ISOLA_SOURCES_ACCESS_KEY_ID !== !env.ISOLA_SOURCES_SECRET_ACCESS_KEY) {
    throw new ConfigError(
      'ISOLA_SOURCES_ACCESS_KEY_ID and ISOLA_SOURCES_SECRET_ACCESS_KEY go together: set both or neither.',
    );
  }
  if (config.publicPort === config.port && config.port !== 0) {
    throw new ConfigError('ISOLA_PUBLIC_PORT is ISOLA_PORT: choose another, or leave it out to have one port for all.');
  }
  if (config.auth === 'off' && !isLoopback(config.host)) {
    throw new ConfigError(
      `ISOLA_AUTH=off is refused on ${config.host}: without signatures anyone who reaches it could run code. Use a loopback host, or leave ISOLA_AUTH on.`,
    );
  }
  return Object.freeze(config);
}

/** True for the hosts that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function prices(env: Settings): Prices {
  const number = '\\d{1,9}(?:\\.\\d{1,12})?';
  const value = text(env, 'ISOLA_PRICES', '0.20,0.0000166667,USD', [
    new RegExp(`^${number},${number}(?:,[A-Z]{3})?$`),
    'what a million requests and a GB-second cost, and the currency, such as 0.20,0.0000166667,USD',
  ]);
  const [perMillion, perGbSecond, currency = 'USD'] = value.split(',');
  return { perRequest: Number(perMillion) / 1e6, perGbSecond: Number(perGbSecond), currency };
}
