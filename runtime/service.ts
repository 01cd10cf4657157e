import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from './config.ts';
import type { ServeHostCall } from './contract/host-call.ts';
import type { Invoker } from './contract/invoker.ts';
import type { ObjectSource } from './contract/object-source.ts';
import type { Observer } from './contract/observer.ts';
import { loadRootKey, toCredentialsPath } from './gateway/auth/credentials.ts';
import { type Credential, createApps, createHttpServer, type GatewayDeps } from './gateway/index.ts';
import { createOperations } from './gateway/lambda-api/operations.ts';
import { DeferredIdentities } from './identity/index.ts';
import { createLogGrant, type LogGrant } from './identity/log-grant.ts';
import type { Pool } from './pool/index.ts';
import { keepRecentUse } from './recent-use.ts';
import { FunctionRegistry } from './registry/index.ts';
import { IMAGE_VERSION } from './snapshot/image-version.ts';
import {
  createObjectSource,
  FileBlobStore,
  lockDataDir,
  openCipher,
  openDatabase,
  SqliteEventQueue,
  SqliteRegistryStore,
  SqliteResourceStore,
  toMasterKeys,
} from './store/index.ts';
import { AsyncInvocations } from './triggers/async-invocations.ts';
import { REWRITER_VERSION } from './wasm/rewriter-version.ts';

export interface ServiceDeps {
  readonly config: Config;
  readonly dataDir: string;
  readonly pool: Pool;
  readonly observer: Observer;
  readonly invoke: Invoker;
  /** Limits how much of a function runs at a time; undefined lifts that. */
  readonly reserve: (functionArn: string, count: number | undefined) => void;
  readonly metrics: GatewayDeps['metrics'];
}

/** A function as a greeting names it. */
export interface DeployedFunction {
  readonly name: string;
  readonly hasUrl: boolean;
}

/** What faces the network and the disk: the gateway, the registry behind it, and the data directory. */
export interface Service {
  readonly registry: FunctionRegistry;
  /** What guests may ask for. */
  readonly hostCalls: ServeHostCall;
  readonly mayLog: LogGrant;
  /** Base URL of the API, without a trailing slash. */
  readonly url: string;
  /** Base URL of function URLs, without a trailing slash. */
  readonly publicUrl: string;
  readonly credentialsFile: string;
  /** Asynchronous events that wait or run, and the age of the oldest in milliseconds. */
  readonly asyncEvents: { readonly size: number; readonly age: number };
  /** The first functions of the configured account and region, by name. */
  functions(limit: number): Promise<readonly DeployedFunction[]>;
  /** Stops accepting; resolves when what was accepted is answered. */
  drain(): Promise<void>;
  /** Closes the data directory. */
  close(): Promise<void>;
}

/** Where packages are read from that requests only name; undefined when nowhere was configured. */
function toObjectSource(config: Config): ObjectSource | undefined {
  const { s3Endpoint, s3Region, s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = config;
  if (s3Endpoint === undefined) return undefined;
  const signed = accessKeyId !== undefined && secretAccessKey !== undefined;
  const credentials = signed ? { credentials: { accessKeyId, secretAccessKey } } : {};
  return createObjectSource({ endpoint: new URL(s3Endpoint), region: s3Region, ...credentials });
}

/** When functions that nobody has asked for yet are read, in milliseconds after the start: the first answer goes first. */
const OPENING_MS = 1_000;

/**
 * Opens the port first, so that one that is taken leaves nothing behind on disk, and answers what comes in as soon as the
 * data directory is open. What is opened here is closed again when it throws.
 */
export async function openService({
  config,
  dataDir,
  pool,
  observer,
  reserve,
  ...deps
}: ServiceDeps): Promise<Service> {
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    const server = createHttpServer();
    closers.push(() => server.close());
    const { url, port } = await server.listen(config.host, config.port);
    const publicServer = config.publicPort === undefined ? undefined : createHttpServer();
    closers.push(() => publicServer?.close());
    const separate = await publicServer?.listen(config.host, config.publicPort as number);
    const lock = await lockDataDir(dataDir);
    closers.push(() => lock.release());
    const rootKey = await loadRootKey(dataDir, config);
    const database = openDatabase(join(dataDir, 'isola.db'));
    closers.push(() => database.close());
    const cipher = openCipher(database, toMasterKeys(dataDir, config));
    const { accountId } = config;
    const resources = new SqliteResourceStore(database);
    const identities = new DeferredIdentities({
      store: resources,
      accountId,
      ...{ cipher, clock: Date.now },
    });
    const root: Credential = { ...rootKey, principal: { kind: 'root', accountId } };
    const registry = new FunctionRegistry({
      store: new SqliteRegistryStore(database, cipher),
      resources,
      blobs: new FileBlobStore(join(dataDir, 'blobs')),
      build: (module, options) => pool.build(module, options),
      rewriterVersion: `${REWRITER_VERSION} ${IMAGE_VERSION}`,
      clock: Date.now,
      draw: Math.random,
      observer,
      provisioner: {
        provision: (version, count) => pool.provision(version, count),
        provisioned: (revision) => pool.provisioned(revision),
        mostProvisioned: Math.floor(config.isolates / 2),
      },
      limiter: { accountLimit: config.concurrency, reserve },
      judge: identities,
      functionUrl: (urlId, region) => `http://${urlId}.lambda-url.${region}.localhost:${separate?.port ?? port}/`,
    });
    registry.onChange((version) => pool.forget(version.image));
    closers.push(() => registry.close());
    const recentUse = keepRecentUse(dataDir, registry, pool);
    closers.push(() => recentUse.close());
    const opening = setTimeout(() => {
      registry
        .open()
        .then(() => Promise.all([asyncInvocations.open(), recentUse.prepare()]))
        .catch((error: Error) => observer.noticed('error', `Opening the registry failed: ${error.message}`));
    }, OPENING_MS).unref();
    closers.push(() => clearTimeout(opening));

    const asyncInvocations = new AsyncInvocations({
      ...{ invoke: deps.invoke, observer, clock: Date.now },
      store: new SqliteEventQueue(database),
      targets: {
        ready: (scope, name) => registry.ready(scope, name),
        resolve: (scope, name, qualifier) => registry.resolve(scope, name, qualifier),
        handling: (scope, name, qualifier) => registry.eventInvoke.handling(scope, name, qualifier),
      },
      finished: async ({ functionName }, { ending }) => observer.asyncEventEnded(functionName, ending),
      pause: delay,
      mostEvents: config.asyncQueue,
      retryDelaysMs: config.asyncRetryDelays.map((seconds) => seconds * 1000),
    });
    closers.push(() => asyncInvocations.close());

    let guestCalls: Promise<ServeHostCall> | undefined;
    const openGuestCalls = async (): Promise<ServeHostCall> =>
      (await import('./guest-calls.ts')).createGuestCalls({
        ...{ database, registry, observer, invoke: deps.invoke, enqueue: asyncInvocations.enqueue },
        authorizer: identities,
      });
    const hostCalls: ServeHostCall = async (call) => {
      guestCalls ??= openGuestCalls();
      return (await guestCalls)(call);
    };

    let ready = true;
    const apps = createApps({
      ...{ config, registry, observer, ...deps },
      publicPort: separate?.port,
      enqueue: asyncInvocations.enqueue,
      operations: createOperations(registry, asyncInvocations.enqueue, toObjectSource(config)),
      credentials: (accessKeyId) => (accessKeyId === rootKey.accessKeyId ? root : identities.credential(accessKeyId)),
      authorizer: identities,
      identities: () => identities.get(),
      ready: () => ready,
      clock: Date.now,
    });
    server.serve(apps.api);
    publicServer?.serve(apps.public);
    return {
      ...{
        registry,
        hostCalls,
        url,
        publicUrl: separate?.url ?? url,
        close,
        asyncEvents: asyncInvocations,
        mayLog: createLogGrant(identities),
      },
      credentialsFile: toCredentialsPath(dataDir),
      functions: (limit) => registry.names(config, limit),
      async drain() {
        ready = false;
        await Promise.all([server.close(), publicServer?.close(), recentUse.close(), asyncInvocations.drain()]);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
