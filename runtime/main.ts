import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Config, parseConfig } from './config.ts';
import { Admission, createObserved } from './dispatch/index.ts';
import { loadRootKey, toCredentialsPath } from './gateway/auth/credentials.ts';
import { createGateway } from './gateway/index.ts';
import { accountOperations } from './gateway/lambda-api/account.ts';
import { aliasOperations } from './gateway/lambda-api/aliases.ts';
import { functionUrlOperations } from './gateway/lambda-api/function-url-configs.ts';
import { functionOperations } from './gateway/lambda-api/functions.ts';
import { packageOperations } from './gateway/lambda-api/package-download.ts';
import { tagOperations } from './gateway/lambda-api/tags.ts';
import { versionOperations } from './gateway/lambda-api/versions.ts';
import { Pool } from './pool/index.ts';
import { FunctionRegistry } from './registry/index.ts';
import { FileBlobStore, lockDataDir, openDatabase, SqliteRegistryStore } from './store/index.ts';
import { createTelemetry } from './telemetry/index.ts';
import { REWRITER_VERSION } from './wasm/index.ts';

/** A process that serves. */
export interface Running {
  /** Base URL of the Lambda API, without a trailing slash. */
  readonly url: string;
  /** Base URL of function URLs, without a trailing slash. */
  readonly publicUrl: string;
  readonly config: Config;
  readonly dataDir: string;
  readonly credentialsFile: string;
  /** Finishes what was let in, refuses the rest, and ends. */
  stop(): Promise<void>;
}

/** How long a stop waits for what was let in, in milliseconds: container runtimes kill after thirty seconds. */
const DRAIN_MS = 25_000;

/**
 * Starts Isola: HTTP request -> gateway -> observed -> admission -> pool -> isolate, and the way back.
 * Throws a ConfigError for a setting that cannot be used, and what the system says when the port is taken.
 */
export async function startIsola(env: Readonly<Record<string, string | undefined>> = process.env): Promise<Running> {
  const config = parseConfig(env, { cores: availableParallelism() });
  const dataDir = resolve(config.dataDir);
  const lock = await lockDataDir(dataDir);
  const rootKey = await loadRootKey(dataDir, config);

  const telemetry = createTelemetry({
    config,
    sink: process.stdout,
    live: {
      liveIsolates: () => pool.statistics.liveIsolates,
      liveThreads: () => pool.statistics.threads,
      concurrentExecutions: () => admission.running,
      queued: () => admission.queued,
    },
    clock: Date.now,
  });
  const { observer } = telemetry;
  const database = openDatabase(join(dataDir, 'isola.db'));
  const pool = new Pool({
    threads: config.threads,
    snapshot: config.snapshot,
    observer,
    load: (version) => registry.load(version),
  });
  const registry = new FunctionRegistry({
    draw: Math.random,
    store: new SqliteRegistryStore(database),
    blobs: new FileBlobStore(join(dataDir, 'blobs')),
    build: (module, options) => pool.build(module, options),
    rewriterVersion: REWRITER_VERSION,
    clock: Date.now,
    observer,
    functionUrl: (urlId, region) => `http://${urlId}.lambda-url.${region}.localhost:${port}/`,
  });
  registry.onChange((version) => pool.forget(version.image));
  const admission = new Admission(
    { capacity: () => pool.capacity, queuePerFunction: config.queuePerFunction },
    pool.invoke,
  );

  let port = config.port;
  let ready = false;
  const gateway = createGateway({
    config,
    registry,
    invoke: createObserved(observer, admission.invoke),
    operations: [
      ...functionOperations(registry),
      ...versionOperations(registry),
      ...aliasOperations(registry),
      ...functionUrlOperations(registry),
      ...tagOperations(registry),
      ...accountOperations(registry),
      ...packageOperations(registry),
    ],
    credentials: (accessKeyId) => (accessKeyId === rootKey.accessKeyId ? rootKey.secretAccessKey : undefined),
    metrics: telemetry.metrics,
    ready: () => ready,
    observer,
    clock: Date.now,
  });

  const end = async (): Promise<void> => {
    await pool.close();
    database.close();
    telemetry.flush();
    await lock.release();
  };
  try {
    await registry.open();
    const { url, port: chosen } = await gateway.listen(config.host, config.port);
    port = chosen;
    ready = true;
    return {
      ...{ url, publicUrl: url, config, dataDir, credentialsFile: toCredentialsPath(dataDir) },
      async stop() {
        ready = false;
        await Promise.race([gateway.close(), setTimeout(DRAIN_MS, undefined, { ref: false })]);
        admission.drain();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The same for a process of its own: an interrupt or a termination ends it in order, a second one at once. */
export async function serve(env: Readonly<Record<string, string | undefined>> = process.env): Promise<Running> {
  const running = await startIsola(env);
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    void running.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return running;
}
